"""What comes back: pages, event streams, an agent's reply, differences."""
