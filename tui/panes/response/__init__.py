"""A response: how it went, and its body to read."""
