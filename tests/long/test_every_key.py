"""Each key of each footer does something where it is named, and what is typed arrives everywhere."""

from pathlib import Path

import pytest

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import listed
from tests.screens.test_footer import PLACES, QUIT, keys_of, press_and_see
from tests.screens.test_ways_in import WALKS, go_on


@pytest.mark.parametrize("place", PLACES)
async def test_each_key_of_the_footer_does_something(place: str) -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(140, 40)) as person:
            await PLACES[place](person)
            keys = sorted(keys_of(person))
        for key, _ in keys:
            async with listed(server, size=(140, 40)) as person:
                await PLACES[place](person)
                if key == QUIT:
                    await person.press(key)
                    await person.until(lambda: not person.app.is_running, "the end")
                else:
                    await press_and_see(person, key)


@pytest.mark.parametrize("walk", WALKS)
async def test_whatever_acts_is_reported_and_whatever_is_typed_arrives(
    walk: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    await go_on(walk, tmp_path)
