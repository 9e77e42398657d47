"""The identity bar as it is drawn: acting and production have each a color of their own, and are seen at once."""

import asyncio
from dataclasses import replace

import pytest
from rich.segment import Segment
from textual.app import ComposeResult
from textual.color import Color
from textual.screen import ModalScreen
from textual.theme import Theme

from tests.kit.contrast import DISCERNIBLE, READABLE, colours, contrast
from tests.kit.patience import PATIENCE
from tools.pages.bars import Bars, states
from tui.airisk.identity import SubjectCheck
from tui.app.themes import DARK, LIGHT
from tui.widgets.identity_bar import IdentityBar

ROOM = 110


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
async def test_acting_and_production_are_seen_at_once_and_every_word_can_be_read(theme: Theme) -> None:
    drawn = await drawn_in(theme)
    faint = {
        (name, segment.text, ratio)
        for name, segments in drawn.items()
        for segment in segments
        if segment.text.strip() and (ratio := contrast(*colours(segment))) < READABLE
    }
    assert not faint
    acting, production = (
        ground(drawn["acting as, confirmed"], "ACTING AS"),
        ground(drawn["production, application"], "PROD"),
    )
    assert ground(drawn["production, acting as"], "ACTING AS") == acting != ground(drawn["application"], "APPLICATION")
    assert ground(drawn["production, acting as"], "PROD") == production != ground(drawn["application"], "STAGING")
    for name in ("production, application", "production, acting as"):
        segments = drawn[name]
        place = next(place for place, segment in enumerate(segments) if "PROD" in segment.text)
        edges = [colours(segments[beside])[1] for beside in (place - 1, place + 1)]
        assert [contrast(edge, production) >= DISCERNIBLE for edge in edges] == [True, True]


async def drawn_in(theme: Theme) -> dict[str, list[Segment]]:
    """What is drawn of each state."""
    app = Bars()
    names = [name for name, _ in states()]
    async with app.run_test(size=(ROOM, 4 * len(names))) as pilot:
        app.theme = theme.name
        app.show()
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        return {
            name: [each for strip in strips[bar.region.y : bar.region.bottom] for each in strip]
            for name, bar in zip(names, app.query(IdentityBar), strict=True)
        }


def ground(segments: list[Segment], words: str) -> Color:
    """On what these words stand."""
    return next(colours(segment)[1] for segment in segments if words in segment.text)


@pytest.mark.parametrize("columns", [30, 47, 80, 120, 200])
async def test_it_takes_the_lines_that_it_needs(columns: int) -> None:
    app = Bars()
    async with app.run_test(size=(ROOM, 100)) as pilot:
        app.show()
        await pilot.resize_terminal(columns, 100)
        await pilot.pause()
        lines = [strip.text for strip in app.screen._compositor.render_strips()]
        for bar, (_, status) in zip(app.query(IdentityBar), states(), strict=True):
            words = "".join("".join(lines[bar.region.y : bar.region.bottom]).split())
            assert status.host in words
            assert status.label.upper() in words
            assert status.identity.id in words


class Covered(ModalScreen[None]):
    """A dialog."""

    def compose(self) -> ComposeResult:
        yield IdentityBar()


@pytest.mark.parametrize("is_covered", [False, True])
async def test_a_name_counts_as_drawn_once_a_frame_shows_it(*, is_covered: bool) -> None:
    app = Bars()
    status = dict(states())["acting as, confirmed"]
    async with app.run_test(size=(ROOM, 100)) as pilot:
        if is_covered:
            await app.push_screen(Covered())
        await pilot.pause()
        assert drawn(app)
        app.identity_status = status
        assert not drawn(app)
        await asyncio.wait_for(app.identity_is_drawn(), PATIENCE)
        bar = app.screen.query(IdentityBar).first()
        assert bar.region.height == 1
        assert "ACTING AS Grace Hopper · u-000127" in app.screen._compositor.render_strips()[bar.region.y].text
        app.identity_status = replace(
            status, identity=replace(status.identity, subject_check=SubjectCheck.NOT_CONFIRMED)
        )
        assert drawn(app)


async def test_a_frame_without_the_bar_draws_no_name() -> None:
    app = Bars()
    async with app.run_test(size=(ROOM, 100)) as pilot:
        await pilot.pause()
        app.identity_status = dict(states())["acting as, confirmed"]
        # Another widget is drawn before the bar. Textual renders the bar, too, and writes nothing of it.
        app.screen._compositor.update_widgets({app.query("Static.name").last().refresh()})
        app.screen._compositor_refresh()
        assert not drawn(app)
        await asyncio.wait_for(app.identity_is_drawn(), PATIENCE)


def drawn(app: Bars) -> bool:
    """Whether the last frame shows whose name it is."""
    return app.is_identity_drawn
