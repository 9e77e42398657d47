"""The chosen theme, stored for every deployment."""

from __future__ import annotations

from contextlib import suppress

import msgspec

from tui.config.paths import appearance_file
from tui.decoding import decode_json
from tui.errors import WorkspaceError
from tui.files import make_private_directory, read_bounded, write_atomic

_LARGEST = 64 * 1024


class _File(msgspec.Struct, frozen=True):
    theme: str = ""


def theme() -> str:
    """Return the name of the stored theme; empty if there is none or it is unreadable. Blocks."""
    with suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
        return decode_json(read_bounded(appearance_file(), _LARGEST), _File).theme
    return ""


def keep_theme(name: str) -> None:
    """Store a theme. Blocks.

    Raises:
        WorkspaceError: it cannot be written.
    """
    path = appearance_file()
    try:
        make_private_directory(path.parent)
        write_atomic(path, msgspec.json.encode(_File(name)))
    except OSError as error:
        raise WorkspaceError(f"The theme cannot be saved: {error.strerror or error}.") from None
