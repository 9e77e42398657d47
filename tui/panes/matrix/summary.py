"""A matrix in words: what stands out in it, and how far its run is."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from tui.access.live_matrix import LiveMatrix
from tui.access.model import Finding, Verdict
from tui.access.reports.wording import headline, plural, warnings
from tui.access.runner import Progress
from tui.bindings import format_keys
from tui.format import count, mmss
from tui.panes.matrix.marks import UNKNOWN, sign
from tui.text import clean

_NARROW, _WIDE = 8, 30
"""Columns of the bar that tells how far a run is."""


def summary_words(told: LiveMatrix) -> Content:
    """What stands out, what keeps that from being all, and how many cells say what: the letters explained."""
    gravest = next((finding for finding in Finding if told.summary.count(finding)), None)
    colour = {Finding.UNEXPECTED_ALLOW: "$text-error", Finding.UNEXPECTED_DENY: "$text-warning"}
    first = Content.styled(clean(headline(told)), f"bold {colour.get(gravest, '') if gravest else ''}".strip())
    rest = Content.styled(clean("  ".join(warnings(told, counts_follow=True))), "$foreground-muted")
    return Content("\n").join([Content("  ").join(filter(None, (first, rest))), Content("   ").join(_counts(told))])


def _counts(told: LiveMatrix) -> Iterator[Content]:
    for finding in Finding:
        if number := told.summary.count(finding):
            yield sign(finding) + Content(f" {count(number)} {finding}")
    for verdict in Verdict:
        number = told.summary.count(verdict)
        if number or verdict in {Verdict.ALLOWED, Verdict.DENIED}:
            yield sign(verdict) + Content(f" {count(number)} {verdict}")
    missing = told.planned - told.summary.cells
    if missing > 0:
        yield UNKNOWN + Content(f" {count(missing)} not asked")


def progress_words(progress: Progress, room: int) -> Content:
    """How far a run is, and how to hold or end it, in so many columns: the keys stand below as well."""
    words, keys = _how_far(progress)
    if len(words.plain) + len(keys) + _NARROW <= room:
        words += Content(keys)
    wide = min(max(room - len(words.plain), _NARROW), _WIDE)
    full = int((progress.done / progress.total if progress.total else 1.0) * wide)
    return Content.assemble(("━" * full, "$primary"), ("─" * (wide - full), "$foreground-disabled"), words)


def _how_far(progress: Progress) -> tuple[Content, str]:
    far = f" {count(progress.done)} of {plural(progress.total, 'cell')}"
    if progress.is_paused:
        paused = Content.assemble((" PAUSED", "bold $text-warning"), far)
        return paused, format_keys(" · {pause|p} goes on, {cancel|Esc} cancels")
    held = f" · AIRisk asks to wait {progress.held:.0f} s" if progress.held > 1 else ""
    left = f" · {mmss(progress.seconds_left)} left" if progress.done else " · signing in"
    going = Content.assemble((far, "bold"), left, (held, "$text-warning"))
    return going, format_keys(" · {pause|p} pauses, {cancel|Esc} cancels")
