"""A person with several deployments goes from one to another: nothing of the one is seen or sent in the other."""

import gc
import json
import weakref
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path

import pytest

from tests.kit import ids
from tests.kit.asking import open_endpoint, send_agents
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.faults import answers
from tests.kit.deployment.foreign import TOKEN_PATH, ForeignAIRisk
from tests.kit.deployment.shapes import Person as Known
from tests.kit.patience import PATIENCE
from tests.kit.pilot import SIZE, Person, listed, opened, told
from tests.kit.slow_disk import slow_disk, turns
from tui.app.app import AIRiskApp
from tui.config.keyring import Secret
from tui.config.settings import COMMAND_LINE, RawSettings

EU = Dialect(people=(Known("e-1", "Edith", "Clarke"), Known("e-2", "Emmy", "Noether")))


def write_down(directory: Path, name: str, settings: RawSettings) -> Path:
    """Write a deployment's file, the secret in it."""
    path = directory / "airisk-tui" / f"{name}.env"
    path.parent.mkdir(exist_ok=True)
    values = {**settings.values, "CLIENT_SECRET": settings.secret.reveal()}
    path.write_text("".join(f"{key}={value}\n" for key, value in values.items()))
    path.chmod(0o600)
    return path


async def choose(person: Person, name: str) -> None:
    """Go to the deployment of that name."""
    await person.press("ctrl+o")
    await person.sees("● ")
    await choose_here(person, name)


def _offered(person: Person) -> list[str]:
    inner = person.app.screen.query_one(f"#{ids.DEPLOYMENTS}").region
    return [line[inner.x : inner.right] for line in person.lines[inner.y : inner.bottom]]


class Held:
    """Something that holds itself, as a screen and its panes hold one another."""

    def __init__(self) -> None:
        self.itself = self


async def test_keys_typed_early_choose_a_deployment_and_what_was_spared_from_the_search_for_garbage_is_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.app.input_queue._LONGEST", PATIENCE)
    with ForeignAIRisk() as here, ForeignAIRisk(EU) as there:
        write_down(tmp_path, "eu", told(there))
        async with listed(here) as person:
            held = Held()
            left = weakref.ref(held)
            gc.freeze()
            del held
            async with slow_disk():
                for key in ("ctrl+o", "down", "enter"):
                    person.app.simulate_key(key)
                await person.sees("─ Deployments ─")
                await turns(person)
            await person.sees("Edith Clarke")
            assert left() is None


async def test_nothing_of_one_deployment_is_left_in_the_other(tmp_path: Path) -> None:
    with ForeignAIRisk() as here, ForeignAIRisk(EU) as there:
        write_down(tmp_path, "eu", told(there, AIRISK_LABEL="production"))
        async with listed(here, AIRISK_LABEL="staging") as person:
            await person.press("2", "asterisk", "1", "space", "up", "enter")
            await person.bar_says("ACTING AS Ada")
            await send_agents(person)
            await person.sees("200 OK · as Ada")
            asked = len(here.requests)

            await choose(person, "eu")
            await person.sees("Edith Clarke")
            await person.until(lambda: not person.app.input_queue.is_busy, "keys that are taken")
            await person.bar_says("eu · 127.0.0.1", "PRODUCTION", "APPLICATION")
            for words in ("Ada", "marked", "Previous", "Favorites"):
                await person.sees_no(words)
            await person.press("h")
            await person.sees("No requests yet")
            await person.press("escape", "enter")
            await person.bar_says("ACTING AS Edith")
            await send_agents(person)
            await person.sees("200 OK · as Edith")

            await person.press("Y")
            await person.sees("Copy as")
            await person.press("down", "down", "enter")
            await person.sees("Sent to the terminal’s clipboard: ")
            copied = "airisk-tui request --deployment eu GET /api/Chat/ListAgents --as e-1"
            assert person.app.clipboard == copied

            assert len(here.requests) == asked
            sent = "".join(value for each in there.requests for _, value in each.headers)
            assert not [token for token in (*here.tokens, here.client_secret) if token in sent]
            assert there.cookies_received == []

            await choose(person, "as started")
            await person.sees("Ada Lovelace")
            await person.bar_says("STAGING", "APPLICATION")
            assert "PRODUCTION" not in person.bar
            await person.until(lambda: not person.app.input_queue.is_busy, "keys that are taken")
            await person.press("h")
            await person.sees("ListAgents")
            await person.stays(lambda: "Edith" not in person.screen, "nobody of the other deployment")
    assert _acts(tmp_path) == ["start", "stop"] * 2


def _acts(directory: Path) -> list[str]:
    """What the audit trail tells of acts."""
    entries = [json.loads(line) for file in directory.rglob("*.jsonl") for line in file.read_text().splitlines()]
    return [entry["event"] for entry in entries if entry["event"] in {"start", "stop"}]


async def test_what_is_under_way_ends_with_its_deployment(tmp_path: Path) -> None:
    await switch_during(("question", "request", "form"), tmp_path)


async def switch_during(beginnings: Iterable[str], tmp_path: Path) -> None:
    """Go from one deployment to the other and back while that is under way; tests/long has all of it."""
    with ForeignAIRisk() as here, ForeignAIRisk(EU) as there:
        # A guard of the whole run holds everywhere; an address and a client belong to one deployment.
        write_down(tmp_path, "eu", told(there, AIRISK_READ_ONLY="false"))
        environment = {"AIRISK_READ_ONLY": "true", "AIRISK_URL": here.url, "CLIENT_ID": "another"}
        app = AIRiskApp(told(here), has_keyring=False, environment=environment)
        async with app.run_test(size=SIZE) as pilot:
            person = Person(app, pilot)
            await person.sees("3 users")
            await person.until(lambda: not person.app.input_queue.is_busy, "keys that are taken")
            places = cycle([(here, "eu", there, "Edith"), (there, "as started", here, "Ada")])
            for under_way, (left, name, entered, first) in zip(beginnings, places, strict=False):
                await _begin(person, left, under_way)
                await choose(person, name)
                await person.sees(first)
                await person.until(lambda: not person.app.input_queue.is_busy, "keys that are taken")
                await person.bar_says("APPLICATION")
                await person.bar_says(entered.url.removeprefix("http://"))
                assert ("READ-ONLY" in person.bar) == (name == "eu")
                await person.stays(
                    lambda: "✗" not in person.screen and "Canceled" not in person.screen, "nothing told of before"
                )
                for path in ("*", TOKEN_PATH):
                    left.mends(path)


BEGINNINGS = ("question", "sign-in", "request", "list", "matrix", "form")


async def _begin(person: Person, server: ForeignAIRisk, what: str) -> None:
    if what == "matrix":
        await person.press("m")
        await person.sees("Access matrix")
        return
    if what == "question":
        await person.press("enter")
        await person.bar_says("ACTING AS")
        await open_endpoint(person, "create conversation")
        await person.type("a")
        await person.press("f5")
        await person.sees("Don't send")
        return
    if what == "form":
        server.breaks(TOKEN_PATH, answers(401))
        server.revoke()
        await person.press("ctrl+r")
        await person.sees("AIRisk rejected the client secret")
        return
    server.breaks("*" if what != "sign-in" else TOKEN_PATH, "never_answers")
    asked = len(server.requests)
    keys = {"list": ["ctrl+r"], "sign-in": ["enter"], "request": ["2", "enter", "f5"]}
    await person.press(*keys[what])
    await person.until(lambda: len(server.requests) > asked, "a request under way")


async def test_what_cannot_be_opened_says_why_and_what_is_new_is_requested(tmp_path: Path) -> None:
    with ForeignAIRisk() as here, ForeignAIRisk(EU) as there:
        path = write_down(tmp_path, "eu", told(here))
        path.write_text(path.read_text() + "<<<<<<< ours\n")
        write_down(tmp_path, "us", told(here, AIRISK_URL="http://us.example"))
        async with listed(here) as person:
            await person.press("ctrl+o")
            await person.sees("as started", "cannot be opened")
            await person.press("ctrl+o", "j", "enter")
            await person.sees("is a marker of a merge conflict")
            await person.press("j", "enter")
            await person.sees("AIRISK_URL must use https:// for any host but this machine")
            await person.press("n")
            await person.type("eu\r")
            await person.sees('Deployment "eu" already exists')
            await person.press("n")
            await person.type("../eu\r")
            await person.sees("Invalid name for a deployment")
            await person.press("n")
            await person.type("fresh\r")
            await person.sees("Connect to AIRisk", "fresh.env")
            await person.until(lambda: not person.app.input_queue.is_busy, "keys that are taken")
            for text in (there.url, there.client_id, "", ""):
                await person.type(text)
                await person.press("tab")
            await person.type(f"{there.client_secret}\r")
            await person.sees("Edith Clarke", "fresh.env")
            await person.press("ctrl+o")
            await person.sees("● fresh")
            await person.press("escape")
            written = tmp_path / "airisk-tui" / "fresh.env"
            assert there.client_id in written.read_text()
            assert there.client_secret not in written.read_text()


async def test_a_secret_that_was_typed_is_requested_once_in_a_run_and_given_to_no_other_address(tmp_path: Path) -> None:
    with ForeignAIRisk() as here, ForeignAIRisk(EU) as there, ForeignAIRisk(EU) as elsewhere:
        path = write_down(tmp_path, "eu", told(there, secret=""))
        async with opened(here, secret="", CLIENT_ID="") as person:
            await person.sees("Connect to AIRisk")
            await person.type(f"{here.client_id}\r\r\r{here.client_secret}\r")
            await person.sees("3 users")
            await choose(person, "eu")
            await person.sees("Connect to AIRisk", there.url)
            await person.type(f"{there.client_secret}\r")
            await person.sees("Edith Clarke")

            await choose(person, "as started")
            await person.sees("Ada Lovelace")
            path.write_text(path.read_text().replace(there.url, elsewhere.url))
            await choose(person, "eu")
            await person.sees("Connect to AIRisk", elsewhere.url)
            await person.stays(lambda: "••••" not in person.screen, "no secret filled in")
        assert elsewhere.requests == []


async def test_a_start_that_names_none_offers_the_saved_ones_the_last_used_first(tmp_path: Path) -> None:
    with ForeignAIRisk() as here, ForeignAIRisk(EU) as there:
        write_down(tmp_path, "eu", told(there, AIRISK_LABEL="production"))
        write_down(tmp_path, "staging", told(here))
        async with started_without_settings() as person:
            await person.sees("─ Deployments ─", "eu", "PRODUCTION", "staging", "this directory")
            await person.bar_says("NOT SIGNED IN")
            assert here.requests == there.requests == []
            await choose_here(person, "staging")
            await person.sees("Ada Lovelace")
            await person.press("enter")
            await person.bar_says("ACTING AS Ada")
            await send_agents(person)
            await person.sees("200 OK · as Ada")
        async with started_without_settings() as person:
            await person.sees("Last request just now as Ada Lovelace · u-1.")
            await person.until(lambda: "staging" in "".join(_offered(person)[:1]), "the last used one at the top")
            await person.press("enter")
            await person.sees("Ada Lovelace")
        assert there.requests == []


async def test_esc_at_such_a_start_leads_to_the_form_and_the_options_hold_for_what_is_picked(tmp_path: Path) -> None:
    with ForeignAIRisk() as here:
        write_down(tmp_path, "staging", told(here, USER_ID="u-2"))
        async with started_without_settings(SINGLE_USER="true") as person:
            await person.sees("─ Deployments ─", "staging")
            await person.press("escape")
            await person.sees("Connect to AIRisk")
        async with started_without_settings(SINGLE_USER="true") as person:
            await choose_here(person, "staging")
            await person.bar_says("u-2", "token not confirmed")


async def test_invalid_keys_are_reported_after_a_deployment_was_picked_too(tmp_path: Path) -> None:
    with ForeignAIRisk() as here:
        file = write_down(tmp_path, "staging", told(here))
        (file.parent / "keys.toml").write_text('matirx = "M"\n')
        async with started_without_settings() as person:
            await choose_here(person, "staging")
            await person.sees("Invalid lines in keys.toml", "matirx")


@asynccontextmanager
async def started_without_settings(**options: str) -> AsyncIterator[Person]:
    """The program, started with nothing but options of the command line."""
    settings = RawSettings(options, Secret(""), sources=dict.fromkeys(options, COMMAND_LINE))
    app = AIRiskApp(settings, has_keyring=False)
    async with app.run_test(size=SIZE) as pilot:
        yield Person(app, pilot)


async def choose_here(person: Person, name: str) -> None:
    """Choose a deployment of those that are offered."""
    await person.sees("─ Deployments ─")
    places: list[int] = []

    def is_offered() -> bool:
        places[:] = [place for place, line in enumerate(_offered(person)) if name in line]
        return bool(places)

    await person.until(is_offered, f"{name} among those offered")
    await person.press("g", *["down"] * places[0], "enter")
