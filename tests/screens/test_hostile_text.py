"""Names, ids and answers that try to act, hide or move a column are shown as the text they are, everywhere."""

import json
import re

import pytest

from tests.kit.asking import title_of
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.faults import answers
from tests.kit.deployment.foreign import AUTHORIZE_PATH, ForeignAIRisk
from tests.kit.deployment.shapes import Person as Listed
from tests.kit.pilot import Person, listed

pytestmark = pytest.mark.fault("hostile text")

HOSTILE = {
    "closing tag": "[/foo]",
    "action": "[@click=app.quit]Ada[/]",
    "style": "[bold $x]Ada[/bold]",
    "clear screen": "\x1b[2JAda",
    "clipboard": "\x1b]52;c;aGk=\x07Ada",
    "c1": "\x9b31mAda",
    "bidi": "\u202eadA",
    "zero width": "A\u200bd\u200ba",
    "lines": "Ada\r\nLovelace\tX",
    "marks": "A" + "\u0301" * 200,
    "wide": "👩‍👩‍👧‍👦 家族 🇫🇷",
    "very long": "A" * 100_000,
}
ACTING = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def assert_calm(person: Person) -> None:
    """Every line of the screen is as wide as the screen, in a terminal's columns, and nothing in it acts."""
    strips = person.app.screen._compositor.render_strips()
    assert {strip.cell_length for strip in strips} == {person.app.size.width}
    assert not ACTING.search(person.screen.replace("\n", ""))
    clicks = [style.meta for strip in strips for _, style, _ in strip if style and "@click" in style.meta]
    assert all("quit" not in str(meta) for meta in clicks)


async def test_hostile_names_are_text_in_the_list_the_bar_the_notice_the_form_and_the_palette() -> None:
    people = tuple(
        Listed(f"u-{place}{name[:300]}", name, "", role=name[:300], groups=(name[:300],))
        for place, name in enumerate(HOSTILE.values())
    )
    with ForeignAIRisk(Dialect(people=people)) as server:
        async with listed(server, size=(150, 30)) as person:
            assert_calm(person)
            for place, each in enumerate(people):
                await person.press("enter")
                await person.until(lambda: server.issued[-1] == each.identity, "a token")  # noqa: B023
                await person.until(lambda: "SIGNING" not in person.bar, "the bar")
                said = re.compile(f'· "?u-{place}')
                await person.until(lambda: bool(said.search(person.bar)), "who, in the bar")  # noqa: B023
                await person.until(lambda: bool(said.search(person.notice.replace("│", ""))), "and in the notice")  # noqa: B023
                assert_calm(person)
                await person.press("j")
            await person.press("colon")
            await person.sees("Search for commands", "u-11")
            assert_calm(person)


async def test_hostile_responses_are_text_in_their_line_their_body_and_their_headers() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.press("2", "enter")
            for status, text in enumerate(
                HOSTILE.values(), 460
            ):  # each its own: so one sees that the answer is the new one
                body = json.dumps({"title": text[:5000], text[:300]: [text[:300]]}, ensure_ascii=False).encode()
                kind = text[:300].encode("unicode_escape").decode()
                server.breaks(
                    "/api/Chat/ListAgents", answers(status, body, ("X-N", kind), ("Content-Type", f"a/{kind}"))
                )
                await person.press("f5")
                await person.until(lambda: f"{status} " in title_of(person), "the answer")  # noqa: B023
                assert_calm(person)
                await person.press("i")
                await person.sees("X-N: ")
                assert_calm(person)


async def test_hostile_refusals_are_text_in_the_notice() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            for words in HOSTILE.values():
                problem = json.dumps({"title": words, "status": 401}).encode()
                server.breaks(AUTHORIZE_PATH, answers(401, problem, ("Content-Type", "application/problem+json")))
                await person.press("escape", "enter")
                await person.until(lambda: "(401 " in person.notice, "the words")
                assert_calm(person)
                await person.bar_says("APPLICATION")


async def test_a_hostile_label_and_client_id_are_text_in_the_bar() -> None:
    label = "[/foo]\x1b[2Jprod" + "x" * 500
    with ForeignAIRisk(client_id="[@click=app.quit]x[/]") as server:
        async with listed(server, size=(150, 30), AIRISK_LABEL=label) as person:
            assert_calm(person)
            await person.bar_says("[@click=app.quit]x[/]")


async def test_an_endless_name_does_not_push_the_advice_out_of_sight() -> None:
    people = (Listed("u-1", "A" * 100_000), Listed("u-2", "Grace"))
    with ForeignAIRisk(Dialect(people=people, forbidden_users=frozenset({"u-1"}))) as server:
        async with listed(server) as person:
            await person.press("enter")
            await person.until(lambda: "would not sign in as" in person.notice, "the words")
            await person.until(lambda: person.notice.endswith("Reload the list."), "the advice")
