"""A request as a command line of curl."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.airisk.copying.shell import is_argument, printed, word
from tui.airisk.errors import Refused
from tui.airisk.http.request import file_type, has_content_type, refuse_unsendable_draft, sent_headers, written_in_form
from tui.airisk.models import ANONYMOUS, Draft, Identity, Upload
from tui.config.origin import Origin

_LENGTH_IS_SENT = frozenset({"PATCH", "POST", "PUT"})
"""Methods that announce even an empty body."""

_BEARER = '-H "Authorization: Bearer $AIRISK_TOKEN"'


def as_curl(draft: Draft, identity: Identity, origin: Origin) -> str:
    """A curl command (7.81 or newer) that sends this request; files are read from where it is run.

    Raises:
        Refused: the program itself would not send it, or curl cannot.
    """
    refuse_unsendable_draft(draft)
    url = word(f"{origin}{draft.target}")
    lines = [
        " ".join(["curl", *_manner(draft, origin), url]),
        *(_header(name, value) for name, value in sent_headers(draft)),
        *([_BEARER] if identity != ANONYMOUS else []),
        *(_form(draft) if draft.files else _data(draft)),
    ]
    is_fed = not draft.files and not is_argument(draft.body)
    return (f"{printed(draft.body)} | " if is_fed else "") + " \\\n  ".join(lines)


def _manner(draft: Draft, origin: Origin) -> Iterator[str]:
    """How curl is to ask: only what it would do otherwise by itself."""
    if origin.scheme == "https":
        yield "--http1.1"
    if re.search(r"[\[\]{}]", f"{origin}{draft.target}"):
        yield "--globoff"
    if draft.target.endswith("?"):  # curl leaves out an empty query
        yield f"--request-target {word(draft.target)}"
    if draft.method == "HEAD" and not _has_content(draft):
        yield "--head"
    elif draft.method != ("POST" if _has_content(draft) else "GET"):
        yield f"--request {draft.method}"


def _has_content(draft: Draft) -> bool:
    return bool(draft.files or draft.body) or draft.method in _LENGTH_IS_SENT


def _header(name: str, value: str) -> str:
    line = f"{name}: {value}" if value else f"{name};"
    return "-H " + word(line.encode("latin-1"))


def _data(draft: Draft) -> Iterator[str]:
    if not _has_content(draft):
        return
    if not has_content_type(draft):
        yield "-H Content-Type:"
    yield "-H Expect:"
    yield "--data-raw " + word(draft.body) if is_argument(draft.body) else "--data-binary @-"


def _form(draft: Draft) -> Iterator[str]:
    if has_content_type(draft):
        raise Refused("curl writes the Content-Type of a form itself.", advice="Leave it out, or copy it as Python.")
    yield "-H Expect:"
    yield from map(_part, draft.files)


def _part(part: Upload) -> str:
    name = written_in_form(part.name)
    if not name or "=" in name:
        raise Refused("curl cannot send a part of that name.", advice="Copy it as Python.")
    if not part.filename:
        return "--form-string " + word(f"{name}=".encode() + part.content)
    path = "./-" if part.filename == "-" else part.filename
    told = f"filename={_quoted(written_in_form(part.filename))};type={file_type(part.filename)}"
    return "-F " + word(f"{name}=@{_quoted(path)};{told}")


def _quoted(text: str) -> str:
    """The text between the quotes that the values of -F can have."""
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
