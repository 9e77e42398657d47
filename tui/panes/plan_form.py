"""Form for planning a matrix: identities, endpoints, rate limits, rules, policy and baseline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.validation import Number
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Label

from tui.access.model import OBJECT_KINDS
from tui.access.plan import MOST_AT_ONCE
from tui.access.planner import PlanInputs, PlanOptions, What, Whom, unsafe_endpoints
from tui.config.workspace import PlanChoices
from tui.errors import PlanError
from tui.format import count, plural
from tui.key_labels import key_label
from tui.plain_names import encodable
from tui.text import clean
from tui.widgets.inputs import CheckBox, Cycler

FILES = {"rules": "built in", "policy": "none", "baseline": "none"}
"""The files that can be chosen, and the text shown if none is chosen."""

_MANY = 50
"""Number of users above which a sample is offered first."""

_LONGEST_ROLE = 40
"""Columns of a role."""


class PlanForm(VerticalScroll, can_focus=False):
    """Lines of options. Tab moves between them; Space or typing changes them.

    Args:
        material: the users and endpoints to choose from.
        last: the last choices.
        needs_reason: whether a reason is required.
        is_read_only: whether requests that may change data are forbidden.
    """

    @dataclass
    class Changed(Message):
        """Posted when an option changes."""

    @dataclass
    class FileWanted(Message):
        """Request to choose a file: rules, policy or baseline."""

        name: str

    def __init__(self, material: PlanInputs, last: PlanChoices, *, needs_reason: bool, is_read_only: bool) -> None:
        super().__init__(id="plan-form")
        self._last = last
        self._material = material
        self._needs_reason = needs_reason
        self._is_read_only = is_read_only
        self._files: dict[str, Path] = {}
        self._reason = Input(placeholder="ticket number or short reason", id="reason", compact=True)

    def compose(self) -> ComposeResult:
        """Yield the lines, from the users to the reason."""
        last, users = self._last, [*user_choices(self._material)]
        # Marks were made for this plan.
        whom = users[0][0] if self._material.users else last.whom
        yield _line("Users", Cycler("plan-users", users, whom), _number("sample", last.sample))
        names = ("application", "anonymous")
        ticks = (CheckBox(name, value=name in last.others, id=f"with-{name}") for name in names)
        yield _line("Also as", *ticks)
        yield _line("Endpoints", Cycler("plan-endpoints", list(_endpoint_choices(self._material))))
        kinds = (CheckBox(f"{kind}s", value=kind in last.objects, id=f"objects-{kind}") for kind in OBJECT_KINDS)
        yield _line("Who sees", *kinds, Label("a column for each one listed"))
        for place, name in enumerate(self._unsafe()):
            note = "(blocked: read-only)" if self._is_read_only else "(may change data)"
            words = f"{clean(name, limit=44)} {note}"
            tick = CheckBox(words, id=f"unsafe-{place}", disabled=self._is_read_only)
            yield _line("" if place else "Include", tick)
        yield _line(
            "Concurrency",
            _number("concurrency", last.concurrency, most=MOST_AT_ONCE),
            Label("requests   Rate limit "),
            _number("rate", last.rate, least=0),
            Label("per second"),
        )
        for name, usual in FILES.items():
            yield _line(name.capitalize(), Cycler(f"file-{name}", [("", usual)]))
        yield _line("Start", Cycler("begin", [("new", "new run")]), id="plan-begin")
        if self._needs_reason:
            yield _line("Reason", self._reason)

    def on_mount(self) -> None:
        """Focus the reason if one is required, else the first option."""
        self.show_earlier([])
        self._show_what_matters()
        self.screen.set_focus(self._reason if self._needs_reason else self.query_one("#plan-users"))

    # Called by the screen

    def show_file(self, name: str, path: Path | None) -> None:
        """Show the chosen file on its line, or that none is chosen."""
        self._files.pop(name, None)
        if path:
            self._files[name] = path
        line = self.query_one(f"#file-{name}", Cycler)
        line.offer(
            [("", f"{clean(path.name, limit=50)} ({key_label('turn', 'Space')}: none)" if path else FILES[name])]
        )

    def show_earlier(self, values: Sequence[tuple[str, str]]) -> None:
        """Offer the ways to start the run. Without any, hide the line: the run can only start over."""
        self.query_one("#begin", Cycler).offer(values or [("new", "new run")])
        self.query_one("#plan-begin").display = bool(values)

    # Chosen options

    @property
    def begins(self) -> str:
        """How the run starts: `new`, `resume`, `resume other` (another run), or `show` (the finished run)."""
        return self._turned("begin")

    @property
    def files(self) -> dict[str, Path]:
        """The files that were chosen."""
        return dict(self._files)

    @property
    def reason(self) -> str:
        """The reason that was typed; empty if none is asked for."""
        return self._reason.value.strip()

    def options(self) -> PlanOptions:
        """Return all chosen options.

        Raises:
            PlanError: a number is invalid.
        """
        others = tuple(name for name in ("application", "anonymous") if self.query_one(f"#with-{name}", Checkbox).value)
        confirmed = (
            name for place, name in enumerate(self._unsafe()) if self.query_one(f"#unsafe-{place}", Checkbox).value
        )
        whom, _, role = self._turned("plan-users").partition(":")
        is_sample = whom == "sample"
        return PlanOptions(
            whom=cast("Whom", whom),
            role=role,
            # The field is hidden, and may be empty, unless a sample was chosen.
            sample=int(self._typed("sample", "The number of users")) if is_sample else self._last.sample,
            others=others,
            what=cast("What", self._turned("plan-endpoints")),
            confirmed=frozenset(confirmed),
            concurrency=int(self._typed("concurrency", "Concurrency")),
            rate=self._typed("rate", "Rate limit"),
            reason=self.reason,
            objects=tuple(kind for kind in OBJECT_KINDS if self.query_one(f"#objects-{kind}", Checkbox).value),
        )

    def choices(self) -> PlanChoices:
        """Return what the next plan of this deployment begins with.

        Raises:
            PlanError: a number is invalid.
        """
        chosen = self.options()
        return PlanChoices(
            whom=encodable(self._turned("plan-users")) if chosen.whom != "marked" else self._last.whom,
            sample=chosen.sample,
            others=chosen.others,
            objects=chosen.objects,
            concurrency=chosen.concurrency,
            rate=chosen.rate,
            files={name: str(path) for name, path in self._files.items()},
        )

    @on(Cycler.Changed)
    def _turn(self, event: Cycler.Changed) -> None:
        event.stop()
        name = (event.turning.id or "").removeprefix("file-")
        if name not in FILES:
            self._change()
        elif name in self._files or event.step < 0:
            self.show_file(name, None)
            self._change()
        else:
            self.post_message(self.FileWanted(name))

    @on(Input.Changed)
    @on(Checkbox.Changed)
    def _type(self, event: Input.Changed | Checkbox.Changed) -> None:
        event.stop()
        self._change()

    def _change(self) -> None:
        self._show_what_matters()
        self.post_message(self.Changed())

    def _show_what_matters(self) -> None:
        self.query_one("#sample").display = self._turned("plan-users") == "sample"
        for place, _ in enumerate(self._unsafe()):
            parent = cast("Widget", self.query_one(f"#unsafe-{place}").parent)
            parent.display = self._turned("plan-endpoints") == "marked"

    def _unsafe(self) -> Sequence[str]:
        return unsafe_endpoints(self._material, PlanOptions(what="marked"))

    def _turned(self, name: str) -> str:
        return self.query_one(f"#{name}", Cycler).value

    def focus_reason(self) -> None:
        """Focus the reason."""
        self._reason.focus()

    def focus_invalid(self) -> None:
        """Focus the first visible number that is not valid, if there is one."""
        for field in self.query(Input).results(Input):
            if field.display and _fault_of(field):
                field.focus()
                return

    def _typed(self, name: str, title: str) -> float:
        field = self.query_one(f"#{name}", Input)
        if fault := _fault_of(field):
            raise PlanError(f"{title} is not valid.", advice=fault)
        return float(field.value)


def _fault_of(field: Input) -> str:
    """Return what has to be typed instead; empty if the value is valid."""
    result = field.validate(field.value)
    return "" if result is None or result.is_valid else result.failure_descriptions[0]


def _line(name: str, *widgets: Widget, id: str | None = None) -> Horizontal:  # noqa: A002 - Textual's name
    return Horizontal(Label(name, classes="field-name", markup=False), *widgets, classes="field", id=id)


def _number(name: str, value: float, *, least: int = 1, most: int | None = None) -> Input:
    wanted = f"{least} to {most}" if most else f"{least} or more"
    valid = Number(least, most or 999_999, failure_description=f"Type a number, {wanted}.")
    digits = r"[\d.]*" if name == "rate" else r"\d*"
    return Input(
        f"{value:g}",
        id=name,
        compact=True,
        max_length=7,
        restrict=digits,
        validators=[valid],
        classes="number",
    )


def user_choices(material: PlanInputs) -> Iterator[tuple[str, str]]:
    """Yield the choices of users, the likeliest first."""
    total, marked = len(material.listing.users), len(material.users)
    if marked:
        yield "marked", f"{count(marked)} marked"
    matching = f" matching “{material.words}”" if material.words else ""
    everybody = f"{count(material.matching)}{matching}" if matching else plural(total, "user")
    number = material.matching if material.words else total
    many = [("sample", f"random sample of {everybody}:"), ("all", f"all {everybody}")]
    if number:
        yield from many if number > _MANY else reversed(many)
    if material.active.is_user:
        yield "acting", f"only {material.active}"
    for role, size in sorted(material.roles, key=lambda each: each[0].casefold()):
        yield f"role:{role}", f"{count(size)}{matching} with role “{clean(role, limit=_LONGEST_ROLE)}”"
    if not (number or marked or material.active.is_user):
        yield "acting", "no users"


def _endpoint_choices(material: PlanInputs) -> Iterator[tuple[str, str]]:
    marked = len(material.endpoints)
    if marked:
        yield "marked", f"{plural(marked, 'marked endpoint')}, as filled in"
    yield "safe", "all read-only endpoints with no missing values"
