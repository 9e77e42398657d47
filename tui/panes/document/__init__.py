"""Where answers are read: text of any length, of which only the lines on the screen are ever drawn."""

from tui.panes.document.content import Lines
from tui.panes.document.view import DocumentView, Raw
from tui.panes.document.widget import Document

__all__ = ["Document", "DocumentView", "Lines", "Raw"]
