"""A terminal app for AIRisk admins: list users, act as one, and explore what they can reach."""

__version__ = "0.1.0"
