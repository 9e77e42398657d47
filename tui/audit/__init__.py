"""The audit trail: what was done in whose name, in a chain of entries that shows any change."""
