"""Values for fields, from a file and the command line: checked by line, and a column for each of several."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.unit.access.runs import HEAD
from tui.access.field_values import EXAMPLE, Values, read_values, refuse_unknown_fields, values_problems
from tui.access.model import ANONYMOUS_ROW, Column
from tui.access.plan import filter_confirmed, restore_requests
from tui.access.policy import Policy
from tui.access.requests import MatrixRequest, default_requests, parse_requests
from tui.access.structured_file import StructuredFile
from tui.airisk.endpoints.model import Endpoint, Field
from tui.airisk.identity import ANONYMOUS, Identity
from tui.errors import PlanError

CHAT = Endpoint("Chat", "", "GET", "/chats/{id}", fields=(Field("id", "path", required=True), Field("page")))
MAIL = Endpoint("Mail", "", "GET", "/mails/{id}", fields=(Field("id", "path", kind="integer", required=True),))
ASK = Endpoint(
    "Ask",
    "",
    "POST",
    "/ask",
    fields=(Field("agent", "body", required=True, choices=("a", "b")), Field("token", "body", required=True)),
)
KNOWN = (CHAT, MAIL, ASK)
VALUES_IN_YAML = """\
version: 1
values:
  id: [c-1, 7]
  idd: 8
  agent: c
endpoints:
  GET /mails/{id}:
    id: seven
    page: 2
  GET /mials/{id}: {id: 7}
"""
VALUES_IN_TOML = """\
version = 1
[values]
page = 1
id = []
[endpoints."GET /chats/{id}"]
page = 1
[endpoints."GET /mails/{id}"]
id = "seven"
"""


def columns(text: str, values: Values) -> list[Column]:
    return [request.column for request in parse_requests(text, KNOWN, values)]


def test_each_problem_is_listed_with_its_line_and_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text(VALUES_IN_YAML)
    problems = values_problems(StructuredFile.read(tmp_path / "values.yaml"), KNOWN)
    assert [str(problem) for problem in problems] == [
        "line 4: “idd”: no known endpoint has this field; did you mean “id”?",
        "line 5: agent must be one of a, b",
        "line 8: id must be a whole number",
        "line 9: “page”: the endpoint has no such field",
        "line 10: “GET /mials/{id}” is not a known endpoint; did you mean “GET /mails/{id}”?",
    ]


def test_the_example_of_the_message_is_a_file_of_values(tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text(EXAMPLE.removeprefix("Example: ").removesuffix("."))
    known = Endpoint("X", "", "GET", "/api/x", fields=(Field("id"), Field("conversationId")))
    assert read_values(tmp_path / "values.yaml", [known], {}).of(known) == {
        "id": ("7", "8"),
        "conversationId": ("c-1",),
    }


def test_a_value_of_the_command_line_that_fits_no_endpoint_is_refused() -> None:
    refuse_unknown_fields(["id", "page", "agent"], KNOWN)
    with pytest.raises(PlanError, match=r"^--value idd: no known endpoint has this field; did you mean “id”\?$"):
        refuse_unknown_fields(["id", "idd"], KNOWN)
    with pytest.raises(PlanError, match=r"^--value colour: no known endpoint has this field\.$"):
        refuse_unknown_fields(["colour"], KNOWN)


def test_a_table_of_toml_has_its_lines(tmp_path: Path) -> None:
    (tmp_path / "values.toml").write_text(VALUES_IN_TOML)
    problems = values_problems(StructuredFile.read(tmp_path / "values.toml"), KNOWN)
    assert [str(problem) for problem in problems] == ["line 4: “id” has no value", "line 8: id must be a whole number"]
    (tmp_path / "values.toml").write_text("version = 1\n[valeus]\nid = 1\n")
    problems = values_problems(StructuredFile.read(tmp_path / "values.toml"), KNOWN)
    assert [str(problem) for problem in problems] == ["line 2: unknown member “valeus”"]


def test_the_command_line_comes_before_the_endpoint_and_that_before_all(tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text(
        "values: {id: 1, page: 1}\nendpoints: {'get /chats/{id}': {id: c-2, page: 2}}\n"
    )
    values = read_values(tmp_path / "values.yaml", KNOWN, {"page": ("3",)})
    assert values.of(CHAT) == {"id": ("c-2",), "page": ("3",)}
    assert values.of(MAIL) == {"id": ("1",)}


def test_several_values_are_a_column_each_that_is_named_after_its_value() -> None:
    values = Values(typed={"id": ("1", "a/b"), "page": ("2",)})
    assert [column.name for column in columns("GET /chats/{id}", values)] == ["GET /chats/1", "GET /chats/a%2Fb"]
    assert [column.target for column in columns("GET /chats/{id}", values)] == [
        "/chats/1?page=2",
        "/chats/a%2Fb?page=2",
    ]
    pages = Values(typed={"id": ("1",), "page": ("2", "3")})
    assert [column.name for column in columns("GET /chats/{id}", pages)] == [
        "GET /chats/{id}?page=2",
        "GET /chats/{id}?page=3",
    ]
    found, skipped = filter_confirmed(default_requests(KNOWN, Values(typed={"id": ("1", "x")})), ())
    assert [request.column.name for request in found] == ["GET /chats/1", "GET /chats/x", "GET /mails/1"]
    assert [(left.name, left.reason) for left in skipped] == [("GET /mails/x", "id must be a whole number.")]


def test_a_policy_for_the_endpoint_speaks_of_each_of_its_columns() -> None:
    rules = [{"allow": ["GET /chats/{id}", "POST /ask"], "identities": "anonymous"}]
    policy = msgspec.convert({"rules": rules}, Policy)
    found = columns("GET /chats/{id}", Values(typed={"id": ("1", "{{user.id}}")}))
    found += columns("POST /ask", Values(typed={"agent": ("a", "b"), "token": ("x",)}))
    assert set(policy.row(ANONYMOUS_ROW, found).values()) == {"allow"}


def test_values_that_are_sent_in_the_body_are_in_the_name_and_secret_ones_masked() -> None:
    values = Values(typed={"agent": ("a", "b"), "token": ("hunter2", "hunter3")})
    names = [column.name for column in columns("POST /ask", values)]
    assert names == [
        "POST /ask (agent=a, token=••••)",
        "POST /ask (agent=a, token=••••) #2",
        "POST /ask (agent=b, token=••••)",
        "POST /ask (agent=b, token=••••) #2",
    ]
    requests = list(parse_requests("POST /ask", KNOWN, Values(typed={"agent": ("a", "b"), "token": ("x",)})))
    assert filter_confirmed(requests, ["post /ask"]) == (tuple(requests), ())
    assert [left.name for left in filter_confirmed(requests, [])[1]] == ["POST /ask"]


def test_each_identity_has_its_own_of_several_values() -> None:
    both = list(parse_requests("GET /chats/{id}", KNOWN, Values(typed={"id": ("{{user.id}}", "c-1")})))
    assert [request.column.name for request in both] == ["GET /chats/{{user.id}}", "GET /chats/c-1"]
    assert both[0].make(Identity("user", "u-1")).target == "/chats/u-1"
    assert both[0].column.target == "/chats/{id}"
    assert both[1].make(ANONYMOUS).target == "/chats/c-1"


@pytest.mark.parametrize("name", ["GET /chats/{id}", "GET /unknown/{id}"])
def test_a_run_with_several_values_is_resumed_as_it_was(name: str) -> None:
    requests = tuple(parse_requests(name, KNOWN, Values(typed={"id": ("1", "{{user.id}}")})))
    head = msgspec.structs.replace(
        HEAD, columns=[each.column for each in requests], inputs=[each.inputs for each in requests]
    )
    restored, skipped = restore_requests(head, KNOWN)
    assert skipped == ()
    assert [sent(each) for each in restored] == [sent(each) for each in requests]


def sent(request: MatrixRequest) -> tuple[Column, str]:
    return request.column, request.make(Identity("user", "u-1")).target


def test_too_many_columns_are_refused() -> None:
    many = tuple(map(str, range(40)))
    with pytest.raises(PlanError, match="make 1600 columns; 1000 are possible"):
        columns("GET /chats/{id}", Values(typed={"id": many, "page": many}))
