"""What the sandbox's own table of permissions says, and a matrix that was asked of it."""

from __future__ import annotations

from collections.abc import Iterable

from tui.access.matrix_document import Matrix
from tui.access.model import ANONYMOUS_ROW, APPLICATION_ROW, Cell, Row, Verdict
from tui.access.requests import MatrixRequest
from tui.airisk.models import Draft, Upload
from tui.sandbox import Sandbox
from tui.sandbox.api import ENDPOINTS, READS_EVERYONE, Endpoint, is_allowed
from tui.sandbox.people import People, Person

AGENTS, CHATS, USERS = "GET /api/Chat/ListAgents", "GET /api/Chat/GetConversations", "GET /api/ListUsers"
NAMES = {AGENTS: "ListAgents", CHATS: "GetConversations", USERS: "ListUsers"}
"""How the table calls them."""

FIRST = "c-000000-00"
"""A conversation of the first person."""

GUARDED = [endpoint for endpoint in ENDPOINTS if endpoint.opened_by != "nothing"]
_IN_JSON = (("Content-Type", "application/json"),)
_OWNERS = frozenset({"AskAgent", "AddFileToConversation", "SubmitFeedback"})


def question_of(endpoint: Endpoint) -> MatrixRequest:
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
    return MatrixRequest.of(f"{endpoint.method} {path}", drafts.get(endpoint.name, Draft(endpoint.method, path)))


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
        says["application", QUESTIONS[endpoint.path].column.name] = endpoint.opened_by == "any token"
        says["anonymous", QUESTIONS[endpoint.path].column.name] = False
    return {key: Verdict.ALLOWED if let_in else Verdict.DENIED for key, let_in in says.items()}


def people_of(sandbox: Sandbox) -> People:
    """Its people."""
    return People(sandbox.options.users, sandbox.options.seed)


def everybody(people: People) -> list[Row]:
    """A row for each person, for the application and for nobody."""
    rows = [Row(person.id, "user", person.name, person.role, person.groups) for person in people]
    return [*rows, APPLICATION_ROW, ANONYMOUS_ROW]


def verdicts(asked: Matrix | Iterable[Cell]) -> dict[tuple[str, str], Verdict]:
    """What each cell says."""
    cells = asked.cells if isinstance(asked, Matrix) else asked
    return {(cell.identity, cell.endpoint): cell.verdict for cell in cells}
