"""What counts towards the time-out, and what does not."""

import asyncio
from contextlib import suppress
from dataclasses import replace

from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.narrow import narrow_line
from tests.service.airisk.asking import question, wire_to
from tui.airisk.incoming import Incoming
from tui.airisk.origin import parse_origin
from tui.airisk.outgoing import Request

TIME_OUT = 2.0
A_SECOND = 4_000_000
"""Bytes that the line takes in one."""


async def test_a_file_may_take_longer_to_go_out_than_an_answer_may() -> None:
    upload = Request("POST", "/api/file", files=(("file", "large.bin", b"x" * (3 * A_SECOND)),))
    with BrokenServer("bom_body") as server, narrow_line(server, rate=A_SECOND) as line:
        async with wire_to(server, timeout=TIME_OUT, origin=parse_origin(line.url)) as wire:
            assert (await wire.ask(upload)).status == 200


async def test_what_is_done_with_a_long_list_does_not_count() -> None:
    async def take(incoming: Incoming) -> int:
        size = 0
        async for chunk in incoming.chunks:
            size += len(chunk)
            with suppress(TimeoutError):
                async with asyncio.timeout(1.0):  # longer than an answer may take
                    await asyncio.Event().wait()
        return size

    with BrokenServer("bom_body") as server:
        async with wire_to(server) as wire:
            assert (await wire.ask(question(), take=take)).size > 0


async def test_the_progress_is_told_of_a_question_that_met_a_dropped_connection() -> None:
    told: list[tuple[int, int]] = []
    watched = replace(question(), progress=lambda sent, size: told.append((sent, size)))
    with BrokenServer("drops_second_request") as server:
        async with wire_to(server) as wire:
            await wire.ask(watched)
            assert (await wire.ask(watched)).status == 200
    assert told[-1] == (0, 0)
