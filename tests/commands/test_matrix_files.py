"""Policies and rules are printed, explained and checked without settings and without a network."""

from __future__ import annotations

import json
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "matrix.md"


def test_a_policy_starts_from_the_example_and_says_where_it_is_wrong(place):
    example = place.run("matrix", "policy")
    assert (example.code, example.err) == (0, "")
    (place.cwd / "policy.yaml").write_text(example.text)
    assert place.run("matrix", "policy", "--check", "policy.yaml").text == "policy.yaml is valid (3 rules).\n"
    (place.cwd / "policy.yaml").write_text(example.text.replace("roles: Admin", "role: Admin"))
    done = place.run("matrix", "policy", "--check", "policy.yaml")
    line = example.text[: example.text.index("roles: Admin")].count("\n") + 1
    assert (done.code, done.out) == (2, b"")
    assert done.err == f"airisk-tui: policy.yaml, line {line}: rule “admins upload files”: unknown member “role”\n"


def test_the_examples_of_a_policy_fit_the_sandbox(place, sandbox):
    section = GUIDE.read_text(encoding="utf-8").partition("\n## Write a policy\n")[2]
    for example in (place.run("matrix", "policy").text, section.partition("```yaml\n")[2].partition("```")[0]):
        (place.cwd / "policy.yaml").write_text(example)
        done = place.run("matrix", "--all", "--policy", "policy.yaml", "--dry-run")
        assert done.code == 0, done.err


def test_rules_start_from_the_default_ones_and_say_where_they_are_wrong(place):
    default = place.run("matrix", "rules")
    assert 'name = "error in the body"' in default.text
    (place.cwd / "rules.toml").write_text(default.text)
    assert place.run("matrix", "rules", "--check", "rules.toml").code == 0
    (place.cwd / "rules.toml").write_text(default.text + '\n[[rules]]\nname = "x"\n')
    done = place.run("matrix", "rules", "--check", "rules.toml")
    line = default.text.count("\n") + 2
    assert (done.code, done.err) == (2, f"airisk-tui: rules.toml, line {line}: rule “x”: “verdict” is missing\n")


def test_editors_get_a_schema(place):
    for what in ("policy", "rules"):
        assert "rules" in json.dumps(json.loads(place.run("matrix", what, "--schema").out))


def test_a_broken_policy_leads_to_the_command_that_explains_one(place, sandbox):
    (place.cwd / "policy.yaml").write_text("rules:\n- {alow: GET /a}\n- {allow: GET /a, deny: GET /b}\n")
    done = place.run("matrix", "--all", "--policy", "policy.yaml")
    assert done.code == 2
    assert done.line == (
        "policy.yaml, line 2: unknown member “alow” (1 more). "
        "Run `airisk-tui matrix policy` for an example and an explanation."
    )
