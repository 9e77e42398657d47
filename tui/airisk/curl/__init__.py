"""curl commands, parsed and written."""
