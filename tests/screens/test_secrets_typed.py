"""What tells of a secret is typed unseen into a form, and kept in no file."""

import json
from typing import Any

from tests.kit.asking import open_endpoint
from tests.kit.canaries import files_with, is_in
from tests.kit.deployment.faults import answers_json
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import listed
from tui.screens.main.endpoint_controller import USUAL_PLACES

WORD, KEY, PIN = CANARIES = ("w0rd-canary-1", "k3y-canary-2", "p1n-canary-3")
TEXT: dict[str, Any] = {"type": "string"}
OPERATION = {
    "tags": ["Vault"],
    "summary": "Open the vault",
    "parameters": [
        {"name": "word", "in": "query", "required": True, "schema": TEXT | {"format": "password"}},
        {"name": "X-Vault-Key", "in": "header", "required": True, "schema": TEXT},
        {"name": "pin", "in": "path", "required": True, "schema": TEXT},
        {"name": "title", "in": "query", "required": True, "schema": TEXT},
    ],
}
DESCRIPTION = {"openapi": "3.0.3", "info": {"title": "Vault"}, "paths": {"/api/vault/{pin}": {"get": OPERATION}}}


async def test_it_is_seen_on_no_screen_and_kept_in_no_file(tmp_path, monkeypatch) -> None:
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    seen = []
    with ForeignAIRisk(faults={USUAL_PLACES[0]: answers_json(json.dumps(DESCRIPTION).encode())}) as server:
        async with listed(server, size=(140, 48), AIRISK_KEEP_BODIES="true") as person:
            await person.sees("1 endpoint imported")
            await open_endpoint(person, "open the vault")
            for field, text in zip(("word", "X-Vault-Key", "pin", "title"), (*CANARIES, "a title"), strict=True):
                await person.tab_to(field)
                await person.type(text)
            await person.sees("word=••••", "X-Vault-Key: ••••", "/api/vault/••••", "•" * len(WORD), "a title")
            seen.append(person.screen)
            await person.press("ctrl+a", "ctrl+c", "f5")
            await person.sees("as application")
            seen.append(person.screen)
            await person.press("h")
            await person.sees("GET /api/vault/••••")
            seen.append(person.screen)
        (request,) = [each for each in server.requests if "/api/vault/" in each.path]
    assert (request.path, dict(request.query)) == (f"/api/vault/{PIN}", {"word": WORD, "title": "a title"})
    assert request.header("X-Vault-Key") == KEY
    assert not any(is_in(canary, each.encode()) for canary in CANARIES for each in seen)
    assert files_with(CANARIES, tmp_path) == []
    assert files_with(["a title"], tmp_path) != [], "what is no secret is remembered"
