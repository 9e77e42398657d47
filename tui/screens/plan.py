"""The plan of a matrix, shown before anything is sent: Enter starts it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.access.document import Matrix, now, read_matrix
from tui.access.errors import NotAPlan
from tui.access.kept import Head, RunFile, directory_of
from tui.access.plan import Plan
from tui.access.policy import Policy, read_policy
from tui.access.proposing import Material, Wishes, key_of, plan_of, rows_of, terms_of
from tui.access.reports.words import plural
from tui.access.rules import Rules, default_rules, read_rules
from tui.access.weighing import Scales
from tui.airisk.errors import AIRiskError
from tui.airisk.session import Session
from tui.airisk.threads import in_thread
from tui.panes.identity import IdentityBar, is_production
from tui.panes.key_line import KeyLine
from tui.panes.plan import PlanForm
from tui.panes.plan_words import left_out_lines, plan_lines
from tui.readable import count
from tui.screens.ask import AskScreen
from tui.screens.file import FileScreen
from tui.text import clean


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What was decided. `file` is open, and begun or gone on with; `names` are those of policy and baseline."""

    plan: Plan
    rules: Rules
    scales: Scales
    head: Head
    file: RunFile
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A plan as it stands just now, and what is known of it already."""

    plan: Plan
    rules: Rules
    wishes: Wishes
    path: Path
    earlier: RunFile | None


class PlanScreen(ModalScreen[Planned | None]):
    """Returns what to run, or None.

    Args:
        session: in which it will be asked.
        material: what there is to choose from.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "Start", id="start_matrix", tooltip="Ask all of this", priority=True),
        Binding("tab,down", "app.focus_next", "Next", show=False, id="next_choice", tooltip="Go to the next line"),
        Binding(
            "shift+tab,up", "app.focus_previous", show=False, id="previous_choice", tooltip="Go to the line before"
        ),
        Binding("escape", "leave", "Cancel", id="leave_plan", tooltip="Ask nothing"),
    ]

    def __init__(self, session: Session, material: Material) -> None:
        super().__init__()
        self._session = session
        self._material = material
        self._seed = secrets.randbelow(1_000_000)
        self._rules: Rules | None = None
        self._policy: Policy | None = None
        self._baseline: Matrix | None = None

    def compose(self) -> ComposeResult:
        """Bar, choices, and what follows from them."""
        settings = self._session.settings
        yield IdentityBar()
        with Vertical(classes="dialog plan") as dialog:
            dialog.border_title = "Matrix: who can reach what"
            yield PlanForm(self._material, needs_reason=settings.require_reason, is_read_only=settings.read_only)
            yield Static(id="plan-words", markup=False)
            yield Static(id="plan-left-out", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """What would be asked as it stands."""
        self._propose()

    # The plan as it stands

    @on(PlanForm.Changed)
    def _consider(self, event: PlanForm.Changed) -> None:
        event.stop()
        self._propose()

    @work(group="propose", exclusive=True)
    async def _propose(self) -> None:
        try:
            draft = await self._draft()
        except AIRiskError as error:
            self._tell(error)
            return
        self._form.show_earlier(_earlier(draft))
        lines = plan_lines(draft.plan, self._session.settings.origin.name)
        self.query_one("#plan-words", Static).update(Content("\n").join(lines))
        self.query_one("#plan-left-out", Static).update(Content("\n").join(left_out_lines(draft.plan)))
        try:
            draft.plan.check(self._session.settings)
        except AIRiskError as error:
            self._tell(error, *lines)

    async def _draft(self) -> _Draft:
        wishes = replace(self._form.wishes(), seed=self._seed)
        rules = self._rules if "rules" in self._form.files else None
        if rules is None:
            rules = await in_thread(default_rules)
        material, settings = self._material, self._session.settings
        rows = await in_thread(rows_of, material, wishes)
        plan = plan_of(material, wishes, rows)
        key = key_of(material, wishes, rules, settings, plan.questions)
        path = directory_of(str(settings.origin)) / f"{key}.jsonl"
        return _Draft(plan, rules, wishes, path, await in_thread(_look, path))

    def _tell(self, error: AIRiskError, *lines: Content) -> None:
        # What is left out is told below, with the reasons.
        advice = "" if lines and isinstance(error, NotAPlan) else error.advice
        words = Content.styled(clean(f"{error.message} {advice}".strip(), limit=300), "$text-warning")
        self.query_one("#plan-words", Static).update(Content("\n").join([*lines, words]))

    # Files

    @on(PlanForm.FileWanted)
    @work(group="choose_file", exclusive=True)
    async def _choose_file(self, event: PlanForm.FileWanted) -> None:
        event.stop()
        path = await self.app.push_screen_wait(FileScreen(Path.cwd()))
        if path is None:
            return
        try:
            if event.name == "rules":
                self._rules = await in_thread(read_rules, path)
            elif event.name == "policy":
                self._policy = await in_thread(read_policy, path)
            else:
                self._baseline = await in_thread(read_matrix, path)
        except AIRiskError as error:
            self._tell(error)
        else:
            self._form.show_file(event.name, path)
            self._propose()

    # Starting

    def action_start(self) -> None:
        """Begin, once all that is needed is said."""
        self._start()

    @work(group="start", exclusive=True)
    async def _start(self) -> None:
        self.workers.cancel_group(self, "propose")
        try:
            draft = await self._draft()
            draft.plan.check(self._session.settings)
            if await self._is_allowed(draft.plan):
                self.dismiss(await self._planned(draft))
        except AIRiskError as error:
            self._tell(error)

    async def _is_allowed(self, plan: Plan) -> bool:
        """What changes things in production is asked for once more, by its label."""
        label = self._session.settings.label
        unsafe = [question.column.name for question in plan.questions if not question.is_safe]
        if not unsafe or not is_production(label):
            return True
        question = Content.assemble(
            f"{plural(len(plan.rows), 'identity')} would each send ", (clean(", ".join(unsafe), limit=200), "bold"), "."
        )
        note = f"It changes things in AIRisk. Type {clean(label)} to allow it."
        typed = await self.app.push_screen_wait(AskScreen("Change things?", question, note=note))
        return bool(typed) and typed is not None and typed.strip().casefold() == label.strip().casefold()

    async def _planned(self, draft: _Draft) -> Planned:
        files, goes_on = self._form.files, self._form.goes_on
        file = await in_thread(RunFile.open, draft.path)
        head = file.head if goes_on else None
        if head is None:
            head = self._head(draft)
            try:
                await in_thread(file.begin, head)
            except AIRiskError:
                file.close()
                raise
        return Planned(
            plan=replace(draft.plan, rows=head.rows),
            rules=draft.rules,
            scales=Scales(self._policy if "policy" in files else None, self._baseline if "baseline" in files else None),
            head=head,
            file=file,
            names={name: str(files.get(name, "")) for name in ("policy", "baseline")},
        )

    def _head(self, draft: _Draft) -> Head:
        settings = self._session.settings
        return Head(
            key=draft.path.stem,
            deployment=str(settings.origin),
            client_id=settings.client_id,
            started=now(),
            terms=terms_of(self._material, draft.wishes, draft.rules),
            rows=list(draft.plan.rows),
            columns=[question.column for question in draft.plan.questions],
        )

    def action_leave(self) -> None:
        """Ask nothing."""
        self.dismiss(None)

    @property
    def _form(self) -> PlanForm:
        return self.query_one(PlanForm)


def _look(path: Path) -> RunFile | None:
    """What is known of a run already. Blocks."""
    if not path.exists():
        return None
    run = RunFile.open(path)
    run.close()
    return run if run.head and run.cells else None


def _earlier(draft: _Draft) -> list[tuple[str, str]]:
    """How to begin, where there was a run of this: nothing that is known is forgotten unless the person says so."""
    run = draft.earlier
    if run is None or run.head is None:
        return []
    known, all_of_it = sum(map(len, run.known().values())), len(run.head.rows) * len(run.head.columns)
    since = run.head.started[:16].replace("T", " ")
    words = f"go on: {count(known)} of {plural(all_of_it, 'cell')} are known since {since} UTC"
    return [("on", words), ("anew", "anew, forgetting what is known")]
