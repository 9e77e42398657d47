"""Pictures of every screen and state, to be looked at: `make gallery`."""
