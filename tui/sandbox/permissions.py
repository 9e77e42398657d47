"""Who may do what in the stand-in deployment, as data; a matrix of it can be compared cell for cell."""

# Endpoint → the roles that may call it. Every role may do something, so every user can be looked around as.
MAY_CALL: dict[str, frozenset[str]] = {
    "ListUsers": frozenset({"Admin", "Risk Manager", "Auditor", "Monitor", "User"}),
    "ListAgents": frozenset({"Admin", "Risk Manager", "Auditor", "Monitor", "User"}),
    "GetConversations": frozenset({"Admin", "Risk Manager", "Auditor", "User"}),
    "GetConversation": frozenset({"Admin", "Risk Manager", "Auditor", "User"}),
    "CreateConversation": frozenset({"Admin", "Risk Manager", "User"}),
    "AskAgent": frozenset({"Admin", "Risk Manager", "User"}),
    "AddFileToConversation": frozenset({"Admin", "Risk Manager"}),
    "SubmitFeedback": frozenset({"Admin", "Risk Manager", "User"}),
}

# These read anybody's conversation; all others only their own. Nobody writes into another's.
READS_EVERYONE = frozenset({"Admin", "Auditor"})

# An auditor's own list is the sample under audit: the conversations of this many first people.
AUDIT_SAMPLE = 5


def is_allowed(role: str, endpoint: str) -> bool:
    """Say whether a role may call an endpoint at all; raises KeyError for an endpoint without a rule."""
    return role in MAY_CALL[endpoint]
