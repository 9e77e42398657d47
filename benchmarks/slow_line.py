"""A slow line: 80 ms for each round trip, 2 Mbit/s in each direction; the program's requests beside the same by curl.

`python -m benchmarks.slow_line PORT` forwards to that port of loopback from one of its own, which it prints.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

from benchmarks.material import users_file
from benchmarks.measuring import Row, all_by_turns, beside, more_than
from benchmarks.peers import OURS, minimal, program
from benchmarks.server import SECRET, Served, served, serving
from benchmarks.terminal import Painted, painted, seconds_to_paint

ROUND_TRIP = 0.080
BYTES_PER_SECOND = 2_000_000 / 8
_USERS = 1000
_REDIRECT = "https://localhost/callback"
_AGENTS = "/api/Chat/ListAgents"


def on_slow_line(rounds: int) -> Iterator[Row]:
    """The first frame, the list, a switch and a request."""
    curl = str(program("curl"))
    few = min(rounds, 5)
    with served(users_file(_USERS)) as server, serving("benchmarks.slow_line", server.url.rpartition(":")[2]) as line:
        frame_peer, frame = all_by_turns(
            [
                lambda: seconds_to_paint(minimal(), "painted"),
                lambda: seconds_to_paint([OURS], "1 Users", line.settings),
            ],
            few,
        )
        asked = server.asked
        listing_peer, listing = all_by_turns(
            [
                lambda: _curled(curl, [*_sign_in(line), [f"{line.url}/api/ListUsers"]]),
                lambda: seconds_to_paint([OURS], f"─ {_USERS:,} users", line.settings),
            ],
            few,
        )
        requests = server.asked - asked
        with painted([OURS], line.settings) as ours:
            ours.wait_for(f"─ {_USERS:,} users")
            ours.quiet(0.5)
            # curl's start and connection are not counted: the program has started, and its connection is open.
            opened = _curled(curl, [[f"{line.url}/asked"]])
            acting_peer, acting = all_by_turns(
                [lambda: _curled(curl, _sign_in(line)) - opened + ROUND_TRIP, lambda: _acted(ours)], few
            )
            ours.seconds_to("2", "")
            ours.quiet(0.3)
            ours.seconds_to("\r", f"GET {_AGENTS}")
            sending_peer, sending = all_by_turns(
                [lambda: _curled(curl, [[f"{line.url}{_AGENTS}"]]) - opened + ROUND_TRIP, lambda: _sent(server, ours)],
                few,
            )
    yield beside("slow line: launch → first paint", "minimal Textual app", frame_peer, frame, 1.1)
    yield more_than(
        f"slow line: launch → {_USERS:,} users ({requests // (2 * (few + 1))} requests)",
        "first paint, then curl",
        frame + listing_peer,
        listing,
        0.1,
    )
    yield more_than("slow line: act as (two requests)", "curl", acting_peer, acting, 0.05)
    yield more_than("slow line: send → response painted", "curl", sending_peer, sending, 0.05)


def _sign_in(line: Served) -> list[list[str]]:
    """The two requests that get a token, as curl's arguments."""
    common = {"client_id": "bench", "redirect_uri": _REDIRECT}
    form = common | {"client_secret": SECRET, "code": "code-1", "grant_type": "authorization_code"}
    query = "&".join(f"{name}={value}" for name, value in common.items())
    body = "&".join(f"{name}={value}" for name, value in form.items())
    return [[f"{line.url}/api/oauth2?{query}"], ["--data", body.replace(" ", "%20"), f"{line.url}/api/oauth2/Token"]]


def _curled(curl: str, requests: Sequence[Sequence[str]]) -> float:
    """Seconds for requests one after the other on one connection."""
    arguments: list[str] = []
    for request in requests:
        arguments += [*(["--next"] if arguments else []), "--silent", "--output", "/dev/null", *request]
    started = time.perf_counter()
    subprocess.run([curl, *arguments], check=True)
    return time.perf_counter() - started


def _acted(ours: Painted) -> float:
    """Stop acting, go to the next user, and act as that one."""
    ours.type("x")
    ours.quiet(0.3)
    ours.type("j")
    ours.quiet(0.3)
    return ours.seconds_to("\r", "ACTING AS")


def _sent(server: Served, ours: Painted) -> float:
    seconds = ours.seconds_to("\x1b[15~", f"answer-{server.asked + 1}")
    ours.quiet(0.3)
    return seconds


class Line:
    """Forwards connections. Each is opened a round trip after it was asked for; what is sent earlier waits."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry both directions until one end closes."""
        opened = time.perf_counter() + ROUND_TRIP
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
        both = self._carry(reader, far_writer, opened), self._carry(far_reader, writer, opened)
        await asyncio.gather(*both, return_exceptions=True)  # An end may be gone before the rest reaches it.
        for each in (writer, far_writer):
            each.close()

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, opened: float) -> None:
        """Send each piece half a round trip after the line has had the time to take it."""
        arriving: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def deliver() -> None:
            while True:
                due, piece = await arriving.get()
                await asyncio.sleep(due - time.perf_counter())
                if not piece:
                    target.write_eof()
                    return
                target.write(piece)
                await target.drain()

        async with asyncio.TaskGroup() as group:
            group.create_task(deliver())
            is_free_at = opened
            piece = b"all"
            while piece:
                piece = await source.read(4096)
                is_free_at = max(is_free_at, time.perf_counter()) + len(piece) / BYTES_PER_SECOND
                arriving.put_nowait((is_free_at + ROUND_TRIP / 2, piece))


async def _forward(port: int) -> None:
    server = await asyncio.start_server(Line(port).connect, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_forward(int(sys.argv[1])))
