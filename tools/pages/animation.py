"""What a terminal showed, moment after moment, as one animated SVG: the lines that stay are drawn once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby

from pyte.screens import Char

from tui.app.themes import DARK

COLUMN, LINE, PADDING = 8.4, 18, 10
"""Pixels; a letter is 14 high."""

_FONT = "font-size: 14px; font-family: ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; white-space: pre"

Line = tuple[Char, ...]


@dataclass(frozen=True)
class Frame:
    """What was on the screen, line by line, and for how many seconds."""

    lines: Sequence[Line]
    seconds: float


@dataclass
class _Drawn:
    """The lines that were drawn by now, each with its name."""

    names: dict[Line, str] = field(default_factory=dict)

    def name(self, line: Line) -> str:
        return self.names.setdefault(line, f"l{len(self.names)}")


def animated(frames: Sequence[Frame], title: str) -> str:
    """Return the frames as an endless animation, or the last one alone if reduced motion is preferred."""
    drawn, columns, lines = _Drawn(), len(frames[0].lines[0]), len(frames[0].lines)
    shown = "".join(
        f'<g class="frame" id="f{number}">'
        + "".join(
            f'<use href="#{drawn.name(line)}" y="{row * LINE}"/>'
            for row, line in enumerate(frame.lines)
            if _is_seen(line)
        )
        + "</g>"
        for number, frame in enumerate(frames)
    )
    width, height = columns * COLUMN + 2 * PADDING, lines * LINE + 2 * PADDING
    defined = "".join(f'<g id="{name}">{"".join(_drawn(line))}</g>' for line, name in drawn.names.items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" role="img">'
        f"<title>{escape(title)}</title><style>{_style(frames)}</style><defs>{defined}</defs>"
        f'<rect width="100%" height="100%" rx="8" fill="{DARK.background}"/>'
        f'<g transform="translate({PADDING} {PADDING})">{shown}</g></svg>\n'
    )


def _style(frames: Sequence[Frame]) -> str:
    whole, begun, rules = sum(frame.seconds for frame in frames), 0.0, []
    for number, frame in enumerate(frames):
        first, last = 100 * begun / whole, 100 * (begun + frame.seconds) / whole
        moments = {0.0: "hidden"} | {first: "visible"} | ({last: "hidden"} if number < len(frames) - 1 else {})
        steps = "".join(f"{moment:.3f}% {{ visibility: {is_seen} }} " for moment, is_seen in moments.items())
        begun += frame.seconds
        rules.append(f"@keyframes k{number} {{ {steps}}} #f{number} {{ animation-name: k{number} }}")
    still = f".frame {{ animation: none }} #f{len(frames) - 1} {{ visibility: visible }}"
    hidden = f"visibility: hidden; animation: {whole:g}s step-end infinite"
    return (
        f"text {{ {_FONT} }} rect {{ shape-rendering: crispEdges }} .frame {{ {hidden} }} {' '.join(rules)} "
        f"@media (prefers-reduced-motion: reduce) {{ {still} }}"
    )


def _drawn(line: Line) -> Iterator[str]:
    """Yield the backgrounds of a line, then its text."""
    for start, end, (_, ground, *_) in _runs(line):
        if ground != DARK.background:
            yield f'<rect x="{start * COLUMN:g}" width="{(end - start) * COLUMN:g}" height="{LINE}" fill="{ground}"/>'
    for start, end, look in _runs(line):
        if text := "".join(char.data for char in line[start:end]).rstrip():
            blank = len(text) - len(text.lstrip())
            left, width = (start + blank) * COLUMN, (len(text) - blank) * COLUMN
            yield (
                f'<text x="{left:g}" y="{LINE - 4.5:g}" textLength="{width:g}"{_attributes(look)}>'
                f"{escape(text.lstrip())}</text>"
            )


def _attributes(look: tuple[str, str, bool, bool, bool]) -> str:
    colour, _, is_bold, is_italic, is_underlined = look
    told: Mapping[str, bool] = {
        ' font-weight="bold"': is_bold,
        ' font-style="italic"': is_italic,
        ' text-decoration="underline"': is_underlined,
    }
    return f' fill="{colour}"' + "".join(words for words, is_so in told.items() if is_so)


def _runs(line: Line) -> Iterator[tuple[int, int, tuple[str, str, bool, bool, bool]]]:
    """From where to where a line looks alike, and how."""
    start = 0
    for look, chars in groupby(line, _look):
        end = start + len(list(chars))
        yield start, end, look
        start = end


def _look(char: Char) -> tuple[str, str, bool, bool, bool]:
    colour, ground = _colour(char.fg, DARK.foreground or ""), _colour(char.bg, DARK.background or "")
    if char.reverse:
        colour, ground = ground, colour
    return colour, ground, char.bold, char.italics, char.underscore


def _colour(name: str, otherwise: str) -> str:
    return otherwise if name == "default" else f"#{name}"


def _is_seen(line: Line) -> bool:
    return any(char.data.strip() or _look(char)[1] != DARK.background for char in line)
