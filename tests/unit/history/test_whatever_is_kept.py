"""History and audit trail as other versions of the program, other programs and bad disks leave them."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.kit.remembering import AIRISK, exchange
from tests.kit.shaking import unless_refused
from tests.kit.trails import an_entry
from tui.audit.log import AuditLog
from tui.audit.verify import verify
from tui.errors import AuditError, HistoryError
from tui.history.database import HistoryFile
from tui.history.store import History

COLUMNS = ["kind", "user_id", "name", "subject_check", "method", "path", "status", "reason", "milliseconds", "bytes"]
CODED = ["at", "query", "headers", "left_out", "content"]
"""Columns that hold more than they show."""

UNREADABLE = "Entry 1 of the history cannot be read.", "Another program may have written it."
ANYTHING = (
    st.text(st.characters(blacklist_categories=["Cs"]), max_size=8)
    | st.binary(max_size=8)
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.sampled_from(["[" * 100_000, "[1]", '[["a"]]', '{"ab": 1}', "2025-01-01", b"\x92\xc4", b"\xff"])
)

few = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
async def history_path(tmp_path):
    path = tmp_path / "state" / "history.sqlite3"
    async with History(path, keep_bodies=True) as history:
        await history.add(exchange(draft_method="POST", draft_body=b'{"a": 1}'), AIRISK)
    return path


@given(st.sampled_from([*COLUMNS, *CODED]), ANYTHING)
@few
@example("content", b"\x92")
@example("status", float("inf"))
@example("query", "[" * 100_000)
@example("name", b"Grace")
@example("kind", "somebody")
def test_an_entry_with_anything_in_a_column_is_read_as_it_stands_there_or_named(history_path, column, value):
    with closing(sqlite3.connect(history_path, isolation_level=None)) as connection:
        before = connection.execute(f"SELECT {column} FROM exchanges").fetchone()[0]
        connection.execute(f"UPDATE exchanges SET {column} = ?", (value,))
        *stands_there, took, size = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM exchanges").fetchone()
        seconds = took / 1000 if isinstance(took, int | float) else took
        try:
            assert read_from(history_path) in ((*stands_there, seconds, size), UNREADABLE)
        finally:
            connection.execute(f"UPDATE exchanges SET {column} = ?", (before,))


def read_from(path):
    """What the history says of its entry, column by column; or what it says where it cannot read it."""
    with closing(HistoryFile(path, most=10)) as file:
        try:
            (past,) = file.search("", AIRISK, 10, 0, None)
            draft = file.draft(past)
        except HistoryError as refusal:
            return refusal.message, refusal.advice
        identity = past.identity
        told = [identity.kind, identity.id, identity.name, identity.subject_check, draft.method, draft.path]
        return (*told, past.status, past.reason, past.seconds, past.size)


@given(st.binary(max_size=210), st.booleans())
@few
@example(b'{"sequence": 9, "later": ' + b"[" * 190, True)
@example(b'{"sequence": -5, "finished": -1, "size": -7}', True)
@example(b'{"sequence": 3, "size": -7}', True)
@example(b'{"sequence": 18446744073709551615}', False)
@example(b'{"sequence": 99999999999999999999}', False)
def test_whatever_stands_in_the_head_the_next_entry_is_written_or_it_is_said_why(path, content, is_padded):
    trail = AuditLog(path)
    trail.write(an_entry("before"))
    trail.files.head.write_bytes(content.ljust(200) if is_padded else content)
    unless_refused(lambda: trail.write(an_entry("after")), AuditError)
    assert verify(path).entries <= 2
    for file in path.parent.glob("audit*"):
        file.unlink()
