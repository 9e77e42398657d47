"""Table whose cost depends only on the visible rows, not on the number of rows."""
