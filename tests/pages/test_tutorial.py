"""The tutorial is walked as it is written: each step is done, and what it says that one sees is seen."""

import re

import pytest

from tests.kit.pilot import Person, opened
from tests.pages.pages import ROOT
from tui.sandbox import Options, Sandbox

PAGE = ROOT / "docs" / "tutorial.md"
KEY = re.compile(r"Enter|Esc|F\d|Ctrl\+[A-Z]|.")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d-\d{4}")
"""In the name of a file: it is another one each time."""

NAMES = {"Esc": "escape", "↓": "down", "/": "slash"}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_the_tutorial_is_walked(tmp_path, monkeypatch, size):
    monkeypatch.chdir(tmp_path)
    with Sandbox(Options(users=200)) as server:
        async with opened(server, size=size, AIRISK_LABEL="sandbox", USER_ID=server.options.user_id) as person:
            await person.sees("200 users")
            for step in re.findall(r"^\d+\. .*$|^```text\n(?:.*\n)+?```$", PAGE.read_text(), re.MULTILINE):
                if step.startswith("```"):
                    await sees(person, step.splitlines()[1:-1])
                else:
                    await does(person, re.findall(r"`([^`]+)`", step))
    (report,) = tmp_path.glob("matrix-*.html")
    assert MOMENT.search(report.name)


async def sees(person: Person, lines: list[str]) -> None:
    wanted = [MOMENT.sub("", " ".join(line.split())) for line in lines]

    def are_seen() -> bool:
        words = MOMENT.sub("", " ".join(person.screen.split()))
        return all(line in words for line in wanted)

    await person.until(are_seen, " and ".join(wanted))


async def does(person: Person, said: list[str]) -> None:
    """What stands in backticks: keys, or a text to type."""
    assert said, "each step names what to press or to type"
    for each in said:
        if KEY.fullmatch(each):
            await person.press(NAMES.get(each, each.lower() if len(each) > 1 else each))
        else:
            await person.type(each)
