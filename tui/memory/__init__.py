"""What the program remembers of a deployment between runs: how its endpoints are used, and a description of them."""

from tui.memory.deployment import Memory
from tui.memory.habits import Habits

__all__ = ["Habits", "Memory"]
