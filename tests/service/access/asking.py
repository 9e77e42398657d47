"""How a test runs a matrix against a deployment on loopback, and what the sandbox's own table says of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager

from tui.access.cells import ANONYMOUS_ROW, GENERIC_ROW, Cell, Row, Verdict
from tui.access.judging import Judge
from tui.access.plan import Plan
from tui.access.questions import Question
from tui.access.rules import Rules, default_rules
from tui.access.running import Run
from tui.access.weighing import Scales
from tui.airisk.acting import Record
from tui.airisk.models import Draft, Upload
from tui.airisk.origin import parse_origin
from tui.airisk.session import Session
from tui.airisk.settings import Settings
from tui.airisk.vault import Secret
from tui.sandbox import Sandbox
from tui.sandbox.endpoints import ENDPOINTS, Endpoint
from tui.sandbox.people import People, Person
from tui.sandbox.permissions import READS_EVERYONE, is_allowed

FIRST = "c-000000-00"
"""A conversation of the first person."""

GUARDED = [endpoint for endpoint in ENDPOINTS if endpoint.opened_by != "nothing"]
_IN_JSON = (("Content-Type", "application/json"),)
_OWNERS = frozenset({"AskAgent", "AddFileToConversation", "SubmitFeedback"})


def question_of(endpoint: Endpoint) -> Question:
    """One of the sandbox's endpoints, asked about the first person's conversation."""
    path = endpoint.path.replace("{conversationId}", FIRST).replace("{agentid}", "agent-0")
    path = path.replace("{results}/{skip}/{metadatasearch}", "5/0/x")
    drafts = {
        "CreateConversation": Draft("POST", path, (), _IN_JSON, b'{"title": "t", "agentId": "agent-0"}'),
        "AskAgent": Draft("POST", path, (), _IN_JSON, b'{"conversationID": "%b", "text": "?"}' % FIRST.encode()),
        "AddFileToConversation": Draft("POST", path, files=(Upload("a.txt", "a.txt", b"a"),)),
        "SubmitFeedback": Draft(
            "POST", path, (("conversationId", FIRST), ("messageId", "m-000000-00-1"), ("feedback", "Like"))
        ),
    }
    return Question.of(f"{endpoint.method} {path}", drafts.get(endpoint.name, Draft(endpoint.method, path)))


QUESTIONS = {endpoint.path: question_of(endpoint) for endpoint in GUARDED}


def is_let_in(person: Person, endpoint: Endpoint) -> bool:
    """What the sandbox's own table, and who owns the conversation, say."""
    owns = person.id == "u-000000"
    if endpoint.name == "GetConversation" and not (owns or person.role in READS_EVERYONE):
        return False
    return is_allowed(person.role, endpoint.name) and (owns or endpoint.name not in _OWNERS)


def table(people: People) -> dict[tuple[str, str], Verdict]:
    """What each cell must say, of everybody who can be signed in, of the application and of nobody."""
    says = {
        (person.id, QUESTIONS[endpoint.path].column.name): is_let_in(person, endpoint)
        for person in people
        for endpoint in GUARDED
        if not person.is_suspended
    }
    for endpoint in GUARDED:
        says["generic", QUESTIONS[endpoint.path].column.name] = endpoint.opened_by == "any token"
        says["anonymous", QUESTIONS[endpoint.path].column.name] = False
    return {key: Verdict.ALLOWED if let_in else Verdict.DENIED for key, let_in in says.items()}


def people_of(sandbox: Sandbox) -> People:
    """Its people."""
    return People(sandbox.options.users, sandbox.options.seed)


def everybody(people: People) -> list[Row]:
    """A row for each person, for the application and for nobody."""
    rows = [Row(person.id, "user", person.name, person.role, person.groups) for person in people]
    return [*rows, GENERIC_ROW, ANONYMOUS_ROW]


@asynccontextmanager
async def session_with(sandbox: Sandbox, record: Record | None = None, **changes: object) -> AsyncIterator[Session]:
    """A session as the program opens it."""
    settings = Settings(parse_origin(sandbox.url), sandbox.options.client_id, timeout=10.0, **changes)  # type: ignore[arg-type]
    async with Session(settings, Secret(sandbox.options.client_secret), record) as session:
        yield session


async def ask(
    session: Session,
    rows: Sequence[Row],
    questions: Iterable[Question],
    *,
    rules: Rules | None = None,
    known: Mapping[tuple[str, str], frozenset[str]] | None = None,
    watch: Callable[[Run], None] = lambda _: None,
    **how: object,
) -> list[Cell]:
    """Run a plan as fast as answers come, and weigh what came of it."""
    plan = Plan(rows=rows, questions=tuple(questions), **{"concurrency": 16, "rate": 0.0, **how})  # type: ignore[arg-type]
    plan.check(session.settings)
    cells: list[Cell] = []
    run = Run(session, plan, Judge(rules or default_rules()), known)
    watch(run)
    await run.go(cells.append, lambda _: None)
    columns = [question.column for question in plan.questions]
    found = {cell.key: cell for cell in cells}
    keys = [(*row.key, column.name) for row in rows for column in columns]
    return Scales().weigh(rows, columns, [found[key] for key in keys if key in found])


def verdicts(cells: Iterable[Cell]) -> dict[tuple[str, str], Verdict]:
    """What each cell says."""
    return {(cell.identity, cell.endpoint): cell.verdict for cell in cells}
