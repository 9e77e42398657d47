"""The audit trail: a hash chain of entries on what was done as which identity; any change to it is detectable."""
