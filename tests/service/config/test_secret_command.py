"""The command of a password manager prints the secret; what goes wrong is reported without its output."""

import asyncio
import fcntl
import shlex
import sys
from pathlib import Path

import pytest

from tests.kit.leaks import told_by
from tests.kit.patience import ENOUGH, comes_true
from tui.background import run_in_thread
from tui.config.secret_command import run_secret_command
from tui.errors import SettingsError

CANARY = "k-secret-0815"


def python(program: str) -> tuple[str, ...]:
    return (sys.executable, "-c", program)


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\nlogin: ada\nurl: https://x\n"])
async def test_the_first_line_is_the_secret_as_it_was_printed(end: str) -> None:
    text = f" {CANARY} $HOME 'ü #1% "
    secret = await run_secret_command(python(f"import sys; sys.stdout.buffer.write({(text + end).encode()!r})"))
    assert secret.reveal() == text


async def test_nothing_is_expanded_and_nothing_of_the_terminal_or_the_secrets_is_handed_over(monkeypatch) -> None:
    monkeypatch.setenv("AIRISK_HEADER_X_KEY", CANARY)
    monkeypatch.setenv("CLIENT_SECRET", CANARY)
    program = "import os, sys; print(sys.argv[1], sys.stdin.read(), [v for k, v in os.environ.items() if k[0] in 'AC'])"
    secret = await run_secret_command((*python(program), "$(id); *"))
    assert secret.reveal().startswith("$(id); *  [")
    assert CANARY not in secret.reveal()


FAILURES = {
    "a missing program": (("no-such-program-at-all", CANARY), "was not found: no-such-program-at-all", ""),
    "a directory": (("/",), "cannot be run", ""),
    "one that fails": (python(f"print('{CANARY}'); raise SystemExit(3)"), "exited with 3", "in a terminal"),
    "nothing": (python(""), "printed no secret in its first line", "in a terminal"),
    "blanks": (python("print('  ')"), "printed no secret in its first line", "in a terminal"),
    "bytes": (python(f"import os; os.write(1, b'{CANARY}' + bytes([255]))"), "is not UTF-8 text", "in a terminal"),
    "an escape": (python(f"print('{CANARY}' + chr(27))"), "an invisible character", "plain text"),
    "far too much": (python(f"while True: print('{CANARY}' * 1000)"), "more than 64 kB", "the secret only"),
}


@pytest.mark.parametrize(("command", "words", "advice"), FAILURES.values(), ids=FAILURES)
async def test_what_is_wrong_is_named_and_the_output_is_not(command, words: str, advice: str) -> None:
    with pytest.raises(SettingsError, match=f"CLIENT_SECRET_COMMAND.*{words}") as failed:
        await run_secret_command(command)
    assert failed.value.advice
    assert advice in failed.value.advice
    assert CANARY not in told_by(failed.value)


@pytest.fixture
def locks(tmp_path: Path) -> str:
    """A program that locks a file and waits: the system unlocks it when the program ends."""
    return (
        f"import fcntl, time\nfile = open({str(tmp_path / 'lock')!r}, 'w')\nfcntl.flock(file, fcntl.LOCK_EX)\n"
        f"open({str(tmp_path / 'alive')!r}, 'w').close()\ntime.sleep(600)"
    )


async def is_ended(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as file:
        await run_in_thread(fcntl.flock, file, fcntl.LOCK_EX, deadline=ENOUGH)


async def test_one_that_waits_for_ever_is_ended_with_all_that_it_started(tmp_path: Path, locks: str) -> None:
    command = ("/bin/sh", "-c", f"{shlex.join(python(locks))} & echo {CANARY}; wait")
    with pytest.raises(SettingsError, match="did not finish within 2 s") as failed:
        await run_secret_command(command, deadline=2)
    assert "Unlock the password manager" in failed.value.advice
    assert CANARY not in told_by(failed.value)
    await is_ended(tmp_path)


async def test_one_that_is_canceled_is_ended(tmp_path: Path, locks: str) -> None:
    running = asyncio.create_task(run_secret_command(python(locks)))
    await comes_true((tmp_path / "alive").exists, "the command to run")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await is_ended(tmp_path)
