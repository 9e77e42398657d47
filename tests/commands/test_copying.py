"""A request that was copied and is run elsewhere is, byte for byte, the request that the program sends."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings

from tests.kit.drafting import DRAFTS
from tests.kit.machine import needs
from tests.kit.overhearing import TOKEN, Ear, Heard, overhearing, send, understood
from tests.kit.patience import PATIENCE
from tui.airisk.curl.export import as_command, as_curl, as_python
from tui.airisk.curl.parse import read_curl
from tui.airisk.identity import ANONYMOUS, APPLICATION, Identity
from tui.airisk.models import Draft, Upload, User
from tui.config.origin import Origin
from tui.errors import RequestRejectedError

ADA = Identity.of(User("u-1", "Ada"))
ORIGIN = Origin("https", "demo.aicrisk.com")
BOUNDED = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def ear() -> Iterator[Ear]:
    with overhearing() as listening:
        yield listening


@pytest.fixture
def curl() -> None:
    needs("curl")


def sent(draft: Draft, ear: Ear, *, has_token: bool = True) -> Heard:
    """What the program sends."""
    asyncio.run(send(draft, ear.origin, has_token=has_token))
    return understood(ear.last())


def run(interpreter: str, script: str, ear: Ear, draft: Draft, **environment: str) -> Heard:
    """What a script sends that is run beside the draft's files, and nothing else of this machine."""
    # In a folder of its own: Python finds modules in that of its script before its own.
    with tempfile.TemporaryDirectory() as place, tempfile.TemporaryDirectory() as apart:
        pasted = Path(apart) / "pasted"
        pasted.write_text(script, encoding="utf-8")
        for file in draft.files:
            if file.filename:
                (Path(place) / file.filename).write_bytes(file.content)
        done = subprocess.run(
            [interpreter, pasted],
            cwd=place,
            env={"PATH": os.environ["PATH"], "HOME": place, "LANG": "C.UTF-8", **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return understood(ear.last())


def copied(copy: Callable[[], str]) -> str:
    """What is copied; a draft that cannot be is not looked at."""
    try:
        return copy()
    except RequestRejectedError:
        assume(False)
        raise


@settings(BOUNDED, max_examples=60)
@given(DRAFTS)
@example(Draft("GET", "/?"))
@example(Draft("POST", "/a[1]?x=[y]", body=b"!'$`\\\n"))
@example(Draft("HEAD", "/a"))
@example(Draft("POST", "/a", files=(Upload("a", "", b"\x07\n\n"),)))
@example(Draft("DELETE", "/a"))
@example(Draft("PUT", "/a"))
@example(Draft("GET", "/a", body=b"x"))
def test_curl_sends_the_same(ear: Ear, curl: None, draft: Draft) -> None:
    command = copied(lambda: as_curl(draft, ADA, ear.origin))
    assert run("sh", command, ear, draft, AIRISK_TOKEN=TOKEN) == sent(draft, ear)


@settings(BOUNDED, max_examples=15)
@given(DRAFTS)
def test_curl_sends_the_same_from_bash(ear: Ear, curl: None, draft: Draft) -> None:
    command = copied(lambda: as_curl(draft, ANONYMOUS, ear.origin))
    assert run("bash", command, ear, draft) == sent(draft, ear, has_token=False)


@settings(BOUNDED, max_examples=6)
@given(DRAFTS)
def test_the_script_sends_the_same(ear: Ear, draft: Draft) -> None:
    script = copied(lambda: as_python(draft, APPLICATION, ear.origin))
    assert run(sys.executable, script, ear, draft, AIRISK_TOKEN=TOKEN) == sent(draft, ear)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A directory in which this program is a command."""
    command = tmp_path_factory.mktemp("bin") / "airisk-tui"
    command.write_text(f'#!/bin/sh\nPYTHONPATH={Path(__file__).parents[2]} exec {sys.executable} -m tui "$@"\n')
    command.chmod(0o755)
    return str(command.parent)


@settings(BOUNDED, max_examples=6)
@given(DRAFTS)
@example(Draft("POST", "/a", headers=(("Content-Type", "x"), ("-d", "x")), body=b"-d=@x"))
@example(Draft("POST", "/a", (("-q", "="),), (("Content-Type", "x"),), b"@file"))
def test_our_own_command_sends_the_same(ear: Ear, program: str, draft: Draft) -> None:
    command = copied(lambda: as_command(draft, ANONYMOUS))
    told = {"AIRISK_URL": str(ear.origin), "CLIENT_ID": "client", "CLIENT_SECRET": "a secret"}
    told["PATH"] = f"{program}:{os.environ['PATH']}"
    assert run("sh", command, ear, draft, **told) == sent(draft, ear, has_token=False)


# Each copy as a person sees it


def test_a_token_is_a_variable_and_nobody_has_none() -> None:
    draft = Draft("GET", "/api/ListUsers")
    for identity in (ADA, APPLICATION):
        assert '-H "Authorization: Bearer $AIRISK_TOKEN"' in as_curl(draft, identity, ORIGIN)
        assert "os.environ['AIRISK_TOKEN']" in as_python(draft, identity, ORIGIN)
    for copy in (as_curl, as_python):
        assert "TOKEN" not in copy(draft, ANONYMOUS, ORIGIN)


def test_a_header_of_the_settings_is_a_variable_unless_the_request_has_its_own(ear: Ear, curl: None) -> None:
    always, value = ("X-Api-Key", "X-Tenant"), "the gateway's key"
    draft, environment = Draft("GET", "/a", headers=(("x-tenant", "own"),)), {"AIRISK_HEADER_X_API_KEY": value}
    expected = sent(Draft("GET", "/a", headers=(("X-Api-Key", value), *draft.headers)), ear, has_token=False)
    command, script = (copy(draft, ANONYMOUS, ear.origin, always) for copy in (as_curl, as_python))
    assert run("sh", command, ear, draft, **environment) == expected
    assert run(sys.executable, script, ear, draft, **environment) == expected
    assert read_curl(command, ear.origin).draft == draft


def test_curl_as_it_reads() -> None:
    draft = Draft(
        "POST", "/api/Chat/AskAgent", (("a", "1 2"),), (("Content-Type", "application/json"),), b'{"a": "\xc3\xbc"}'
    )
    assert as_curl(draft, ADA, ORIGIN).split(" \\\n  ") == [
        "curl --http1.1 'https://demo.aicrisk.com/api/Chat/AskAgent?a=1%202'",
        "-H 'Accept: application/json, */*;q=0.1'",
        "-H 'Accept-Encoding: identity'",
        "-H 'User-Agent: airisk-tui'",
        "-H 'Content-Type: application/json'",
        '-H "Authorization: Bearer $AIRISK_TOKEN"',
        "-H Expect:",
        '--data-raw \'{"a": "ü"}\'',
    ]


def test_a_file_is_named_where_it_will_be_read() -> None:
    draft = Draft("POST", "/api/x", files=(Upload("report.pdf", "report.pdf", b"%PDF"),))
    assert '-F \'report.pdf=@"report.pdf";filename="report.pdf";type=application/pdf\'' in as_curl(draft, ADA, ORIGIN)
    assert "Path('report.pdf').read_bytes()" in as_python(draft, ADA, ORIGIN)
    assert as_command(draft, ADA) == "airisk-tui request POST /api/x --as u-1 \\\n  -F report.pdf=@report.pdf"


IDENTITIES = {
    "--as u-1": ADA,
    "--as application": APPLICATION,
    "--as anonymous": ANONYMOUS,
    "--as 'u 1;id'": Identity("user", "u 1;id"),
    "--as=-u": Identity("user", "-u"),
}


@pytest.mark.parametrize(("words", "identity"), IDENTITIES.items())
def test_our_own_command_names_the_identity(words: str, identity: Identity) -> None:
    assert as_command(Draft("GET", "/a"), identity) == f"airisk-tui request GET /a {words}"


def test_what_a_person_cannot_see_is_not_on_the_clipboard() -> None:
    hidden = "a\u202eb\x1b]52;c;aGk\x07\u200b\rc\x9b"
    files = (Upload(hidden, f"{hidden}.pdf", b""),)
    header = (("X-One", "a\x85\xadb"), ("Content-Type", "x"))
    for draft in (Draft("POST", "/a", ((hidden, hidden),), header, hidden.encode()), Draft("POST", "/a", files=files)):
        copies = as_curl(draft, ADA, ORIGIN), as_python(draft, ADA, ORIGIN), as_command(draft, ADA)
        assert all(character == "\n" or character.isprintable() for copy in copies for character in copy)


def test_a_large_body_is_no_argument(ear: Ear, curl: None) -> None:
    draft = Draft("POST", "/a", headers=(("Content-Type", "x"),), body=b"x'!" * 100_000)
    assert run("sh", as_curl(draft, ANONYMOUS, ear.origin), ear, draft) == sent(draft, ear, has_token=False)
    assert as_command(draft, ANONYMOUS).endswith("-d @-")
