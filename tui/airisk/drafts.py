"""What a draft will be on the wire, for those who write it down without sending it."""

from __future__ import annotations

import mimetypes
import re

from tui.airisk.models import Draft, Headers
from tui.airisk.outgoing import Request, refuse_unsendable

OWN_VALUES: Headers = (
    ("Accept", "application/json"),
    ("Accept-Encoding", "identity"),
    ("User-Agent", "airisk-tui"),
)
"""What the wire says where the draft says nothing else."""


def refuse_unsendable_draft(draft: Draft) -> None:
    """Refuse by name what the wire would refuse.

    Raises:
        Refused: it could leave the origin, or smuggle a header or another request.
    """
    refuse_unsendable(Request.of(draft))


def sent_headers(draft: Draft) -> Headers:
    """Every header that the wire sends, but for Host, Content-Length, the token, and the boundary of a form."""
    given = tuple((name, value.strip(" \t")) for name, value in draft.headers)
    replaced = {name.lower() for name, _ in given}
    return tuple(own for own in OWN_VALUES if own[0].lower() not in replaced) + given


def has_content_type(draft: Draft) -> bool:
    """Whether the draft itself says what its body is."""
    return any(name.lower() == "content-type" for name, _ in draft.headers)


def file_type(filename: str) -> str:
    """The media type that the part of a form gets from its file's name."""
    return mimetypes.guess_type(filename)[0] or "application/octet-stream"


def written_in_form(name: str) -> str:
    """A name as the wire writes it into the head of a form's part."""
    told = name.replace("\\", r"\\").replace('"', "%22")
    return re.sub(r"[\0-\x1a\x1c-\x1f]", lambda control: f"%{ord(control[0]):02X}", told)
