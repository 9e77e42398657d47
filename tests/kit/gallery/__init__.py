"""Walks through the program that come to every screen and state of it, for whoever takes pictures of them."""
