"""The access matrix on the screen: identities down, endpoints across, a letter in each cell."""
