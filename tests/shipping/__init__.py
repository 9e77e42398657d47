"""The wheel: what it holds, and how it is installed, run and removed."""
