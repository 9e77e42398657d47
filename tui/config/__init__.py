"""The person's settings and files: deployments, keyring, preferences, workspaces."""
