"""Screens of the matrix: its plan, its run, the matrix itself and one cell."""
