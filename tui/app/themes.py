"""The dark and the light theme: all text is readable on its background (WCAG AA)."""

from pathlib import Path, PurePath

from textual.theme import Theme

OPENING_STYLES = Path(__file__).parents[1] / "opening.tcss"
"""Styles of the first frame. Reading the others would delay it."""

STYLES: list[str | PurePath] = [OPENING_STYLES, OPENING_STYLES.with_name("app.tcss")]
"""All styles of the program."""


def _quiet(colour: str) -> dict[str, str]:
    """Return muted and disabled text in one solid color: Textual would fade it until it is unreadable."""
    return dict.fromkeys(("foreground-muted", "foreground-disabled", "text-muted", "text-disabled"), colour)


def _scrollbar(thumb: str, lit: str, track: str) -> dict[str, str]:
    """Return colors for visible but quiet scrollbars: Textual's would be more prominent than a long text."""
    tracks = ("scrollbar-background", "scrollbar-background-hover", "scrollbar-background-active")
    thumbs = {"scrollbar": thumb, "scrollbar-hover": lit, "scrollbar-active": lit}
    return thumbs | dict.fromkeys((*tracks, "scrollbar-corner-color"), track)


DARK = Theme(
    name="airisk-dark",
    primary="#7aa2f7",
    secondary="#9d8cf0",
    accent="#2ac3a2",
    foreground="#d5dae8",
    background="#12151f",
    surface="#181c28",
    panel="#222838",
    success="#4fc98a",
    warning="#e6b450",
    error="#f2777a",
    dark=True,
    variables=_quiet("#a3abbf") | _scrollbar("#63739c", "#7aa2f7", "#181c28"),
)

LIGHT = Theme(
    name="airisk-light",
    primary="#2450b8",
    secondary="#5b43b8",
    accent="#00705c",
    foreground="#1d2333",
    background="#f7f8fb",
    surface="#eef0f6",
    panel="#e0e4ee",
    success="#1a7a4b",
    warning="#8a5a00",
    error="#b3261e",
    dark=False,
    variables=_quiet("#4a5161") | _scrollbar("#7682a0", "#2450b8", "#e6e9f1"),
)
