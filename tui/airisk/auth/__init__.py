"""Signing in: the OAuth flow, the tokens of each identity, and whose they are."""
