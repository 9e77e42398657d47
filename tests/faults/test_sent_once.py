"""Where nobody knows whether it was done: what changes something is never sent again by itself."""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.faults.stage import ADA, F5, Acting, acting
from tests.faults.unnoticed import SENT_ONCE
from tests.kit.deployment.faults import CATALOG
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.forked import Run, run_all
from tests.kit.shell import Outcome, Place

pytestmark = pytest.mark.fault("network and HTTP")

CREATE_PATH = "/api/Chat/CreateConversation"
BROKEN = re.compile(r"✗ .* broken answer\. ")


@pytest.fixture(scope="module")
def creating(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Acting]:
    """Somebody who has made a conversation, and is about to make another."""
    with acting(tmp_path_factory.mktemp("creating")) as person:
        person.type("2/\x1b[F\x15create conv\r\r")
        person.terminal.wait_for(CREATE_PATH, "title*")
        send(person)
        is_made(person)
        yield person


def send(person: Acting) -> None:
    """And confirm."""
    person.type(F5)
    person.terminal.wait_for("Send this?", f"POST {CREATE_PATH}", ADA)
    person.type("y")


def is_made(person: Acting) -> None:
    """Wait until the conversation is shown."""
    person.terminal.wait_until(lambda: person.answer.startswith("200 OK ") and '"threadID"' in person.answer)


@pytest.mark.parametrize("name", SENT_ONCE)
def test_it_is_sent_once_from_the_screen(creating: Acting, name: str) -> None:
    before = creating.sent(CREATE_PATH)
    creating.breaks(CATALOG[name])
    send(creating)
    creating.terminal.wait_until(lambda: bool(BROKEN.match(creating.answer)))
    creating.mends()
    assert creating.sent(CREATE_PATH) == before + 1
    send(creating)
    is_made(creating)
    assert creating.sent(CREATE_PATH) == before + 2


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Outcome, int]]:
    """By the fault's name: how the command ended, and how often it was asked."""
    place = Place(tmp_path_factory.mktemp("headless"))
    command = ("request", "POST", CREATE_PATH, "--as", "u-1", "-d", "{}")
    with ExitStack() as stack:
        servers = [stack.enter_context(ForeignAIRisk(faults={CREATE_PATH: CATALOG[name]})) for name in SENT_ONCE]
        ended = run_all([Run(place, command, reaching(server)) for server in servers])
        asked = [sum(request.path == CREATE_PATH for request in server.requests) for server in servers]
    return dict(zip(SENT_ONCE, zip(ended, asked, strict=True), strict=True))


def reaching(server: ForeignAIRisk) -> dict[str, str]:
    return {"AIRISK_URL": server.url, "CLIENT_ID": server.client_id, "CLIENT_SECRET": server.client_secret}


@pytest.mark.parametrize("name", SENT_ONCE)
def test_it_is_sent_once_without_a_screen(outcomes: dict[str, tuple[Outcome, int]], name: str) -> None:
    outcome, asked = outcomes[name]
    assert (outcome.code, asked) == (4, 1)
    assert "broken answer" in outcome.line
