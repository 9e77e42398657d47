"""Whoever is acted as, and where, stands on every screen and over every dialog, also in a narrow window."""

import pytest

from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.shapes import GUID
from tests.kit.deployment.shapes import Person as Listed
from tests.kit.pilot import Person, listed

CLAIMS = Listed(GUID, "Ada Lovelace · u-0 · token confirmed    ")


@pytest.mark.parametrize("size", [(32, 24), (80, 24)])
async def test_name_id_host_and_label_are_whole_over_every_dialog(size: tuple[int, int]) -> None:
    with ForeignAIRisk(Dialect(people=(CLAIMS, Listed("u-2", "Grace")))) as server:
        async with listed(server, size=size, AIRISK_LABEL="production") as person:
            await person.press("enter")
            await is_whole(person)
            for keys, words in _WAY:
                await person.press(*keys)
                await person.sees(words)
                await is_whole(person)


_WAY = (
    (("question_mark",), "type to find"),
    (("escape", "ctrl+o"), "This deployment is open"),
    (("n",), "Name this deployment"),
    (("escape", "escape", "h"), "No requests yet"),
    (("escape", "m"), "Access matrix"),
)


async def is_whole(person: Person) -> None:
    """Wait until the bar holds all of it."""
    whole = ('ACTINGAS"Ada', f"·{GUID}", "127.0.0.1", "PRODUCTION")
    await person.until(lambda: all(each in "".join("".join(person.lines[:6]).split()) for each in whole), str(whole))
