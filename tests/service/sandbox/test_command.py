"""`airisk-tui sandbox`, as the person who types it sees it."""

import os
import re
import shlex
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dotenv import dotenv_values

from tests.service.sandbox.visitor import Visitor
from tui.sandbox import Options, Sandbox
from tui.sandbox.faults import FAULTS

_COMMAND = (sys.executable, "-m", "tui", "sandbox")
_SECRET = "it's a \\ secret # of $mine"


@contextmanager
def _running(runtime: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Start the command; give it and what it printed until the line that ends the settings."""
    environment = os.environ | {"XDG_RUNTIME_DIR": str(runtime), "CLIENT_SECRET": _SECRET}
    command = [*_COMMAND, *arguments]
    with subprocess.Popen(
        command, text=True, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        try:
            yield process, [process.stdout.readline() for _ in range(5)]
        finally:
            process.kill()


def _ended(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str, str]:
    process.send_signal(number)
    out, err = process.communicate(timeout=10)
    return process.returncode, out, err


def test_it_prints_what_reaches_it_but_not_the_secret_and_says_how_to_go_on(tmp_path):
    with _running(tmp_path, "--user-count", "20") as (process, lines):
        printed = "".join(lines)
        assert re.fullmatch(
            r"AIRISK_URL=http://127\.0\.0\.1:\d+\nCLIENT_ID=airisk-tui-sandbox\n"
            r"REDIRECT_URI=https://localhost/callback\nUSER_ID=u-\d{6}\n# airisk-tui --env-file \S+\n",
            printed,
        )
        path = Path(shlex.split(lines[-1], comments=False)[-1])
        assert path.is_relative_to(tmp_path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        settings = dotenv_values(path, interpolate=False)
        assert settings["CLIENT_SECRET"] == _SECRET
        options = Options(users=20, client_secret=settings["CLIENT_SECRET"])
        with Visitor(str(settings["AIRISK_URL"]), options) as visitor:
            assert len(visitor.users()) == 20
            assert visitor.token(settings["USER_ID"])
        code, out, err = _ended(process, signal.SIGINT)
        assert (code, out, err) == (0, "", "")
        assert _SECRET not in printed
    assert list(tmp_path.iterdir()) == [], "the file and its directory are gone"


@pytest.mark.parametrize(("number", "expected"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_other_signals_end_it_as_cleanly(tmp_path, number, expected):
    with _running(tmp_path) as (process, _):
        assert _ended(process, number) == (expected, "", "")
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_ones_own_choice_is_written_over_only_if_it_is_a_sandboxs(tmp_path):
    chosen = tmp_path / "my sandbox.env"
    with _running(tmp_path, "--write-env", str(chosen)) as (process, lines):
        assert lines[-1] == f"# airisk-tui --env-file '{chosen}'\n"
        left_behind = chosen.read_text()
        _ended(process, signal.SIGINT)
    assert not chosen.exists()
    chosen.write_text(left_behind)
    chosen.chmod(0o644)
    with _running(tmp_path, "--write-env", str(chosen)) as (process, _):
        assert stat.S_IMODE(chosen.stat().st_mode) == 0o600
        assert chosen.read_text() != left_behind
        _ended(process, signal.SIGINT)


@pytest.mark.parametrize("made", ["file", "link", "directory", "missing directory"])
def test_nothing_else_is_ever_written_over(place, tmp_path, made):
    mine, chosen = tmp_path / "mine", tmp_path / "chosen.env"
    mine.write_text("CLIENT_SECRET=mine\n")
    match made:
        case "file":
            chosen.write_text("CLIENT_SECRET=mine\n")
        case "link":
            chosen.symlink_to(mine)
        case "directory":
            chosen.mkdir()
        case _:
            chosen = tmp_path / "none" / "chosen.env"
    answer = place.run("sandbox", "--write-env", str(chosen))
    assert (answer.code, answer.text) == (2, "")
    assert answer.err.startswith(f"airisk-tui: {chosen}")
    assert answer.err.count("\n") == 1
    assert mine.read_text() == "CLIENT_SECRET=mine\n"


def test_a_port_in_use_is_one_clear_line(place):
    with Sandbox(Options()) as first:
        port = first.url.rpartition(":")[2]
        answer = place.run("sandbox", "--port", port)
    assert (answer.code, answer.text) == (2, "")
    assert answer.err == f"airisk-tui: Cannot listen on port {port}: Address already in use.\n"


@pytest.mark.parametrize(
    "wrong",
    [
        ("--user-count", "0"),
        ("--user-count", "1000001"),
        ("--user-count", "many"),
        ("--port", "65536"),
        ("--latency", "-1"),
        ("--fault", "flu"),
        ("--fault", "flaky=2"),
        ("--tokens", "paper"),
        ("--list-path", "none"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_starts(place, wrong):
    answer = place.run("sandbox", *wrong)
    assert (answer.code, answer.text) == (2, "")
    assert answer.err.startswith(f"airisk-tui: {wrong[0]}")


@pytest.mark.parametrize("asked", [("--fault", "help"), ("--help",)])
def test_the_faults_are_listed_on_request(place, asked):
    answer = place.run("sandbox", *asked)
    assert answer.code == 0
    assert all(fault.name in answer.text and fault.does in answer.text for fault in FAULTS)


def test_every_choice_reaches_the_sandbox(tmp_path):
    choices = (
        "--seed 4 --user-count 30 --latency 1 --tokens opaque --token-seconds 60 --require-generic-bearer "
        "--list-path short --fault state-missing --fault token-past"
    )
    with _running(tmp_path, *choices.split()) as (process, lines):
        url = lines[0].strip().partition("=")[2]
        options = Options(users=30, seed=4, client_secret=_SECRET)
        with Visitor(url, options) as visitor:
            assert visitor.authorize("u-000000").status_code == 401
            assert "state" not in visitor.authorize(state="x").headers["location"]
            answer = visitor.exchange(visitor.code()).json()
            assert "." not in answer["access_token"]
            assert len(visitor.users()) == 30
            assert visitor.get("/api/Users/ListUsers").status_code == 404
        assert lines[3] == f"USER_ID={options.user_id}\n"
        _ended(process, signal.SIGINT)
