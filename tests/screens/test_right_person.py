"""The name in the bar is the person whose id is sent, whatever other numbers the list holds."""

from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.shapes import ListStyle, Person
from tests.kit.pilot import listed

PEOPLE = (Person(1, "Ann"), Person(2, "Bob"), Person(3, "Cleo"))

STYLE = ListStyle(misleading_keys=("$id", "_id", "userId", "@id", "uid"), is_preserved=True, shape="users")


async def test_whoever_is_named_is_asked_for_and_it_is_said_which_of_the_ids_was_taken() -> None:
    with ForeignAIRisk(Dialect(people=PEOPLE, list_style=STYLE, token_form="jwt")) as server:
        async with listed(server) as person:
            words = "IDs are taken from “id”, not from “_id”, “userId” or “uid”."
            await person.until(lambda: words in person.notice, "which")
            await person.press("enter")
            await person.bar_says("ACTING AS Ann · 1 · token confirmed")
        assert server.issued == ["(generic)", "1"]
