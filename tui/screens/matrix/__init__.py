"""The matrix: its plan, its run, the matrix itself, one cell of it."""
