"""See the users of an AIRisk deployment, become one of them, look around as that user, and come back."""

__version__ = "0.1.0"
