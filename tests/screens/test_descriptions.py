"""A deployment describes itself, at one of the usual places or at another; what is left out can be read."""

import json

from tests.kit.deployment.faults import answers_json
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import listed
from tui.screens.main.endpoint_controller import USUAL_PLACES

_, SINCE_NET_9 = USUAL_PLACES
OPERATIONS = {"get": {"summary": "Odd"}, "trace": {}, "parameters": [{"name": "session", "in": "cookie"}]}
DESCRIPTION = {"openapi": "3.1.1", "info": {"title": "Odd"}, "paths": {"/api/odd": OPERATIONS}}


async def test_the_second_usual_place_is_looked_at_and_what_was_left_out_is_listed() -> None:
    described = answers_json(json.dumps(DESCRIPTION).encode())
    with ForeignAIRisk(faults={SINCE_NET_9: described, "/docs/api.json": described}) as server:
        async with listed(server) as person:
            await person.sees("1 endpoint imported from Odd", "2 operations skipped or incomplete", "Press o for all")
            await person.press("2", "o")
            await person.sees("from the deployment, /openapi/v1.json", "show skipped or incomplete")
            await person.press("end", "up", "enter")
            await person.sees("an unsupported place (cookie)", "unsupported method")
            await person.press("escape", "o")
            await person.sees("from another path")
            await person.press("end", "up", "up", "enter")
            await person.sees("Path of the OpenAPI description")
            await person.type("/docs/api.json")
            await person.press("enter")
            await person.until(
                lambda: any(each.path == "/docs/api.json" for each in server.requests), "it is asked for"
            )
            await person.sees("1 endpoint imported from Odd")
