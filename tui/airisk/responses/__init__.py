"""Responses: pages, event streams, an agent's reply, differences."""
