"""Files of this machine that are to be sent."""

from __future__ import annotations

from pathlib import Path

from tui.airisk.errors import Refused
from tui.airisk.models import Upload


def read_upload(path: str, name: str = "") -> Upload:
    """Read a regular file; its part of the form is called `name`, or else after the file, as AIRisk wants it.

    Raises:
        Refused: it is not a regular file, or cannot be read.
    """
    file = Path(path).expanduser()
    try:
        if not file.is_file():
            raise Refused(f"{path} is not a file.", advice="Give the path of a file on this machine.")
        return Upload(name or file.name, file.name, file.read_bytes())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise Refused(f"{path} cannot be read: {reason}.", advice="Check the path, and who may read it.") from None
