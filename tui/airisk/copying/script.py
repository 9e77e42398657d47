"""A request as a script for Python and httpx."""

from __future__ import annotations

from collections.abc import Iterator

from tui.airisk.copying.shell import readable
from tui.airisk.http.request import refuse_unsendable_draft, sent_headers
from tui.airisk.models import ANONYMOUS, Draft, Identity, Upload
from tui.config.origin import Origin

_BEARER = """("Authorization", f"Bearer {os.environ['AIRISK_TOKEN']}"),"""


def as_python(draft: Draft, identity: Identity, origin: Origin) -> str:
    """A script (httpx 0.28) that sends this request; files are read from where it is run.

    Raises:
        Refused: the program itself would not send it.
    """
    refuse_unsendable_draft(draft)
    return "\n".join(
        [
            *_imports(draft, identity),
            "request = httpx.Request(",
            f"    {draft.method!r},",
            f"    httpx.URL({str(origin)!r}, raw_path={draft.target.encode('ascii')!r}),",
            "    headers=[",
            *(f"        ({name!r}, {_value(value)})," for name, value in sent_headers(draft)),
            *([f"        {_BEARER}"] if identity != ANONYMOUS else []),
            "    ],",
            *_content(draft),
            ")",
            "with httpx.Client(trust_env=False, timeout=60) as client:",
            "    answer = client.send(request)",
            "print(answer.status_code, answer.reason_phrase)",
            "print(answer.text)",
            "",
        ]
    )


def _imports(draft: Draft, identity: Identity) -> Iterator[str]:
    if identity != ANONYMOUS:
        yield "import os"
    if any(part.filename for part in draft.files):
        yield "from pathlib import Path"
    yield from ("", "import httpx", "")


def _content(draft: Draft) -> Iterator[str]:
    if draft.files:
        yield "    files=["
        yield from (f"        ({part.name!r}, {_part(part)})," for part in draft.files)
        yield "    ],"
    elif draft.body:
        yield f"    content={_literal(draft.body)},"


def _part(part: Upload) -> str:
    if not part.filename:
        return f"(None, {_literal(part.content)})"
    return f"({part.filename!r}, Path({part.filename!r}).read_bytes())"


def _value(value: str) -> str:
    """The text of a header: httpx takes it as ASCII, and bytes as they are."""
    return repr(value if value.isascii() else value.encode("latin-1"))


def _literal(content: bytes) -> str:
    text = readable(content)
    return repr(content) if content.isascii() or text is None else f"{text!r}.encode()"
