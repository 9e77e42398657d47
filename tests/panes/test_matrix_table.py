"""A matrix of thousands is looked at while it comes: only what looks different is drawn anew."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult

from tests.kit.contrast import READABLE, colours, contrast
from tests.kit.patience import comes_true
from tui.access.evaluation import Expectations
from tui.access.live_matrix import LiveMatrix
from tui.access.model import Cell, Column, Row, Verdict
from tui.access.policy import Policy
from tui.access.runner import Progress
from tui.app.themes import DARK, STYLES
from tui.background import run_now
from tui.panes.matrix.pane import MatrixPane
from tui.panes.matrix.rows import ORDERS
from tui.panes.matrix.table import MatrixTable, TableRows

COLUMNS = [Column(f"GET /api/{name}", name) for name in ("agents", "chats")]


class Stage(App[None]):
    """The pane alone."""

    CSS_PATH = STYLES

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.theme = DARK.name

    def compose(self) -> ComposeResult:
        yield MatrixPane()

    @property
    def text(self) -> str:
        return "\n".join(strip.text for strip in self.screen._compositor.render_strips())


def told(row: Row, place: int, verdict: Verdict) -> Cell:
    status = 200 if verdict is Verdict.ALLOWED else 403
    return Cell(
        identity=row.id, endpoint=COLUMNS[place].name, status=status, verdict=verdict, expected=None, reason="so"
    )


def begun(size: int) -> LiveMatrix:
    """Three users who are unlike, and all the others, who were not asked."""
    rows = [Row(f"u-{number}", name=f"Person {number}", role="User") for number in range(size)]
    board = LiveMatrix(rows, COLUMNS, Expectations())
    for row in rows[:3]:
        board.on_cell(told(row, 0, Verdict.ALLOWED))
    board.on_cell(told(rows[1], 1, Verdict.DENIED))
    board.on_cell(told(rows[2], 1, Verdict.ALLOWED))
    run_now(board.flush())
    return board


@pytest.mark.parametrize("size", [20, 10_000])
async def test_one_more_cell_draws_the_lines_that_it_changes_however_many_rows_there_are(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = begun(size)
    rows = board.rows[:3]
    drawn: list[int] = []
    whole = TableRows.cells

    def noted(self: TableRows, index: int):
        drawn.append(index)
        return whole(self, index)

    monkeypatch.setattr(TableRows, "cells", noted)
    async with Stage().run_test(size=(100, 30)) as pilot:
        app, pane = pilot.app, pilot.app.query_one(MatrixPane)
        assert isinstance(app, Stage)
        pane.show(board)
        await pilot.pause()
        assert f"{size - 3:,} users like Person 3" in app.text
        assert len(drawn) >= 4
        drawn.clear()
        board.on_cell(told(rows[1], 1, Verdict.ALLOWED))
        board.on_cell(told(rows[0], 1, Verdict.DENIED))
        run_now(board.flush())
        pane.show(board)
        await pilot.pause()
        assert len(set(drawn)) <= 3
        line = next(line for line in app.text.splitlines() if "Person 0" in line)
        assert "A" in line.split("u-0")[1]
        assert "D" in line.split("u-0")[1]


async def test_a_line_shows_what_its_cell_says_now_where_no_line_comes_or_goes() -> None:
    board = begun(20)
    board.on_cell(told(board.rows[2], 1, Verdict.INCONCLUSIVE))
    run_now(board.flush())
    async with Stage().run_test(size=(100, 30)) as pilot:
        app, pane = pilot.app, pilot.app.query_one(MatrixPane)
        assert isinstance(app, Stage)
        pane.show(board)
        for _ in range(list(ORDERS).index("name")):
            pane.action_sort()
        await pilot.pause()
        assert marks_of(app, "Person 1") == ["A", "D"]
        board.on_cell(told(board.rows[1], 1, Verdict.ALLOWED))
        run_now(board.flush())
        pane.show(board)
        await comes_true(lambda: marks_of(app, "Person 1") == ["A", "A"], "the mark", seen=lambda: app.text)


async def test_the_cursor_goes_with_its_user_into_another_group_and_never_to_a_heading() -> None:
    rows = [Row(f"u-{number}", name=f"Person {number}", role=("Admin", "User")[number > 3]) for number in range(6)]
    board = LiveMatrix(rows, COLUMNS, Expectations())
    for row in rows:
        board.on_cell(told(row, 0, Verdict.ALLOWED if row in rows[:2] else Verdict.DENIED))
    run_now(board.flush())
    async with Stage().run_test(size=(100, 30)) as pilot:
        app, pane = pilot.app, pilot.app.query_one(MatrixPane)
        assert isinstance(app, Stage)
        pane.show(board)
        await pilot.press("down")
        assert spoken_for(pane) == {"u-2", "u-3"}
        for row in rows[2:4]:
            board.on_cell(told(row, 0, Verdict.ALLOWED))
        run_now(board.flush())
        pane.show(board)
        await comes_true(lambda: spoken_for(pane) == {"u-0", "u-1", "u-2", "u-3"}, "the group", seen=lambda: app.text)


async def test_a_headline_without_room_ends_in_an_ellipsis_and_is_whole_again_in_a_larger_window() -> None:
    async with Stage().run_test(size=(50, 30)) as pilot:
        app, pane = pilot.app, pilot.app.query_one(MatrixPane)
        assert isinstance(app, Stage)
        pane.show(begun(5))
        for width, end in ((50, "they should."), (30, "…"), (200, "they should.")):
            await pilot.resize_terminal(width, 30)
            await comes_true(lambda: headline(pane).endswith(end), end, seen=lambda: app.text, meanwhile=pilot.pause)  # noqa: B023


def headline(pane: MatrixPane) -> str:
    """What is drawn above the matrix."""
    place = pane.query_one("#matrix-words").region
    lines = [strip.text[place.x : place.right] for strip in pane.screen._compositor.render_strips()]
    return " ".join(line.strip() for line in lines[place.y : place.bottom])


def spoken_for(pane: MatrixPane) -> set[str]:
    """Whom a key acts on."""
    return {row.id for row in pane.spot.rows} if pane.spot else set()


def marks_of(app: Stage, name: str) -> list[str]:
    """The marks on the line of somebody, as they are drawn."""
    (line,) = (line for line in app.text.splitlines() if f" {name} " in line)
    return line.strip("│ ").split()[-2:]


FIVE = [
    Column("GET /api/Chat/ListAgents", "List agents"),
    Column("GET /api/Chat/ListConversations", "List conversations"),
    Column("GET /api/ListUsers", "List users"),
    Column("GET /api/Users/ListUsers", "List users"),
    Column("GET /api/GetConversations"),
]


@pytest.mark.parametrize(
    ("width", "height", "columns", "words"),
    [
        (
            200,
            30,
            [Column("GET /api/agents"), Column("GET /api/Items/{agentidentifier}")],
            "/Items /agents /{agentidentifier}",
        ),
        (120, 40, FIVE, "/Users List List List /List /Get agents conversations users Users Conversations"),
        (80, 22, FIVE, "List List List /Users /Get agents convers… users /ListU… Convers…"),
        (60, 24, [FIVE[0], Column("POST /api/AskAgent", "Ask agent")], "GET POST List agents Ask agent"),
    ],
    ids=["wide", "wrapped", "narrow", "methods"],
)
async def test_headings_take_the_room_that_is_free(width: int, height: int, columns: list[Column], words: str) -> None:
    board = LiveMatrix([Row("u-0", name="Ada", role="User")], columns, Expectations())
    async with Stage().run_test(size=(width, height)) as pilot:
        app, pane = pilot.app, pilot.app.query_one(MatrixPane)
        assert isinstance(app, Stage)
        pane.show(board)
        await comes_true(lambda: headings(pane) == words, words, seen=lambda: app.text)


async def test_an_unexpected_result_is_readable_under_the_cursor_and_has_room_on_both_sides() -> None:
    row = Row("u-0", name="Ada", role="User")
    board = LiveMatrix([row], COLUMNS, Expectations(Policy(default="deny")))
    board.on_cell(told(row, 0, Verdict.ALLOWED))
    run_now(board.flush())
    async with Stage().run_test(size=(80, 24)) as pilot:
        app, pane = pilot.app, pilot.app.query_one(MatrixPane)
        assert isinstance(app, Stage)
        pane.show(board)
        await comes_true(lambda: bool(marks(pane, " A! ")), "the mark", seen=lambda: app.text)
        (mark,) = marks(pane, " A! ")
        assert contrast(*colours(mark)) >= READABLE


async def test_the_matrix_does_not_move_when_its_run_ends() -> None:
    async with Stage().run_test(size=(80, 24)) as pilot:
        app, pane = pilot.app, pilot.app.query_one(MatrixPane)
        assert isinstance(app, Stage)
        pane.show_progress(Progress(3, 40, 9))
        pane.show(begun(20))
        await comes_true(lambda: " left" in app.text, "the progress", seen=lambda: app.text)
        place = line_of(app, "Person 0")
        pane.show_progress(None)
        await comes_true(lambda: " left" not in app.text, "no progress", seen=lambda: app.text)
        assert line_of(app, "Person 0") == place


def headings(pane: MatrixPane) -> str:
    """What is drawn above the marks."""
    table = pane.query_one(MatrixTable)
    lines = [table.render_line(y).text for y in range(table.header_height)]
    return " ".join(" ".join(lines).replace("Identity", "").split())


def marks(pane: MatrixPane, mark: str) -> list[Segment]:
    """Each place where a mark is drawn."""
    table = pane.query_one(MatrixTable)
    drawn = (segment for y in range(table.size.height) for segment in table.render_line(y))
    return [segment for segment in drawn if segment.text == mark]


def line_of(app: Stage, name: str) -> int:
    """The line on which somebody is drawn."""
    return next(y for y, line in enumerate(app.text.splitlines()) if name in line)
