"""The history of requests: stored across restarts, searchable, resendable."""
