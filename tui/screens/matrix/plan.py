"""The plan of a matrix, shown before anything is sent; Enter starts it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import ClassVar

import msgspec
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui import clocks
from tui.access.evaluation import Expectations
from tui.access.matrix_document import Matrix, read_matrix
from tui.access.model import Gap, Row
from tui.access.plan import Plan, ProposedRun, latest_unfinished
from tui.access.planner import PlanInputs, propose, unmatched
from tui.access.policy import Policy, read_policy
from tui.access.reports.wording import tested_words
from tui.access.requests import MatrixRequest
from tui.access.rules import Rules, default_rules, read_rules
from tui.access.run_file import RunFile, RunHeader
from tui.airisk.guard_rails import is_production
from tui.airisk.models import Draft
from tui.airisk.session import Session
from tui.background import run_in_thread, shielded
from tui.config.settings import Settings
from tui.config.workspace import PlanChoices, WorkspaceStore
from tui.errors import AIRiskError, PlanError, ReasonRequiredError, RequestRejectedError, WorkspaceError
from tui.format import count, plural
from tui.key_labels import format_keys, keys_wait
from tui.panes.matrix.formatting import plan_lines, skipped_lines, unmatched_lines
from tui.panes.plan_form import FILES, PlanForm
from tui.panes.request.preview import body_lines
from tui.screens.dialogs import (
    BODY_LINES,
    BODY_WIDTH,
    ConfirmDialog,
    Dialog,
    SendSummary,
    describe_deployment,
    describe_request,
)
from tui.screens.file_picker import FilePicker
from tui.text import clean, with_advice


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedRun:
    """Decisions of the user.

    `file` is open, new or resumed; `names` are the policy's and the baseline's. `unmatched` returns what a policy names
    in vain; it blocks.
    """

    plan: Plan
    rules: Rules
    scales: Expectations
    head: RunHeader
    file: RunFile
    names: dict[str, str]
    unmatched: Callable[[Policy], Sequence[Gap]]


class PlanScreen(Dialog[StartedRun]):
    """Dialog that returns the run to start.

    Args:
        session: the session to send in.
        material: the users and endpoints to choose from.
        last: the last choices for this deployment.
        workspace: stores the choices.
    """

    BEFORE_LOSS = "Press {leave_plan|Esc} again to discard the reason."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "Start", id="start_matrix", tooltip="Start the run", priority=True),
        Binding("tab,down", "app.focus_next", "Next", show=False, id="next_choice", tooltip="Go to the next line"),
        Binding(
            "shift+tab,up", "app.focus_previous", show=False, id="previous_choice", tooltip="Go to the previous line"
        ),
        Binding(
            "escape",
            "leave",
            "Cancel",
            id="leave_plan",
            tooltip="Close without running; press twice to discard a reason",
        ),
    ]

    def __init__(self, session: Session, material: PlanInputs, last: PlanChoices, workspace: WorkspaceStore) -> None:
        super().__init__("Access matrix", Vertical(classes="plan"))
        settings = session.settings
        is_read_only = settings.read_only or settings.act_read_only
        self._last, self._workspace = last, workspace
        self._form = PlanForm(material, last, needs_reason=settings.require_reason, is_read_only=is_read_only)
        self._words = Static(id="plan-words", markup=False)
        self._skipped = Static(id="plan-skipped", markup=False)
        self._session = session
        self._material = material
        self._seed = secrets.randbelow(1_000_000)
        self._rules: Rules | None = None
        self._policy: Policy | None = None
        self._baseline: Matrix | None = None
        self._left: RunFile | None = None
        self._unread: dict[str, str] = {}
        self._is_read = asyncio.Event()

    def body(self) -> ComposeResult:
        """Compose the choices and their consequences."""
        yield self._form
        yield self._words
        yield self._skipped

    @property
    def unsaved(self) -> str:
        """The reason. All else is chosen, or a number."""
        return self._form.reason

    @work(group="mount")
    async def on_mount(self) -> None:
        """Propose a plan from the form's defaults, after looking for an unfinished run to resume."""
        self._left = await run_in_thread(latest_unfinished, self._session.settings)
        for name in FILES.keys() & self._last.files:
            await self._take_file(name, Path(self._last.files[name]))
        self._is_read.set()
        self._propose()

    # The plan as it stands

    @on(PlanForm.Changed)
    def _consider(self, event: PlanForm.Changed) -> None:
        event.stop()
        self._propose()

    @work(group="propose", exclusive=True)
    async def _propose(self) -> None:
        try:
            proposal, begins = await self._proposal()
        except AIRiskError as error:
            self._show_error(error)
            return
        lines = plan_lines(proposal.plan, self._session.settings.origin.name, proposal.parameters.listed)
        lines += await self._unmatched(proposal.plan)
        lines += [Content.styled(clean(words, limit=200), "$text-warning") for words in self._unread.values()]
        self._words.update(Content("\n").join(lines))
        self._skipped.update(Content("\n").join(skipped_lines(proposal.plan)))
        try:
            if begins != "show":
                proposal.plan.check(self._session.settings)
        except AIRiskError as error:
            self._show_error(error, *lines)

    async def _unmatched(self, plan: Plan) -> list[Content]:
        """Return what the chosen policy names in vain, as lines."""
        policy = self._policy if "policy" in self._form.files else None
        gaps = await run_in_thread(unmatched, policy, self._material, plan) if policy else []
        return [*unmatched_lines(gaps)]

    async def _proposal(self) -> tuple[ProposedRun, str]:
        """Offer the ways to start, once the files of the last plan are read; return the run and the chosen way."""
        await self._is_read.wait()
        chosen = await self._chosen()
        self._form.show_earlier(_beginnings(chosen, self._left))
        begins = self._form.begins
        return _as_begun(await self._going_on() if begins == "resume other" else chosen, begins), begins

    async def _chosen(self) -> ProposedRun:
        """Return the run that the form describes."""
        options = replace(self._form.options(), seed=self._seed)
        rules = self._rules if "rules" in self._form.files else None
        if rules is None:
            rules = await run_in_thread(default_rules)
        material, settings = self._material, self._session.settings
        return await run_in_thread(propose, material, options, rules, settings)

    async def _going_on(self) -> ProposedRun:
        """Return the rest of an unfinished run, at the pace and with the reason of the form."""
        if self._left is None or self._left.head is None:
            raise PlanError("No unfinished run to resume.", advice="Start a new run.")
        options = self._form.options()
        paced = {"concurrency": options.concurrency, "rate": options.rate}
        parameters = msgspec.structs.replace(self._left.head.parameters, **paced, reason=options.reason)
        endpoints = [form.endpoint for form in self._material.forms]
        return await run_in_thread(ProposedRun.resume, self._left, endpoints, parameters)

    def _show_error(self, error: AIRiskError, *lines: Content) -> None:
        # Skipped requests are listed below, with the reasons.
        advice = "" if lines and isinstance(error, PlanError) else error.advice
        words = Content.styled(clean(with_advice(error.message, advice), limit=300), "$text-warning")
        self._words.update(Content("\n").join([*lines, words]))

    # Files

    @on(PlanForm.FileWanted)
    @work(group="choose_file", exclusive=True)
    async def _choose_file(self, event: PlanForm.FileWanted) -> None:
        event.stop()
        if path := await self.app.push_screen_wait(FilePicker(Path.cwd())):
            with keys_wait(self.app):  # Enter starts the run with this file.
                is_usable = await self._take_file(event.name, path)
            if is_usable:
                self._propose()

    async def _take_file(self, name: str, path: Path) -> bool:
        """Read and show a file; return False if it cannot be used, which the plan says until another one is chosen."""
        try:
            if name == "rules":
                self._rules = await run_in_thread(read_rules, path)
            elif name == "policy":
                self._policy = await run_in_thread(read_policy, path)
            else:
                self._baseline = await run_in_thread(read_matrix, path)
        except AIRiskError as error:
            self._unread[name] = with_advice(error.message, error.advice)
            self._propose()
            return False
        self._unread.pop(name, None)
        self._form.show_file(name, path)
        return True

    # Starting

    def action_start(self) -> None:
        """Start, once nothing required is missing."""
        self._start()

    @work(group="start", exclusive=True)
    async def _start(self) -> None:
        self.workers.cancel_group(self, "propose")
        try:
            proposal, begins = await self._proposal()
            if begins != "show":
                proposal.plan.check(self._session.settings)
            await self._remember()
            if await self._is_allowed(proposal.plan, is_resumed=begins == "resume other"):
                self.dismiss(await self._planned(proposal, begins))
        except ReasonRequiredError as error:
            self._show_error(error)
            self._form.focus_reason()
        except AIRiskError as error:
            self._show_error(error)
            self._form.focus_invalid()

    async def _remember(self) -> None:
        """Store the choices. A run does not depend on it."""
        try:
            await self._workspace.keep_plan(self._form.choices())
        except WorkspaceError as error:
            self._show_error(error)

    async def _is_allowed(self, plan: Plan, *, is_resumed: bool) -> bool:
        """Confirm requests that may change data, in production or when resuming. Return whether the run may start."""
        settings = self._session.settings
        unsafe = [request for request in plan.requests if not request.is_safe]
        if not unsafe or not plan.request_count or not (is_resumed or is_production(settings.label)):
            return True
        summary, note = _summary(unsafe, plan.rows, settings), _RESUMED if is_resumed else ""
        return await self.app.push_screen_wait(ConfirmDialog(summary, label=settings.label, note=note)) is True

    async def _planned(self, proposal: ProposedRun, begins: str) -> StartedRun:
        files, settings = self._form.files, self._session.settings
        starting = asyncio.ensure_future(run_in_thread(lambda: proposal.start(settings, goes_on=begins != "new")))
        try:
            file, head = await shielded(starting)
        except asyncio.CancelledError:
            starting.add_done_callback(_close_file)
            raise
        if [row.key for row in head.rows] != [row.key for row in proposal.plan.rows]:
            await run_in_thread(file.close)
            raise PlanError("This run was started over elsewhere.", advice="Look at the plan again, then start it.")
        plan = _as_begun(replace(proposal, earlier=file), begins).plan  # another window may have sent more since
        return StartedRun(
            plan=plan,
            rules=proposal.rules,
            scales=Expectations(
                self._policy if "policy" in files else None, self._baseline if "baseline" in files else None
            ),
            head=head,
            file=file,
            names={name: str(files.get(name, "")) for name in ("policy", "baseline")},
            unmatched=partial(unmatched, material=self._material, plan=proposal.plan),
        )


def _close_file(starting: asyncio.Future[tuple[RunFile, RunHeader]]) -> None:
    """Close the file of a run that was left while it was started: open, it is locked."""
    if not starting.cancelled() and not starting.exception():
        starting.result()[0].close()


def _as_begun(proposal: ProposedRun, begins: str) -> ProposedRun:
    """Return the proposal with the identities and known cells of an earlier run, unless it starts over."""
    earlier = proposal.earlier if begins != "new" else None
    if earlier is None or earlier.head is None:
        return proposal
    known = earlier.tested() if begins == "show" else earlier.known()
    return replace(proposal, plan=replace(proposal.plan, rows=earlier.head.rows, known=known))


def _summary(unsafe: Sequence[MatrixRequest], rows: Sequence[Row], settings: Settings) -> SendSummary:
    """Summarize the unsafe requests and the identities. The bodies are those of the first identity."""
    names = ", ".join(str(row.identity) for row in rows[:_NAMED]) + (" …" if len(rows) > _NAMED else "")
    facts, body = [("as", f"{plural(len(rows), 'identity')}: {names}"), ("at", describe_deployment(settings))], []
    for request in unsafe:
        try:
            draft = request.make(rows[0].identity)
        except RequestRejectedError:  # invalid as the first identity
            draft = Draft(request.column.method, request.column.target or request.column.path)
        facts.insert(-2, ("request", describe_request(draft)))
        body += body_lines(draft, {}, lines=BODY_LINES, width=BODY_WIDTH)
    return SendSummary(
        "Run requests that change data?",
        "Run",
        tuple(facts),
        tuple(body),
        "This changes data in AIRisk, once per identity. AIRisk will record it as each user's own action.",
    )


_RESUMED = "This unfinished run changes data, so it needs a new confirmation."

_NAMED = 5
"""Identities that a confirmation names."""


def _beginnings(chosen: ProposedRun, left: RunFile | None) -> list[tuple[str, str]]:
    """Return the ways to start, default first: resume an unfinished run, start over, or show a finished one."""
    ways = [("new", "new run")]
    if (earlier := chosen.earlier) and earlier.is_whole:
        words = "start over and discard saved results ({turn|Space}: show them)"
        ways = [("new", format_keys(words)), ("show", f"show the results {_tested(earlier)}")]
    elif earlier:
        ways = [("resume", f"resume: {_known(earlier)}"), ("new", "start over and discard saved results")]
    if left and left.path != chosen.path:
        ways = ways if earlier else [("new", format_keys("new run ({turn|Space}: resume an unfinished run)"))]
        ways.append(("resume other", f"resume the unfinished run: {_known(left)}"))
    return ways if len(ways) > 1 else []


def _known(run: RunFile) -> str:
    """Return the progress of a run: `63 of 210 cells done, tested 17:51–17:52, 3 min ago`."""
    all_of_it = len(run.head.rows) * len(run.head.columns) if run.head else 0
    return f"{count(sum(map(len, run.known().values())))} of {plural(all_of_it, 'cell')} done, {_tested(run)}"


def _tested(run: RunFile) -> str:
    return tested_words(run.span, clocks.local())
