"""Panes of the screens. No pane knows about another."""
