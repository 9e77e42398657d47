"""How a run begins, or goes on where another program left it, whether that was on a screen or without one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tui.access.cells import Row
from tui.access.document import Terms, now
from tui.access.errors import NotAPlan, NotARun
from tui.access.essence import digest_of_bytes
from tui.access.kept import Head, RunFile, directory_of
from tui.access.plan import Plan, confirmed
from tui.access.questions import LeftOut, Question, again
from tui.access.rules import Rules, default_rules, read_rules
from tui.airisk.endpoints.model import Endpoint
from tui.config.settings import Settings

_LOOKED_AT = 5
"""Runs among which an unfinished one is looked for, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A plan as it stands.

    Args:
        plan: what would be asked.
        terms: under which it is asked.
        rules: what answers mean.
        path: where its run is kept.
        earlier: what is known of it already; closed.
    """

    plan: Plan
    terms: Terms
    rules: Rules
    path: Path
    earlier: RunFile | None = None

    @classmethod
    def of(
        cls,
        rows: Sequence[Row],
        questions: tuple[Question, ...],
        left_out: tuple[LeftOut, ...],
        *,
        terms: Terms,
        rules: Rules,
        path: Path,
        earlier: RunFile | None,
    ) -> Proposal:
        """A proposal at the pace that its terms say."""
        plan = Plan(
            rows=rows,
            questions=questions,
            left_out=left_out,
            concurrency=terms.concurrency,
            rate=terms.rate,
            reason=terms.reason,
        )
        return cls(plan=plan, terms=terms, rules=rules, path=path, earlier=earlier)

    @classmethod
    def going_on(
        cls, run: RunFile, endpoints: Iterable[Endpoint], terms: Terms, names: Collection[str] | None = None
    ) -> Proposal:
        """What is left of a run, whoever began it; the terms say how fast, and why. Blocks.

        What may change things has to be confirmed again, by its name: the file may have been edited meanwhile. Without
        `names` it is all in the plan, for whoever asks before it starts.

        Raises:
            NotRules: the rules it was begun with cannot be read.
            NotAPlan: they have changed, or nothing was begun.
        """
        head = run.head
        if head is None:
            raise NotAPlan("No run was begun.", advice="Begin one.")
        questions, left_out = questions_again(head, endpoints)
        if names is not None:
            questions, left_out = confirmed((*questions, *left_out), names)
        return cls.of(head.rows, questions, left_out, terms=terms, rules=rules_again(head), path=run.path, earlier=run)

    def begin(self, settings: Settings, *, goes_on: bool) -> tuple[RunFile, Head]:
        """The file of the run, begun or gone on with, and what is asked of whom. Blocks.

        Raises:
            NotARun: it cannot be kept, or another program is at it.
        """
        file = RunFile.open(self.path)
        head = file.head if goes_on else None
        if head is None:
            head = self._head(settings)
            try:
                file.begin(head)
            except NotARun:
                file.close()
                raise
        return file, head

    def _head(self, settings: Settings) -> Head:
        questions = self.plan.questions
        return Head(
            key=self.path.stem,
            deployment=str(settings.origin),
            client_id=settings.client_id,
            started=now(),
            terms=self.terms,
            rows=list(self.plan.rows),
            columns=[question.column for question in questions],
            asked=[question.asked for question in questions],
            rules=digest_of_bytes(self.rules.ids),
        )


def unfinished(settings: Settings) -> RunFile | None:
    """The newest run of this application against this deployment that was not brought to its end; closed. Blocks."""
    found = sorted(directory_of(str(settings.origin)).glob("*.jsonl"), key=lambda path: -path.stat().st_mtime)
    for path in found[:_LOOKED_AT]:
        with suppress(NotARun):  # another program is at it
            run = look(path)
            if run and run.head and run.head.client_id == settings.client_id and run.head.asked and not run.is_whole:
                return run
    return None


def look(path: Path) -> RunFile | None:
    """What is known of a run, closed; nothing where nothing is. Blocks.

    Raises:
        NotARun: it cannot be read, or another program is at it.
    """
    if not path.exists():
        return None
    run = RunFile.open(path)
    run.close()
    return run if run.head and run.cells else None


def questions_again(head: Head, endpoints: Iterable[Endpoint]) -> tuple[tuple[Question, ...], tuple[LeftOut, ...]]:
    """The questions of a run that was begun, and those that cannot be asked any more as they were. Blocks."""
    known = {endpoint.key: endpoint for endpoint in endpoints}
    found = [again(column, asked, known) for column, asked in zip(head.columns, head.asked, strict=False)]
    questions = tuple(each for each in found if isinstance(each, Question))
    return questions, tuple(each for each in found if isinstance(each, LeftOut))


def rules_again(head: Head) -> Rules:
    """The rules that a run was begun with. Blocks.

    Raises:
        NotRules: they cannot be read.
        NotAPlan: they are others by now.
    """
    rules = read_rules(Path(head.terms.rules)) if head.terms.rules else default_rules()
    if digest_of_bytes(rules.ids) != head.rules:
        raise NotAPlan("The rules are others than those of the run that was begun.", advice="Begin it anew.")
    return rules
