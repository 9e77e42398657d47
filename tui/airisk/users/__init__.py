"""The user list: parsed while it arrives, kept as bytes, searched and sorted."""
