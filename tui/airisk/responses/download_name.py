"""Propose a file name for a response."""

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
    """Return the file name that the response proposes, without directories, or one based on its path."""
    if name := _cleaned(_proposed(exchange.header("content-disposition"))):
        return name
    step = exchange.draft.path.partition("?")[0].rstrip("/").rpartition("/")[2]
    stem = re.sub(r"[^A-Za-z0-9_.-]+", "-", step).strip("-.") or "response"
    return f"{stem}{_SUFFIXES.get(exchange.content_type, '.bin')}"


def _proposed(disposition: str) -> str:
    """Return the file name in a Content-Disposition (RFC 6266). `filename*` takes precedence over `filename`."""
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
    """Return the name as a single path component, never a hidden file or a home directory."""
    step = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(each if unicodedata.category(each)[0] in "LNM" or each in " ._()-+,=@[]" else "-" for each in step)
    stem, dot, suffix = kept.strip(" -.").rpartition(".")
    return f"{stem[: max(0, _LONGEST - len(suffix))]}{dot}{suffix[:_LONGEST]}"
