"""`--help`: it names everything, fits on a terminal, and what it shows can be typed."""

import json
import re

import pytest

from tests.kit.shell import parsers
from tui.sandbox import Options, Sandbox


@pytest.mark.parametrize("name", parsers())
def test_every_option_is_named_and_explained_on_80_columns(place, name):
    done = place.run(*name.split(), "--help", COLUMNS="80")
    assert (done.code, done.err) == (0, "")
    for action in parsers()[name]._actions:
        named = action.option_strings or [str(action.metavar or action.dest)]
        assert all(re.search(rf"(?<![\w-]){re.escape(each)}(?![\w-])", done.text) for each in named), named
        assert action.help or action.choices, named
    assert [line for line in done.text.splitlines() if len(line) > 80] == []


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
        outcomes = [place.shell(example) for example in examples]
    failed = {example: done.err for example, done in zip(examples, outcomes, strict=True) if done.code}
    assert failed == {}
    # A matrix says on stderr what it is about to ask.
    spoke = {example: done.err for example, done in zip(examples, outcomes, strict=True) if " matrix " not in example}
    assert {example: err for example, err in spoke.items() if err} == {}
    assert json.loads(outcomes[1].out)
    assert "thread.message.delta" in outcomes[2].text


def test_its_reader_may_go_away(place):
    done = place.shell("airisk-tui request --help | true; echo ${PIPESTATUS[0]}")
    assert (done.out in {b"0\n", b"141\n"}, done.err) == (True, "")


def test_the_version(place):
    assert re.fullmatch(rb"airisk-tui \d+\.\d+\S*\n", place.run("--version").out)
