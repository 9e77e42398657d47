"""Screens, one per module: each holds state and starts work. Panes get attributes and send messages."""
