"""Whatever is pasted becomes one request to this deployment, or is refused; what was copied here is read back."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.kit.drafting import DRAFTS
from tests.kit.overhearing import Ear, overhearing, send, understood
from tui.airisk.curl.export import as_curl
from tui.airisk.curl.parse import ImportedRequest, read_curl
from tui.airisk.http.request import OWN_VALUES, refuse_unsendable_draft, written_in_form
from tui.airisk.identity import APPLICATION
from tui.airisk.models import Draft, Upload
from tui.config.origin import Origin
from tui.errors import RequestRejectedError

ORIGIN = Origin("https", "demo.aicrisk.com")
CANARY = "eyJc4nary.c4nary"
BOUNDED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def ear() -> Iterator[Ear]:
    with overhearing() as listening:
        yield listening


# What was copied here


@settings(BOUNDED, max_examples=300)
@given(DRAFTS)
def test_what_was_copied_here_is_read_back(draft: Draft) -> None:
    try:
        command = as_curl(draft, APPLICATION, ORIGIN)
    except RequestRejectedError:
        return
    with TemporaryDirectory() as place, contextlib.chdir(place):
        for file in draft.files:
            if file.filename:
                Path(file.filename).write_bytes(file.content)
        again = read_curl(command, ORIGIN).draft
    assert (again.method, again.target, again.body) == (draft.method, draft.target, draft.body)
    assert again.query == draft.query or "?" in draft.path
    assert again.headers == tuple(
        header for name, value in draft.headers if (header := (name, value.strip(" \t"))) not in OWN_VALUES
    )
    assert list(map(parts, again.files)) == list(map(parts, draft.files))


def parts(file: Upload) -> tuple[str, str, bytes]:
    return written_in_form(file.name), written_in_form(file.filename), file.content


def test_a_form_is_read_back_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path('q"u\\o.pdf').write_bytes(b"%PDF")
    files = (Upload('q"u\\o.pdf', 'q"u\\o.pdf', b"%PDF"), Upload("title", "", b"@x;type=y"))
    draft = Draft("POST", "/api/x", (("a", "b c"),), (("X-One", "ü"),), files=files)
    pasted = read_curl(as_curl(draft, APPLICATION, ORIGIN), ORIGIN)
    assert pasted.draft == draft
    assert pasted.notes[-1] == 'q"u\\o.pdf was read from this machine: 4 bytes.'


# Whatever is pasted


OPTIONS = [
    "-H",
    "-d",
    "-F",
    "-X",
    "-G",
    "-I",
    "-u",
    "-b",
    "--url",
    "--json",
    "--request-target",
    "-k",
    "|",
    ";",
    "\\\n",
]
ADDRESSES = [
    "HERE/api",
    "HERE//evil.example/",
    "https://evil.example/",
    "HERE@evil.example/",
    "HERE/a/../b",
    "HERE?a={b}",
]
SECRETS = [f"'Authorization: Bearer {CANARY}'", f"--oauth2-bearer {CANARY}", f"-HAuthorization:{CANARY}"]
SMUGGLED = [
    "'Host: evil.example'",
    "$'X: a\\r\\nHost: evil.example'",
    "$'GET / HTTP/1.1\\r\\nHost: evil.example\\r\\n\\r\\n'",
    "a=b;filename=c\r\nX: y",
    "/\\evil.example/",
]
OTHERS = ["'X-One: é'", '"X: `id`"', "Cookie:a=b", "a=b", "@-", "POST", "'", '"', '^"', "^\n", "$"]
PIECES = st.sampled_from([*OPTIONS, *ADDRESSES, *SECRETS, *SMUGGLED, *OTHERS]) | st.text(
    "-^'\"\\$ aH:=@{[/?#\r\n\0é\ud800", max_size=8
)


VALUES = st.tuples(st.sampled_from(["-H", "-d", "-F", "--json", "-u", "-b"]), PIECES).map(" ".join)
COMMANDS = st.lists(PIECES | VALUES, max_size=6) | st.lists(VALUES, max_size=4).map(
    lambda pieces: ["HERE/api", *pieces]
)


def read_or_refused(text: str, origin: Origin) -> ImportedRequest | RequestRejectedError:
    try:
        return read_curl(text, origin)
    except RequestRejectedError as refusal:
        return refusal


@settings(BOUNDED, max_examples=300)
@given(COMMANDS)
@example(
    ["HERE/api", "-H", f"'Authorization: Bearer {CANARY}'", "-d", "$'GET / HTTP/1.1\\r\\nHost: evil.example\\r\\n'"]
)
def test_whatever_is_pasted_is_one_request_to_this_deployment_or_none(ear: Ear, pieces: list[str]) -> None:
    text = " ".join(["curl", *pieces]).replace("HERE", str(ear.origin))
    pasted = read_or_refused(text, ear.origin)
    if isinstance(pasted, RequestRejectedError):
        assert CANARY not in f"{pasted.message} {pasted.advice}"
        return
    assert CANARY not in "".join(pasted.notes)
    refuse_unsendable_draft(pasted.draft)
    asyncio.run(send(pasted.draft, ear.origin, has_token=False))
    heard = understood(ear.last())
    assert heard.line.decode() == f"{pasted.draft.method} {pasted.draft.target} HTTP/1.1"
    names = [name.lower() for name, _ in heard.headers.elements()]
    assert heard.headers[b"Host", ear.origin.name.encode()] == names.count(b"host") == 1
    assert not {b"authorization", b"cookie"} & set(names)
