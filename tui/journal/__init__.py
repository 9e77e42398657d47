"""What was done: the audit trail, to which lines are only ever added, and the request history."""
