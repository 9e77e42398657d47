"""What is wrong in a policy or a file of rules is listed with its line, whichever way the file is written."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tui.access.policy import Policy, example_policy, policy_problems
from tui.access.rules import RulesFile, default_rules_text, rules_problems
from tui.access.structured_file import StructuredFile
from tui.airisk.openapi.yaml_loader import read_yaml
from tui.cli.matrix_files import schema

POLICY_IN_YAML = """\
version: 1
defalt: deny
rules:
  - name: chats
    allow: GET /api/Chat/*
    roles: 7
  - {deny: DELETE *, user: u-1}
  - name: both
    allow: GET /a
    deny: GET /b
  - allow: GET /c
    except:
      users: u-1
      role: Admin
"""
RULES_IN_TOML = """\
version = 1
volatile = 3

[[rules]]
name = "fine"
verdict = "denied"

[[rules]]
verdict = "denied"

[[rules]]
name = "status"
verdict = "denied"
status = "2yy"

[[rules]]
name = "perhaps"

verdict = "perhaps"
"""


def test_each_problem_of_a_policy_is_listed_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(POLICY_IN_YAML)
    problems = policy_problems(StructuredFile.read(tmp_path / "policy.yaml"))
    assert [str(problem) for problem in problems] == [
        "line 2: unknown member “defalt”",
        "line 6: rule “chats”: “roles” must be text or a list, not a number",
        "line 7: unknown member “user”",
        "line 8: rule “both”: exactly one of “allow” and “deny” is needed",
        "line 14: unknown member “role”",
    ]


def test_each_problem_of_rules_is_listed_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(RULES_IN_TOML)
    problems = rules_problems(StructuredFile.read(tmp_path / "rules.toml"))
    assert [str(problem) for problem in problems] == [
        "line 2: “volatile” must be a list, not a number",
        "line 8: “name” is missing",
        "line 11: rule “status”: “2yy” is not a status; use 403, 4xx or 500-599",
        "line 19: rule “perhaps”: “verdict” must be allowed, denied or inconclusive, not “perhaps”",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "the file must be a mapping (NAME: VALUE), not a list"),
        ("version: 2", "“version” must be 1, not “2”"),
        ("default: 3", "“default” must be allow, deny or none, not a number"),
        ("rules: [3]", "an entry of “rules” must be a mapping (NAME: VALUE), not a number"),
        ("rules: [{allow: [GET /a, 3]}]", "an entry of “allow” must be text, not a number"),
        ("rules: [{allow: }]", "“allow” must be text or a list, not empty"),
        ("rules: [{deny: '*', identities: me}]", "“identities” must be anonymous, application or generic, not “me”"),
        (
            "rules: [{deny: '*', except: {identities: [me]}}]",
            "an entry of “identities” must be anonymous, application or generic, not “me”",
        ),
    ],
)
def test_a_value_of_the_wrong_type_is_named_in_words(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "policy.yaml").write_text(text)
    problems = policy_problems(StructuredFile.read(tmp_path / "policy.yaml"))
    assert [problem.text for problem in problems] == [words]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("GETT ListUsers", "“GETT ListUsers” has no HTTP method; did you mean “GET”?"),
        ("pst /api/*", "“pst /api/*” has no HTTP method; did you mean “POST”?"),
        ("TRACE *", "“TRACE *” has no HTTP method; use GET, HEAD, OPTIONS, DELETE, PATCH, POST, PUT"),
    ],
)
def test_an_endpoint_with_an_unknown_method_is_refused_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "policy.yaml").write_text(f'version: 1\nrules:\n- allow: ["get /a", "{text}"]\n')
    problems = policy_problems(StructuredFile.read(tmp_path / "policy.yaml"))
    assert [str(problem) for problem in problems] == [f"line 3: {words}"]


@pytest.mark.parametrize("text", ["* /api/*", "G* /api/*", "*", "get /a", "Create User", "Delete User", "agent:A b"])
def test_a_pattern_or_a_title_needs_no_method(tmp_path: Path, text: str) -> None:
    (tmp_path / "policy.yaml").write_text(f"rules: [{{deny: '{text}'}}]")
    assert policy_problems(StructuredFile.read(tmp_path / "policy.yaml")) == []


@pytest.mark.parametrize("text", ["", "[]", "7", "rules: 3", "rules: [3]", "rules: [[]]", '{"rules": {}}'])
def test_what_is_no_policy_at_all_has_a_problem_and_a_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "policy.yaml").write_text(text)
    problems = policy_problems(StructuredFile.read(tmp_path / "policy.yaml"))
    assert [problem.line for problem in problems] == [1]


def test_the_example_and_the_default_rules_fit_their_schemas() -> None:
    jsonschema.validate(read_yaml(example_policy())[0], json.loads(schema(Policy)))
    rules = StructuredFile.of_toml("default_rules.toml", default_rules_text()).value
    jsonschema.validate(rules, json.loads(schema(RulesFile)))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"rules": [{"alow": "GET /a"}]}, json.loads(schema(Policy)))


def test_a_volatile_field_that_would_never_match_is_listed(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("version: 1\nvolatile: [etag, $..etag]\n")
    problems = rules_problems(StructuredFile.read(tmp_path / "rules.yaml"))
    words = "“$..etag” is not a path of names and indexes, such as $.items[*]['a name'] in “volatile”"
    assert [str(problem) for problem in problems] == [f"line 2: {words}"]
