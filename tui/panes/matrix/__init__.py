"""Matrix pane: identities as rows, endpoints as columns, a letter in each cell."""
