"""The user list: parsed as it arrives, stored as bytes, searched and sorted."""
