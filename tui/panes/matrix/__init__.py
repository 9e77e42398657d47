"""The access matrix on the screen: identities down, endpoints across, a letter in each cell."""

from tui.panes.matrix.pane import MatrixPane

__all__ = ["MatrixPane"]
