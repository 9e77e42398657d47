"""From the launch to the first frame, to the first user, to all users; and from the key that quits to the prompt."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.material import users_file
from benchmarks.measuring import Row, all_by_turns, at_most, beside, not_run, slow_pairs
from benchmarks.peers import HERE, OURS, NotThereError, installed, minimal
from benchmarks.server import Served, served
from benchmarks.terminal import Painted, painted, seconds_to_paint

UNREACHABLE = {"AIRISK_URL": "http://127.0.0.1:9", "CLIENT_ID": "bench", "CLIENT_SECRET": "none"}
_MANY = 100_000
_PEERS = {"posting": "Send", "harlequin": "Run Query"}
"""Words of their first frames."""


@contextmanager
def listed(number: int, large: Path | None = None) -> Iterator[tuple[Served, Painted]]:
    """A server with that many users, and the program that lists them."""
    with served(users_file(number), large) as server, painted([OURS], server.settings) as program:
        program.wait_for(f"─ {number:,} users")
        program.quiet(0.5)
        yield server, program


def first_paint(rounds: int) -> Iterator[Row]:
    """The program on a deployment that does not answer."""
    what = "launch → first paint"
    actions = [lambda: seconds_to_paint(minimal(), "painted"), lambda: seconds_to_paint([OURS], "1 Users", UNREACHABLE)]
    peer, ours = all_by_turns(actions, max(rounds, 15))
    yield beside(what, "minimal Textual app", peer, ours, 1.10)
    for name, words in _PEERS.items():
        try:
            command = [installed(name) / name]
        except NotThereError as error:
            yield not_run(what, name, "≤ 0.3 ×", str(error))
            continue
        peer, ours = all_by_turns([lambda c=command, w=words: seconds_to_paint(c, w), actions[1]], 3)  # type: ignore[misc]
        yield beside(what, name, peer, ours, 0.30)


def picker(rounds: int) -> Iterator[Row]:
    """Two deployments are saved, and none is named: until both can be picked."""
    with TemporaryDirectory() as home:
        saved = Path(home) / "airisk-tui"
        saved.mkdir(mode=0o700)
        for name in ("first", "second"):
            path = saved / f"{name}.env"
            path.write_text(f"AIRISK_URL=https://{name}.example\nCLIENT_ID=bench\n")
            path.chmod(0o600)
        actions = [
            lambda: seconds_to_paint(minimal(), "painted"),
            lambda: seconds_to_paint([OURS], "second.example", {"XDG_CONFIG_HOME": home}),
        ]
        peer, ours = all_by_turns(actions, max(rounds, 9))
    yield beside("launch → deployments to pick from", "minimal Textual app", peer, ours, 1.8)


def loading(rounds: int) -> Iterator[Row]:
    """100,000 users, to the first and to the last."""
    with served(users_file(_MANY)) as server:
        settings = server.settings
        first, last = "u-000000", f"─ {_MANY:,} users"
        minimal_s, first_s, last_s = all_by_turns(
            [
                lambda: seconds_to_paint(minimal(), "painted"),
                lambda: seconds_to_paint([OURS], first, settings),
                lambda: seconds_to_paint([OURS], last, settings),
            ],
            rounds,
        )
        yield beside("launch → first of 100,000 users", "minimal Textual app", minimal_s, first_s, 1.35)
        yield beside("launch → all 100,000 loaded", "minimal Textual app", minimal_s, last_s, 2.0)
        yield _beside_naive(settings, last)


def _beside_naive(settings: Mapping[str, str], last: str) -> Row:
    what, peer = "launch → all 100,000 loaded", "httpx, pydantic, stock DataTable"
    try:
        command = [
            installed("naive") / "python",
            HERE / "naive.py",
        ]
    except NotThereError as error:
        return not_run(what, peer, "≤ 1/30", str(error))
    naive, ours = slow_pairs(
        lambda: seconds_to_paint(command, "loaded", settings), lambda: seconds_to_paint([OURS], last, settings)
    )
    return beside(what, peer, naive, ours, 1 / 30)


def memory(rounds: int) -> Iterator[Row]:
    """The whole program with its list."""
    del rounds
    for number, most in ((_MANY, 120), (10 * _MANY, 450)):
        with served(users_file(number)) as server, painted([OURS], server.settings) as program:
            program.wait_for(f"─ {number:,} users")
            program.quiet(0.5)
            yield at_most(f"{number:,} users in memory, whole program", program.memory(), most, "MiB")


def quitting(rounds: int) -> Iterator[Row]:
    """Ctrl+Q, until the process has ended."""

    def quit_minimal() -> float:
        with painted(minimal()) as program:
            program.wait_for("painted")
            program.quiet(0.2)
            return program_ended(program)

    with served(users_file(1000)) as server:

        def quit_ours() -> float:
            with painted([OURS], server.settings) as program:
                program.wait_for("─ 1,000 users")
                program.quiet(0.3)
                return program_ended(program)

        peer, ours = all_by_turns([quit_minimal, quit_ours], rounds)
    yield beside("quit: key → prompt back", "minimal Textual app", peer, ours, 1.1)


def program_ended(program: Painted) -> float:
    """Seconds from Ctrl+Q to the end."""
    at = program.type("\x11")
    return program.ended() - at


def idle(rounds: int) -> Iterator[Row]:
    """Nothing is done while a user is acted as, and the countdown runs."""
    del rounds
    with listed(1000) as (_, program):
        program.seconds_to("\r", "ACTING AS")
        program.quiet(2)
        before, started = program.processor_seconds(), time.perf_counter()
        time.sleep(20)
        share = 100 * (program.processor_seconds() - before) / (time.perf_counter() - started)
    yield at_most("idle, acting as a user, countdown on", share, 0.5, "% of a core")
