"""Sign-in: the OAuth flow, the token of each identity, and checks of whose token it is."""
