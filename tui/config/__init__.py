"""The user's settings and files: deployments, keyring, preferences, workspaces."""
