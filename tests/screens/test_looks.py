"""Whoever looks at the program can read it: in the theme they chose last, dark or light, and nothing blinks."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from rich.segment import Segment
from textual.color import Color
from textual.geometry import Offset, Region
from textual.theme import Theme
from textual.widgets import Input

from tests.kit import ids
from tests.kit.asking import open_endpoint, send_agents
from tests.kit.contrast import DISCERNIBLE, READABLE, colours, contrast
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.patience import comes_true
from tests.kit.pilot import Person, listed, opened
from tui.app.themes import DARK, LIGHT


async def test_every_text_can_be_read_in_both_themes() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(180, 50), AIRISK_PROTECTED_USERS="u-3", AIRISK_LABEL="live") as person:
            for keys, words in _WAY:
                await person.press(*keys)
                await person.sees(*words)
                await _reads(person, *words)
            await _ask(person)
            await _search(person)


_WAY = (
    (("space", "space", "up", "up"), ("✓ Ada", "⊘ Edsger")),
    (("question_mark",), ("Terms",)),
    (("escape", "slash", "z", "z"), ("No matching users",)),
    (("escape", "escape", "enter"), ("ACTING AS Ada", "● ✓ Ada", "LIVE")),
    (("ctrl+o",), ("This deployment is open",)),
    (("n",), ("Name this deployment",)),
    (("escape", "escape", "o"), ("from a file",)),
)


async def _ask(person: Person) -> None:
    """Requests, answers, and the screens that are about them."""
    await person.press("escape")
    await send_agents(person)
    await person.sees("200 OK")
    await _reads(person, "botSuggestion")
    for keys, words in (
        (("4", "slash", *"agent", "enter", "i"), "Content-Type"),
        (("i", "Y"), "uses $"),
        (("escape", "c", *"grace", "enter"), "differ"),
        (("escape", "h", "down"), "ListAgents"),
        (("escape", "m"), "Access matrix"),
        (("enter",), "7 allowed"),
        (("enter",), "because"),
    ):
        await person.press(*keys)
        await person.sees(words)
        await _reads(person, words)
    await person.press("escape", "escape")
    await open_endpoint(person, "create conversation")
    await person.type("a")
    await person.press("f5")
    await person.sees("Don't send")
    await _reads(person, "Don't send")
    await person.press("escape")
    await person.sees("! Not sent.")
    await _reads(person, "! Not sent.")


async def _search(person: Person) -> None:
    """The palette has the colours of the theme in which it is opened."""
    for theme in (LIGHT, DARK):
        await _turn_to(person, theme)
        await person.press("ctrl+p")
        await person.type("act")
        await person.sees("Act as the previous user")
        await _can_be_read(person, theme)
        await person.press("escape")


async def _reads(person: Person, *words: str) -> None:
    """In one theme, then in the other."""
    for theme in (LIGHT, DARK):
        await _turn_to(person, theme)
        await person.sees(*words)
        await _can_be_read(person, theme)


async def _can_be_read(person: Person, theme: Theme) -> None:
    """Wait until all can: a button that was pressed looks otherwise for a moment."""
    await comes_true(
        lambda: not _faint(person), f"texts that can be read in {theme.name}", seen=lambda: str(_faint(person))
    )


async def _turn_to(person: Person, theme: Theme) -> None:
    person.app.theme = theme.name
    grounds = {Color.parse(ground or "") for ground in (theme.background, theme.surface)}
    await person.until(partial(_stands_on, person, grounds), f"the colours of {theme.name}")


def _faint(person: Person) -> set[tuple[str, float]]:
    return {(text, round(ratio, 1)) for text, ratio in _texts(person) if ratio < READABLE}


def _stands_on(person: Person, grounds: set[Color]) -> bool:
    return any(colours(segment)[1] in grounds for segment, _ in _segments(person))


def _texts(person: Person) -> Iterator[tuple[str, float]]:
    """Each text on the screen, with how much it differs from its ground; borders and what lies under a dialog not."""
    for segment, place in _segments(person):
        if any(map(str.isalnum, segment.text)) and _is_active(person, place):
            yield segment.text.strip(), contrast(*colours(segment))


def _segments(person: Person) -> Iterator[tuple[Segment, Offset]]:
    for row, strip in enumerate(person.app.screen._compositor.render_strips()):
        column = 0
        for segment in strip:
            if segment.style and segment.style.color and segment.style.bgcolor:
                yield segment, Offset(column + segment.cell_length // 2, row)
            column += segment.cell_length


def _is_active(person: Person, place: Offset) -> bool:
    screen = person.app.screen
    if not screen.is_modal:
        return True
    active = screen.query(f".dialog, #{ids.HELP}, #--container, IdentityBar, Footer")
    regions: list[Region] = [widget.region for widget in active]
    return any(region.contains_point(place) for region in regions)


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_a_scrollbar_is_seen_on_its_track(theme: Theme) -> None:
    thumb, track = (Color.parse(theme.variables[name]) for name in ("scrollbar", "scrollbar-background"))
    assert contrast(thumb, track) >= DISCERNIBLE


async def test_the_theme_that_was_chosen_is_there_again_at_the_next_start(tmp_path: Path) -> None:
    with ForeignAIRisk() as server:
        async with opened(server) as person:
            await person.until(lambda: _stands_on(person, {Color.parse(DARK.background or "")}), "the dark theme")
            await person.press("ctrl+p")
            await person.type("theme\r")
            await person.sees("Search for themes")
            await person.type("airisk-light\r")
            kept = tmp_path / "airisk-tui" / "appearance.json"
            await person.until(kept.exists, "the theme kept")
            await person.press("slash")
            await person.comes_to(ids.USERS_FILTER)
            assert isinstance(field := person.app.focused, Input)
            assert not field.cursor_blink
        async with opened(server) as person:
            assert person.app.theme == LIGHT.name
            await person.until(lambda: _stands_on(person, {Color.parse(LIGHT.background or "")}), "the light theme")
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
