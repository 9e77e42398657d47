"""Whoever looks at the program can read it, in the theme that they chose last; tests/snapshots looks at each text."""

from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import Theme
from textual.widget import Widget
from textual.widgets import Input

from tests.kit import ids
from tests.kit.contrast import DISCERNIBLE, READABLE, colours, contrast
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import Person, drawn, opened
from tui.app.themes import DARK, LIGHT


def _stands_on(person: Person, ground: str | None) -> bool:
    segments = (segment for strip in drawn(person.app) for segment in strip)
    has_colors = (each for each in segments if each.style and each.style.color and each.style.bgcolor)
    return any(colours(each)[1] == Color.parse(ground or "") for each in has_colors)


def _holds_still(field: Widget | None) -> bool:
    return isinstance(field, Input) and not field.cursor_blink


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_a_scrollbar_is_seen_on_its_track(theme: Theme) -> None:
    thumb, track = (Color.parse(theme.variables[name]) for name in ("scrollbar", "scrollbar-background"))
    assert contrast(thumb, track) >= DISCERNIBLE


async def test_the_theme_that_was_chosen_is_there_again_at_the_next_start(tmp_path: Path) -> None:
    with ForeignAIRisk() as server:
        async with opened(server) as person:
            await person.until(lambda: _stands_on(person, DARK.background), "the dark theme")
            await person.press("ctrl+p")
            await person.type("theme\r")
            await person.sees("Search for themes")
            await person.type("airisk-light\r")
            kept = tmp_path / "airisk-tui" / "appearance.json"
            await person.until(kept.exists, "the theme kept")
            await person.press("slash")
            await person.comes_to(ids.USERS_FILTER)
            await person.until(lambda: _holds_still(person.app.focused), "a cursor that does not blink")
        async with opened(server) as person:
            assert person.app.theme == LIGHT.name
            await person.until(lambda: _stands_on(person, LIGHT.background), "the light theme")
        for damaged in ('{"theme": "gone"}', "not JSON", '{"theme": 1}'):
            kept.write_text(damaged)
            async with opened(server) as person:
                assert person.app.theme == DARK.name


@pytest.mark.parametrize("ground", ["background", "surface"])
@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_each_colour_of_a_theme_can_be_read_on_its_grounds(theme: Theme, ground: str) -> None:
    for name in ("foreground", "primary", "secondary", "accent", "success", "warning", "error"):
        one, other = (Color.parse(getattr(theme, part)) for part in (name, ground))
        assert contrast(one, other) >= READABLE, name
