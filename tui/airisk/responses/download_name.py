"""What an answer is called when it is saved."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from email.message import Message
from urllib.parse import unquote

from tui.airisk.models import Exchange

_LONGEST = 120
_WIDE = re.compile(r"(?:^|;)\s*filename\*\s*=\s*([\w-]+)'[^']*'([^;\s]+)", re.IGNORECASE)
_SUFFIXES = {
    "application/json": ".json",
    "application/problem+json": ".json",
    "text/html": ".html",
    "text/csv": ".csv",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
}


def name_to_save(exchange: Exchange) -> str:
    """Return the name that the answer proposes for a file, without its directories, or one after its path."""
    if name := _cleaned(_proposed(exchange.header("content-disposition"))):
        return name
    step = exchange.draft.path.partition("?")[0].rstrip("/").rpartition("/")[2]
    stem = re.sub(r"[^A-Za-z0-9_.-]+", "-", step).strip("-.") or "answer"
    return f"{stem}{_SUFFIXES.get(exchange.content_type, '.bin')}"


def _proposed(disposition: str) -> str:
    """The file's name in a Content-Disposition (RFC 6266): the one in any language before the plain one."""
    if wide := _WIDE.search(disposition):
        with suppress(LookupError, UnicodeError):
            return unquote(wide[2], wide[1], "strict")
    message = Message()
    message["Content-Disposition"] = re.sub(r"[\r\n]", " ", disposition)
    name = message.get_filename() or ""
    with suppress(UnicodeError):
        return name.encode("latin-1").decode()
    return name


def _cleaned(name: str) -> str:
    """The name as one step of a path, which neither hides a file nor means a home directory."""
    step = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(each if unicodedata.category(each)[0] in "LNM" or each in " ._()-+,=@[]" else "-" for each in step)
    stem, dot, suffix = kept.strip(" -.").rpartition(".")
    return f"{stem[: max(0, _LONGEST - len(suffix))]}{dot}{suffix[:_LONGEST]}"
