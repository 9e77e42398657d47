"""The name in the bar is the person whose id is sent, whatever other numbers the list holds."""

import pytest

from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.shapes import ListStyle, Person
from tests.kit.pilot import listed

PEOPLE = (Person(1, "Ann"), Person(2, "Bob"), Person(3, "Cleo"))

STYLES = {
    ".NET's numbers": ListStyle(misleading_keys=("$id",)),
    "JSON-LD": ListStyle(misleading_keys=("@id", "@type")),
    "MongoDB": ListStyle(misleading_keys=("_id",)),
    "another directory's": ListStyle(misleading_keys=("userId",)),
    "preserved references": ListStyle(is_preserved=True),
    "all of them": ListStyle(misleading_keys=("$id", "_id", "userId", "@id", "uid"), is_preserved=True, shape="users"),
}


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
async def test_whoever_is_named_is_asked_for(style: ListStyle) -> None:
    with ForeignAIRisk(Dialect(people=PEOPLE, list_style=style, token_form="jwt")) as server:
        async with listed(server) as person:
            await person.press("enter")
            await person.bar_says("ACTING AS Ann · 1 · token confirmed")
        assert server.issued == ["(generic)", "1"]


async def test_where_two_keys_hold_ids_it_is_said_which_was_taken() -> None:
    style = ListStyle(misleading_keys=("userId", "_id"))
    with ForeignAIRisk(Dialect(people=PEOPLE, list_style=style)) as server:
        async with listed(server) as person:
            await person.until(lambda: "IDs are taken from “id”, not from “_id” or “userId”." in person.notice, "which")
