"""Widgets shared by panes and screens, independent of the data they show."""
