"""Whether somebody else may have written a file: settings say where a secret goes. ssh and git look at it like this."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from tui.airisk.errors import SettingsError

_COPY = "Start in another folder; or read it, copy it to a file of your own, and name that with --env-file."


def refuse_others(path: Path, found: os.stat_result, folder: os.stat_result) -> None:
    """Refuse a file that is another user's, or that others can write or replace.

    Args:
        path: where it is.
        found: what the system says of it, not of a link to it.
        folder: the same of the folder it is in.

    Raises:
        SettingsError: says why, and the way out.
    """
    if sys.platform == "win32":
        return
    if stat.S_ISLNK(found.st_mode):
        raise _refusal(path, "is a link to another file", "Name that file itself with --env-file.")
    if not _is_own(found):
        raise _refusal(path, f"belongs to {_name(found.st_uid)}", _COPY)
    if _others_can_write(found):
        raise _refusal(path, "can be written by others", f"Read it, then `chmod go-w {path}`.")
    if not _is_own(folder):
        raise _refusal(path, f"is in a folder of {_name(folder.st_uid)}", _COPY)
    # With the sticky bit, as in /tmp, others cannot replace what is not theirs.
    if _others_can_write(folder) and not folder.st_mode & stat.S_ISVTX:
        raise _refusal(
            path, "is in a folder that others can write", f"Read it, then `chmod go-w {path.absolute().parent}`."
        )


def _refusal(path: Path, why: str, advice: str) -> SettingsError:
    return SettingsError(f"{path} {why}, and could send your secret elsewhere: it is not read.", advice=advice)


def _is_own(found: os.stat_result) -> bool:
    return found.st_uid in {os.geteuid(), 0}


def _others_can_write(found: os.stat_result) -> bool:
    if found.st_mode & stat.S_IWGRP and not _is_own_group(found.st_gid):
        return True
    return bool(found.st_mode & stat.S_IWOTH)


def _is_own_group(number: int) -> bool:
    """Whether it is the group that many systems make for each person, with nobody else in it."""
    import grp  # noqa: PLC0415 - not on every platform, and seldom needed
    import pwd  # noqa: PLC0415

    with suppress(KeyError):
        group, person = grp.getgrgid(number), pwd.getpwuid(os.geteuid())
        return group.gr_name == person.pw_name and set(group.gr_mem) <= {person.pw_name}
    return False


def _name(number: int) -> str:
    import pwd  # noqa: PLC0415 - not on every platform, and seldom needed

    with suppress(KeyError):
        return f"the user {pwd.getpwuid(number).pw_name}"
    return f"user {number}"
