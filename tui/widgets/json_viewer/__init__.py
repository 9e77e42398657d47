"""Viewer for JSON and text of any length. Only the visible lines are drawn."""
