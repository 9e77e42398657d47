"""Response pane: a summary and the body."""
