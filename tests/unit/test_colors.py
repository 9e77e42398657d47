"""Every style that the two themes use can be read in a terminal that has few colors, as well as with all of them."""

from collections.abc import Mapping
from functools import cache
from itertools import chain

import pyte
import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import Monochrome
from textual.strip import Strip

from tests.kit.colors import CONSOLE, XTERM, contrast_of, palette
from tests.kit.contrast import READABLE, contrast
from tests.kit.snapshot import STATES, State
from tui.textual_ext.colors import color_filter

BLACK = Color(0, 0, 0)
SYSTEMS = {"standard": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT, "truecolor": ColorSystem.TRUECOLOR}
TERMINALS = {
    "xterm, 16 colors": ("standard", palette(XTERM), False),
    "xterm, 16 colors, bold is bright": ("standard", palette(XTERM), True),
    "Linux console": ("standard", palette(CONSOLE), True),
    "256 colors": ("256", {}, False),
    "true color": ("truecolor", {}, False),
}
EIGHT = palette(" ".join(XTERM.split()[:8] * 2))
"""A terminal that has no bright colors, and shows the dark ones instead."""


@cache
def states() -> list[State]:
    """All that was accepted: every screen and state."""
    return [State.read(path.read_text(encoding="utf-8")) for path in sorted(STATES.rglob("*.txt"))]


def texts() -> set[str]:
    """How texts look anywhere; blanks look of nothing but their ground."""
    return {look for state in states() for look in chain(*state.looks.values()) if not look.startswith("on ")}


def bars() -> set[str]:
    """How texts look in the identity bar."""
    runs = [(state, run) for state in states() for lines in state.runs.values() for run in lines[0]]
    return {look for state, run in runs for look in state.looks[run.look] if not look.startswith("on ")}


def drawn(look: str, system: str, *, has_colors: bool = True) -> pyte.screens.Char:
    """What a terminal is told of a text that looks like that."""
    segments = [Segment("x", Style.parse(look))]
    filters = [*([] if has_colors else [Monochrome()]), *(color_filter(each) for each in {system} - {"truecolor"})]
    for each in filters:
        segments = each.apply(segments, BLACK)
    screen = pyte.Screen(1, 1)
    style = segments[0].style or Style()
    pyte.Stream(screen).feed(f"\x1b[{Strip.render_ansi(style, SYSTEMS[system])}mx")
    return screen.buffer[0][0]


def meant(look: str) -> float:
    """How well a text that looks like that is read where there is every color."""
    style = Style.parse(look)
    assert style.color
    assert style.bgcolor
    return contrast(Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))


@pytest.mark.parametrize("has_colors", [True, False], ids=["", "NO_COLOR"])
@pytest.mark.parametrize(("system", "colors", "brightens"), TERMINALS.values(), ids=TERMINALS)
def test_what_can_be_read_can_be_read_in_few_colors(
    system: str, colors: Mapping[str, str], brightens: bool, has_colors: bool
) -> None:
    looks = {look for look in texts() if meant(look) >= READABLE}
    assert len(looks) > 100
    seen = {
        look: contrast_of(drawn(look, system, has_colors=has_colors), colors, brightens=brightens) for look in looks
    }
    assert {look: ratio for look, ratio in seen.items() if ratio < READABLE} == {}


@pytest.mark.parametrize("has_colors", [True, False], ids=["", "NO_COLOR"])
def test_the_identity_bar_can_be_read_where_there_are_eight_colors(has_colors: bool) -> None:
    looks = {look for look in bars() if meant(look) >= READABLE}
    assert len(looks) > 5
    seen = {look: contrast_of(drawn(look, "standard", has_colors=has_colors), EIGHT) for look in looks}
    assert {look: ratio for look, ratio in seen.items() if ratio < READABLE} == {}


def test_acting_is_seen_on_production_and_without_colors() -> None:
    """The bar of the application and of a user, and the label of production: their grounds differ in 16 colors."""
    application, user, production = "#d5dae8 on #222838", "#12151f on #2ac3a2", "bold #12151f on #f1777a"
    assert {application, user, production} <= bars()
    assert [drawn(look, "standard").bg for look in (application, user, production)] == ["black", "cyan", "red"]
    assert [drawn(look, "standard").bg for look in ("on #222838", "on #2ac3a2")] == ["black", "cyan"], "blanks"
    grounds = [drawn(look, "standard", has_colors=False).bg for look in (application, user, production)]
    assert grounds == ["black", "white", "white"]


def test_colors_of_the_terminals_own_stay() -> None:
    segments = [Segment("x", Style.parse("red on default")), Segment("y", Style.parse("bold")), Segment("z")]
    assert color_filter("standard").apply(segments, BLACK) == segments
