"""A table whose cost follows what is on the screen: as quick at a million rows as at ten."""
