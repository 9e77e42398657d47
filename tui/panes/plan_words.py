"""A plan in words, before anything of it is sent."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from tui.access.plan import Plan
from tui.access.reports.wording import plural
from tui.airisk.models import Part
from tui.airisk.users.remarks import part_words
from tui.format import count, mmss
from tui.text import clean

_LEFT_OUT = 3
"""Lines about what is left out; more of them are counted."""


def plan_lines(plan: Plan, host: str, listed: Part | None = None) -> list[Content]:
    """How many requests are left, of which kind, where, how long that takes; and which part of the users is listed."""
    kinds = ", ".join(f"{count(number)} {method}" for method, number in plan.by_method.items())
    size = f"{plural(len(plan.rows), 'identity')} × {plural(len(plan.questions), 'endpoint')}"
    first = Content.assemble((size, "bold"), " at ", (clean(host, limit=60), "bold"))
    sign_ins = f"{kinds}, and {plural(plan.sign_ins, 'request')} to sign in: about {mmss(max(plan.seconds, 1))}"
    requests = sign_ins if kinds else "Nothing is sent: all of it was asked."
    part = [Content.styled(f"Only {part_words(listed)} are listed.", "$text-warning")] if listed else []
    return [first, Content(requests), *part]


def left_out_lines(plan: Plan) -> Iterator[Content]:
    """What is not asked, and why."""
    for each in plan.left_out[:_LEFT_OUT]:
        yield Content(f"left out: {clean(each.name, limit=60)}: {clean(each.why, limit=100)}")
    if len(plan.left_out) > _LEFT_OUT:
        yield Content(f"left out: {count(len(plan.left_out) - _LEFT_OUT)} more")
