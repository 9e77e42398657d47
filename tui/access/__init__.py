"""The access matrix: send the same requests as many identities and compare the responses."""
