"""A field for a secret: shown as dots, and never given to the clipboard."""

from __future__ import annotations

from textual.widgets import Input


class SecretInput(Input):
    """Like a password field, from which nothing can be copied."""

    def __init__(self, *, id: str, value: str = "") -> None:  # noqa: A002 - Textual's name
        super().__init__(value, password=True, id=id, compact=True, placeholder="typed unseen")

    def action_copy(self) -> None:
        """Do nothing: Textual would send the plain text to the terminal's clipboard."""

    def action_cut(self) -> None:
        """Do nothing, for the same reason."""

    def __repr__(self) -> str:
        return f"SecretInput(id={self.id!r})"
