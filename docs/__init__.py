"""What the documentation is made from, and its pictures."""
