"""What was sent in this run can be seen and sent again, though its bodies are never stored."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.kit.remembering import AIRISK, bytes_on_disk, exchange
from tui.airisk.models import Exchange
from tui.history.entry import HistoryEntry
from tui.history.memory import RecentExchanges
from tui.history.store import History

BODY = b'{"title": "canary-7f3a91"}'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the history will be."""
    return tmp_path / "state" / "history.sqlite3"


async def test_a_body_of_this_run_is_there_and_never_on_the_disk(path: Path) -> None:
    sent = exchange("/api/Chat/CreateConversation", draft_method="POST", draft_body=BODY)
    async with History(path, recent=RecentExchanges()) as history:
        await history.add(sent, AIRISK)
        [past] = await history.search("", AIRISK, limit=10)
        assert (past.left_out, past.has_content) == ((), True)
        assert (await history.draft(past)).body == BODY
        assert history.recall(past) is sent
    assert b"canary" not in bytes_on_disk(path)
    async with History(path, recent=RecentExchanges()) as history:
        [past] = await history.search("", AIRISK, limit=10)
        assert (past.left_out, history.recall(past)) == (("body",), None)


async def test_a_body_with_a_secret_is_not_offered_again(path: Path) -> None:
    async with History(path, recent=RecentExchanges()) as history:
        await history.add(exchange(draft_method="POST", draft_body=b'{"password": "p"}'), AIRISK)
        [past] = await history.search("", AIRISK, limit=10)
        assert past.left_out == ("the body (it contained a secret)",)


async def test_the_number_of_another_file_is_not_taken_for_an_entry_of_this_one(path: Path) -> None:
    recent, other = RecentExchanges(), exchange(at=exchange().at + timedelta(seconds=1))
    async with History(path, recent=recent) as history:
        await history.add(exchange(draft_body=BODY), AIRISK)
        [past] = await history.search("", AIRISK, limit=10)
        recent.add(past.number, other)
        assert history.recall(past) is None


def test_the_oldest_are_dropped_when_there_are_too_many_bytes() -> None:
    recent, large = RecentExchanges(), b"x" * (40 * 1024 * 1024)
    first, second = exchange(body=large), exchange(body=large)
    recent.add(1, first)
    recent.add(2, second)
    assert [recent.of(_entry(number, each)) for number, each in ((1, first), (2, second))] == [None, second]


def _entry(number: int, sent: Exchange) -> HistoryEntry:
    return HistoryEntry(number, sent.at, sent.identity, replace(sent.draft), 200, "OK", 0.1, 1)
