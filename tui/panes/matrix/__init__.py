"""The access matrix on the screen: identities down, endpoints across, a letter in each cell."""

from tui.panes.matrix.pane import MatrixPane
from tui.panes.matrix.picture import Picture, pictured

__all__ = ["MatrixPane", "Picture", "pictured"]
