"""What can keep the record from being written or read."""

from tui.airisk.errors import AIRiskError


class AuditError(AIRiskError):
    """The audit trail could not be written or read: what it was to hold is not on disk."""
