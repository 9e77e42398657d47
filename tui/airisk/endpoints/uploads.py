"""Files of this machine to send."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui.airisk.models import Upload
from tui.errors import RequestRejectedError
from tui.files import read_bounded

LARGEST = 512 * 1024 * 1024
"""Bytes of a file to send, all of which is held in memory."""


def read_upload(path: str, name: str = "") -> Upload:
    """Read a regular file. Its form part is called `name`, or by default after the file, as AIRisk requires.

    Raises:
        RequestRejectedError: it is not a regular file, or cannot be read.
    """
    with _translate_errors(path):
        file = _regular(path)
        try:
            return Upload(name or file.name, file.name, read_bounded(file, LARGEST))
        except OSError as error:
            if error.errno != errno.EFBIG:
                raise
            raise RequestRejectedError(
                f"{path} is larger than {LARGEST // 1_000_000} MB, the largest size that can be sent."
            ) from None


def size_of_upload(path: str) -> int:
    """Return the size of a file in bytes.

    Raises:
        RequestRejectedError: it is not a regular file, or inaccessible.
    """
    with _translate_errors(path):
        return _regular(path).stat().st_size


def _regular(path: str) -> Path:
    file = Path(path).expanduser()
    if not file.is_file():
        raise RequestRejectedError(f"{path} is not a file.", advice="Give the path of a file on this machine.")
    return file


@contextmanager
def _translate_errors(path: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "invalid path"
        raise RequestRejectedError(
            f"{path} cannot be read: {reason}.", advice="Check the path and its permissions."
        ) from None
