"""A deployment that says again what it was sent as a secret: no screen shows it, no file and no clipboard gets it."""

import json

from tests.kit.asking import AGENTS_PATH, open_endpoint
from tests.kit.canaries import files_with, is_in
from tests.kit.deployment.foreign import TOKEN_PATH, ForeignAIRisk
from tests.kit.echoing import SECRET, echoing, sent_to
from tests.kit.pilot import listed


async def test_nothing_that_was_sent_as_a_secret_is_on_a_screen(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    seen = []
    with ForeignAIRisk(client_secret=SECRET) as server:
        async with listed(server, AIRISK_KEEP_BODIES="true") as person:
            await person.press("enter")
            await person.bar_says("ACTING AS")
            await open_endpoint(person, "list agents")
            server.breaks(AGENTS_PATH, echoing(server, "plain", 200))
            await person.press("f5")
            await person.sees("200 OK", '"sent"', "[masked]")
            seen.append(person.screen)
            await person.press("i")
            await person.sees("WWW-Authenticate", "[masked]")
            seen.append(person.screen)
            await person.press("Y")
            await person.sees("response body")
            await person.press("end", "enter")
            await person.sees("clipboard")
            assert "[masked]" in person.app.clipboard
            await person.press("escape", "h")
            await person.sees("Request and response", '"title": "No"', "[masked]")
            seen.append(person.screen)
            await person.press("escape")
            server.breaks(TOKEN_PATH, echoing(server, "plain", 401))
            await person.press("1", "j", "enter")
            await person.sees("AIRisk rejected the client secret", "[masked]")
            seen += [person.screen, person.app.clipboard]
        canaries = [*sent_to(server)]
    assert len(canaries) > 4
    for canary in canaries:
        assert not any(is_in(canary, "".join(each.split()).encode()) for each in seen), json.dumps(seen)
    assert files_with(canaries, tmp_path) == []
