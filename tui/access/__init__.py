"""The same requests as many identities: who can reach what, and how answers differ."""
