"""`airisk-tui users`, as a script and as a person read it."""

import csv
import io
import json

import pytest

from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.faults import answers, answers_json
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.shapes import NOT_PEOPLE, ListStyle, Person
from tests.kit.pty import opened

HOSTILE = (
    Person("=1+1", "\x1b]52;c;aGk=\x07Osc"),
    Person("\u202eevil", "two\nlines\ttab \x9b31m"),
    Person('qu"ote,comma', "名前 🦉"),
)


@pytest.fixture
def hostile(place):
    with ForeignAIRisk(Dialect(people=HOSTILE)) as server:
        place.reach(server)
        yield server


def test_a_table_is_for_reading(place, airisk):
    done = place.run("users")
    assert (done.code, done.err) == (0, "")
    heading, *rows = done.text.splitlines()
    assert heading.split()[:4] == ["id", "name", "email", "role"]
    assert [row.split()[0] for row in rows] == ["u-1", "u-2", "u-3"]
    assert len({row.index("@example.com") - len(row.split("@")[0].split()[-1]) for row in rows}) == 1, "aligned"


def test_json_and_csv_hold_every_text_exactly(place, hostile):
    in_json = json.loads(place.run("users", "--format", "json").out)
    assert [(user["id"], user["name"]) for user in in_json] == [(each.id, each.name) for each in HOSTILE]
    in_csv = list(csv.DictReader(io.StringIO(place.run("users", "--format", "csv").text, newline="")))
    assert [user["name"] for user in in_csv] == [each.name for each in HOSTILE]
    assert [user["id"] for user in in_csv] == ["'=1+1", *(each.id for each in HOSTILE[1:])], "no formula"


def test_a_carriage_return_in_a_name_begins_no_line_of_its_own_in_a_spreadsheet(place):
    with ForeignAIRisk(Dialect(people=(Person("u-1", "Grace\r=1+1"),))) as server:
        place.reach(server)
        written = place.run("users", "--format", "csv").text
    assert '"Grace\r=1+1' in written
    (line,) = csv.DictReader(io.StringIO(written, newline=""))
    assert line["id"] == "u-1"


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_on_a_terminal_nothing_in_a_name_acts(place, hostile, form):
    with opened(place, "users", "--format", form) as terminal:
        assert terminal.ended() == 0
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(terminal.output.decode())
    assert "evil" in terminal.output.decode()


def test_the_beginning_is_enough_for_head(place):
    many = tuple(Person(f"u-{number}", "Somebody", "Else") for number in range(5_000))
    with ForeignAIRisk(Dialect(people=many)) as server:
        place.reach(server)
        done = place.shell("airisk-tui users --format json | head -c 100; echo ${PIPESTATUS[*]}")
    assert done.err == ""
    assert done.out.startswith(b'[\n  {"id":"u-0"')
    assert done.text.endswith("141 0\n")


def test_only_those_in_whom_every_word_occurs(place, airisk):
    done = place.run("users", "--filter", "hop GRACE", "--format", "json")
    assert [user["id"] for user in json.loads(done.out)] == ["u-2"]
    assert place.run("users", "--filter", "nobody", "--format", "json").out == b"[]\n"
    assert place.run("users", "--filter", b"\xff").code == 0


def test_what_is_no_user_is_counted(place):
    with ForeignAIRisk(Dialect(list_style=ListStyle(other_entries=NOT_PEOPLE))) as server:
        place.reach(server)
        done = place.run("users")
    assert done.code == 0
    assert done.line == f"Skipped {len(NOT_PEOPLE)} of {3 + len(NOT_PEOPLE)} entries that are not users."


NOBODY = "AIRisk lists no users. The deployment may be empty, or this client may not be allowed to list users."


@pytest.mark.parametrize("body", [b"[]", b"", b'{"success": false, "users": []}'])
def test_that_nobody_is_listed_is_said(place, airisk, body):
    airisk.breaks("/api/ListUsers", answers_json(body))
    done = place.run("users")
    assert (done.code, done.line) == (0, NOBODY)
    assert len(done.text.splitlines()) == 1, "the heading"


def test_so_is_a_response_without_content(place, airisk):
    airisk.breaks("/api/ListUsers", answers(204))
    done = place.run("users", "--format", "json")
    assert (done.code, done.line, done.text) == (0, NOBODY, "[]\n")


def test_a_filter_that_finds_nobody_is_named_and_the_list_is_not_called_empty(place, airisk):
    done = place.run("users", "--filter", "zzz")
    assert (done.code, done.err) == (0, "airisk-tui: No user matches “zzz”.\n")


def test_ids_come_from_the_users_own_key_and_the_other_one_is_named(place):
    style = ListStyle(misleading_keys=("$id", "_id", "userId"), is_preserved=True)
    with ForeignAIRisk(Dialect(people=(Person(1, "Ann"), Person(2, "Bob")), list_style=style)) as server:
        place.reach(server)
        done = place.run("users", "--format", "json")
    assert [(user["id"], user["name"], user["user_id"]) for user in json.loads(done.out)] == [
        ("1", "Ann", "2"),
        ("2", "Bob", "3"),
    ]
    assert done.line == "IDs are taken from “id”, not from “_id” or “userId”."


def test_a_lone_surrogate_in_a_name_ends_no_format(place, airisk):
    airisk.breaks("/api/ListUsers", answers_json(rb'[{"id": "u-1", "name": "\ud800"}]'))
    for form in ("table", "json", "csv"):
        done = place.run("users", "--format", form)
        assert done.code == 0, done.err
        assert "u-1" in done.text
        assert form != "json" or json.loads(done.out)[0]["name"] == "\ud800"
