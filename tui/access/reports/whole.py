"""The report that holds all that is known: the document itself."""

from tui.access.document import encode

__all__ = ["encode"]
