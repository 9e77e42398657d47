"""`--help`: it names everything, fits on a terminal, and what it shows can be typed."""

import argparse
import json
import re
import shlex

import pytest

from tests.kit.shell import parsers
from tui.cli import main
from tui.cli.parser import EXIT_CODES
from tui.sandbox import Options, Sandbox


@pytest.mark.parametrize("name", parsers())
def test_every_option_is_named_and_explained_on_80_columns(place, name):
    done = place.run(*name.split(), "--help", COLUMNS="80")
    assert (done.code, done.err) == (0, "")
    for action in parsers()[name]._actions:
        if action.help == argparse.SUPPRESS:
            continue
        named = action.option_strings or [str(action.metavar or action.dest)]
        assert all(re.search(rf"(?<![\w-]){re.escape(each)}(?![\w-])", done.text) for each in named), named
        assert action.help or action.choices, named
    assert [line for line in done.text.splitlines() if len(line) > 80] == []


def test_exit_codes_stand_in_one_place():
    assert [name for name, each in parsers().items() if re.search(r"exit codes?:? \d", each.epilog or "")] == []


def test_the_examples_work(place):
    examples = [
        example
        for each in parsers().values()
        for example in re.findall(r"^  (airisk-tui .*(?:\n    .*)*)", each.epilog or "", flags=re.MULTILINE)
    ]
    assert len(examples) >= 4
    (place.cwd / "report.pdf").write_bytes(b"%PDF-1.7")
    for number in (1, 2, 3):
        (place.cwd / f"part-{number}.json").symlink_to("admins.json")  # which one of the examples writes
    with Sandbox(Options()) as sandbox:
        options = sandbox.options
        place.tell(AIRISK_URL=sandbox.url, CLIENT_ID=options.client_id, CLIENT_SECRET=options.client_secret)
        outcomes = [
            place.shell(example) if " > " in example else place.run(*shlex.split(example.replace("\\\n", " "))[1:])
            for example in examples
        ]
    failed = {example: done.err for example, done in zip(examples, outcomes, strict=True) if done.code}
    assert failed == {}
    # A matrix prints its plan on stderr.
    spoke = {example: done.err for example, done in zip(examples, outcomes, strict=True) if " matrix " not in example}
    assert {example: err for example, err in spoke.items() if err} == {}
    (listed, asked) = (
        next(done.out for example, done in zip(examples, outcomes, strict=True) if f"request {path}" in example)
        for path in ("GET /api/Chat/ListAgents", "POST /api/Chat/AskAgent")
    )
    assert json.loads(listed)
    assert b"thread.message.delta" in asked


def test_its_reader_may_go_away(place):
    done = place.shell("airisk-tui request --help | true; echo ${PIPESTATUS[0]}")
    assert (done.out in {b"0\n", b"141\n"}, done.err) == (True, "")


def test_the_version(place):
    assert re.fullmatch(rb"airisk-tui \d+\.\d+\S*\n", place.run("--version").out)


def test_help_explains_the_program_a_command_or_the_exit_codes(place):
    assert place.run("help").out == place.run("--help").out
    assert place.run("help", "matrix", "merge").out == place.run("matrix", "merge", "--help").out
    codes = place.run("help", "exit-codes").text
    assert [line.partition("  ")[0] for line in codes.splitlines() if line[:1].isdigit()] == list(EXIT_CODES)
    done = place.run("help", "matrx")
    assert (done.code, done.line) == (2, "Unknown command matrx. Did you mean matrix? See `airisk-tui --help`.")


def test_every_command_is_in_one_group_of_the_help():
    text = main._parser().format_help()
    shown = re.findall(r"^  ([a-z]+) {2,}", text, re.MULTILINE)
    assert sorted(shown) == sorted(name for name in parsers() if name and " " not in name)
    assert text.index("examples:") < text.index("App:") < text.index("options:")


@pytest.mark.parametrize("name", ["", "setup", "forget", "users", "doctor", "request", "matrix", "exec", "demo"])
def test_read_only_is_shown_where_it_acts(name):
    shows = "--read-only" in parsers()[name].format_help()
    assert shows == (name in {"", "request", "matrix", "exec", "demo"})


def test_defaults_are_named_as_such():
    helps = [str(action.help) for each in parsers().values() for action in each._actions]
    assert [text for text in helps if re.search(r"\((?:\d+|table|jwt|both|text)\)", text)] == []
    assert any("(default: table)" in text for text in helps)
