"""What AIRisk answered: its status in words, in whose name it was asked, and the body to read."""

from tui.panes.answer.pane import AnswerPane
from tui.panes.answer.reading import Reading, read_body

__all__ = ["AnswerPane", "Reading", "read_body"]
