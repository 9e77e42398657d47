"""`{{names}}` in what is typed: each is replaced by its value, which changes nothing around it."""

import json
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.airisk.telling import ADA, AGENT, AGENTS, CONVERSATIONS, after, answered, refusal_of
from tui.airisk.endpoints.variables import Variables
from tui.errors import RequestRejectedError

# How it is written


def test_spaces_escapes_and_braces() -> None:
    known = Variables().keep("a", "A")
    written = {
        "plain": "plain",
        "{{a}}{{ a }}{{\ta\n}}": "AAA",
        r"\{{a}}": "{{a}}",
        r"\{{": "{{",
        r"\\{{a}}": r"\\A",
        r"\\\{{a}}": r"\\{{a}}",
        "{ {a}} }}": "{ {a}} }}",
        "{{a}}}": "A}",
        "[{{a}}]}}": "[A]}}",
    }
    assert {text: known.fill(text, ADA) for text in written} == written


@pytest.mark.parametrize("text", ["{{", "{{}}", "{{ }}", "{{a", "{{a}", "{{a{{a}}}}", "{{{a}}}", r"\\{{"])
def test_two_braces_without_a_name_are_refused(text: str) -> None:
    assert refusal_of(Variables().keep("a", "A"), text) == "After {{ a name and }} must follow, as in {{user.id}}."


def test_a_value_is_not_filled_in_again() -> None:
    known = Variables().keep("a", "{{b}}").keep("b", "B")
    assert known.fill("{{a}}", ADA) == "{{b}}"


def test_an_object_is_not_a_value() -> None:
    known = after(answered("/x", {"a": [1]}))
    assert refusal_of(known, "{{response.a}}") == "{{response.a}} is a list or an object."
    assert refusal_of(known, '"{{response}}"', into="json") == "{{response}} is a list or an object."


VALUES = st.text(max_size=12) | st.sampled_from(
    ['"', "\\", '","admin":true,"x":"', "{{a}}", "\n", "../..", "?a=b#c", "%2e%2e"]
)


@given(VALUES)
def test_no_value_breaks_out_of_a_string_of_json(value: str) -> None:
    known = after(answered("/x", {"v": value}))
    text = r'{"q\"": "<{{response.v}}>", "n": {{response.v}}, "all": {{response}}}'
    assert json.loads(known.fill(text, ADA, "json")) == {'q"': f"<{value}>", "n": value, "all": {"v": value}}


@given(VALUES)
def test_no_value_changes_the_path(value: str) -> None:
    path, _, last = after(answered("/x", {"v": value})).fill("/api/{{response.v}}/z", ADA, "target").rpartition("/")
    assert last == "z"
    assert unquote(path.removeprefix("/api/")) == value
    assert not set(path.removeprefix("/api/")) & set("/?#&= \r\n")


@given(VALUES)
def test_no_value_adds_a_header(value: str) -> None:
    known = after(answered("/x", {"v": value}))
    try:
        headers = known.fill("X-One: {{response.v}}\nX-Two: 2", ADA, "headers")
    except RequestRejectedError:
        assert not value.isprintable()
    else:
        assert headers.split("\n") == [f"X-One: {value}", "X-Two: 2"]


@pytest.mark.parametrize(
    ("kept", "written"),
    [
        ("20", "20"),
        ("-1.5", "-1.5"),
        ("true", "true"),
        ("null", "null"),
        ("007", '"007"'),
        ("x", '"x"'),
        ('{"a":1}', '"{\\"a\\":1}"'),
    ],
)
def test_what_is_kept_is_a_number_in_json_where_it_looks_like_one(kept: str, written: str) -> None:
    known = Variables().keep("n", kept)
    assert known.fill("[{{n}}]", ADA, "json") == f"[{written}]"
    assert json.loads(known.fill('["{{n}}"]', ADA, "json")) == [kept]


def test_what_a_response_told_keeps_its_kind_in_json() -> None:
    known = after(answered("/x", {"text": "7", "number": 7, "yes": True}))
    assert known.fill("[{{response.text}}, {{response.number}}, {{response.yes}}]", ADA, "json") == '["7", 7, true]'


# Naming


def test_ids_are_named_after_what_they_are_those_of() -> None:
    known = after(answered(AGENTS, [AGENT]), answered(CONVERSATIONS, [{"id": "c-1", "title": "Drift"}]))
    text = r"{{agent.id}} {{ conversation.id }} {{user.id}} {{agent.name}} {{response.0.id}} \{{agent.id}}"
    assert known.named(text, ADA) == {"a-1": "First", "c-1": "Drift", "u-1": "Ada"}
    assert after(answered(AGENTS, [{"id": "a-1"}])).named("{{agent.id}}", ADA) == {}


# Offering


def test_names_are_offered_with_their_values() -> None:
    answer = [{"id": "x" * 100, "deep": {"er": {"est": 1}}, "a.b": 1, "}}": 1, "none": None}]
    known = after(answered(AGENTS, [AGENT | {"botSuggestion": []}]), answered("/x", answer))
    assert known.keep("mine", "1").names(ADA) == (
        ("user.id", "u-1"),
        ("user.name", "Ada"),
        ("agent.id", "a-1"),
        ("agent.name", "First"),
        ("mine", "1"),
        ("response.0.id", "x" * 60),
    )


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text("aA_.{} -0", max_size=3), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_every_name_that_is_offered_can_be_filled_in(document: object) -> None:
    known = after(answered(AGENTS, [document]), answered("/x", document))
    for name, preview in known.names(ADA):
        if preview:
            assert known.fill(f"{{{{{name}}}}}", ADA).startswith(preview)


def test_the_names_of_a_large_answer_are_few() -> None:
    known = after(answered("/x", [{"id": number} for number in range(50_000)]))
    assert len(known.names(ADA)) < 50


def test_nothing_that_was_reported_is_shown_by_accident() -> None:
    known = after(answered("/x", {"id": "c4nary"})).keep("a", "c4nary").pick("agent", {"id": "c4nary"}, ADA)
    assert "c4nary" not in repr(known)
