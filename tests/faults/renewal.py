"""What a person sees when a token is no longer valid, while the person acts as Ada and has a response."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.faults.common import AGENTS_PATH, CREATE_PATH, requests_for
from tests.faults.doors import Door, Someone
from tests.faults.sign_in import AGAIN, CHECK_USER, HALF_AN_HOUR, saying
from tests.faults.stories import ADA, GOOD_RESPONSE, act_as_ada_and_send, acting_notice, open_endpoint, see_notice
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.faults import Fault, answers, for_users, processes_then
from tests.kit.deployment.foreign import AUTHORIZE_PATH, TOKEN_PATH, ForeignAIRisk
from tests.kit.deployment.shapes import Person
from tests.kit.deployment.tokens import GENERIC
from tests.kit.shell import Place


@dataclass(frozen=True)
class Renewal:
    """Something that happens to the token of Ada, and to her next request.

    The response has this `status`, or there is none; the answer pane shows `words`. The program sends `requests`, and
    AIRisk issues `tokens` for her.
    """

    name: str
    break_it: Callable[[ForeignAIRisk], object]
    status: str
    words: tuple[str, ...]
    requests: int
    tokens: int


def revoking(path: str = "", how: Fault | None = None) -> Callable[[ForeignAIRisk], None]:
    """Return a function that revokes her token, and gives a path a fault."""

    def revoke(server: ForeignAIRisk) -> None:
        server.revoke("u-1")
        if how:
            server.breaks(path, how)

    return revoke


BEFORE = f"GET {AGENTS_PATH} as {ADA} Previous response: 200 OK"
RENEWALS = (
    Renewal("401", revoking(), "200 OK", ("token renewed, resent",), requests=2, tokens=1),
    Renewal(
        "401 again",
        lambda server: server.breaks(AGENTS_PATH, saying(401)),
        "401 Unauthorized",
        (f"AIRisk rejected the token of {ADA}, even a new one.",),
        requests=2,
        tokens=1,
    ),
    Renewal(
        "403",
        lambda server: server.breaks(AGENTS_PATH, saying(403)),
        "403 Forbidden",
        (f"{ADA} is not allowed to do this.",),
        requests=1,
        tokens=0,
    ),
    Renewal(
        "no code",
        revoking(AUTHORIZE_PATH, answers(500)),
        "",
        ("✗ The authorization request returned 500", BEFORE),
        requests=1,
        tokens=0,
    ),
    Renewal(
        "no token",
        revoking(TOKEN_PATH, processes_then(answers(200, b"[]"))),
        "",
        ("✗ AIRisk's response (no content type) contains no usable token.", BEFORE),
        requests=1,
        tokens=1,
    ),
    Renewal(
        "no longer allowed",
        revoking(AUTHORIZE_PATH, for_users(saying(403))),
        "",
        (f"✗ AIRisk would not sign in as {ADA} (403 Forbidden).", BEFORE),
        requests=1,
        tokens=0,
    ),
)


@asynccontextmanager
async def acting_as_ada(door: Door, place: Place) -> AsyncIterator[tuple[Someone, ForeignAIRisk]]:
    """Act as Ada, and get a response."""
    with ForeignAIRisk(Dialect(token_seconds=HALF_AN_HOUR)) as server:
        async with door(place, server) as person:
            await act_as_ada_and_send(person)
            yield person, server


async def still_ada(person: Someone) -> None:
    """See no notice, and Ada in the bar."""
    await person.until(
        lambda: (person.notice, person.who) == ("", f"ACTING AS {ADA} · token not confirmed"),
        "Ada in the bar, and no notice",
    )


async def refused_token(door: Door, place: Place, *renewals: Renewal) -> None:
    """Renew it once; keep the identity; get a response when AIRisk has recovered."""
    async with acting_as_ada(door, place) as (person, server):
        for renewal in renewals:
            requests, tokens = requests_for(server, AGENTS_PATH, "u-1"), server.issued.count("u-1")
            renewal.break_it(server)
            await person.press("f5")
            await person.until(lambda: all(each in person.answer for each in renewal.words), f"{renewal.words}")  # noqa: B023
            if renewal.status:
                await person.sees(f"{renewal.status} · as {ADA}")
            await still_ada(person)
            assert requests_for(server, AGENTS_PATH, "u-1") == requests + renewal.requests
            assert server.issued.count("u-1") == tokens + renewal.tokens
            server.mends()
            await person.press("f5")
            await person.reads(answer=GOOD_RESPONSE)
            await still_ada(person)


async def refused_generic_token(door: Door, place: Place) -> None:
    """Renew it for the list of users; keep the old list if that fails."""
    async with acting_as_ada(door, place) as (person, server):
        server.revoke(GENERIC)
        server.breaks(TOKEN_PATH, answers(500))
        await person.press("1", "ctrl+r")
        await see_notice(person, f"✗ The token request returned 500 (no content type). {AGAIN}")
        await person.bar_says(f"ACTING AS {ADA} · token not confirmed")
        await person.sees("─ 3 users ─", "● Ada Lovelace")
        server.mends()
        await person.press("ctrl+r")
        await still_ada(person)
        await person.sees("─ 3 users ─")
        assert server.issued.count(GENERIC) == 2


async def deleted_user(door: Door, place: Place) -> None:
    """Keep the user in the bar until the person stops acting; act as the user again when there is one."""
    refused = f"✗ AIRisk would not sign in as {ADA} (400 Invalid userid). {CHECK_USER}"
    async with acting_as_ada(door, place) as (person, server):
        server.remove_user("u-1")
        await person.press("f5")
        await person.reads(answer=f"{refused} GET {AGENTS_PATH} as {ADA} Previous response: ")
        await still_ada(person)
        await person.bar_says(" token 0:00 ")
        await person.press("x")
        await person.bar_says("APPLICATION")
        await person.type("-")
        await see_notice(person, refused)
        await person.bar_says("APPLICATION")
        server.add_user(Person("u-1", "Ada", "Lovelace"))
        await person.type("-")
        await see_notice(person, acting_notice(ADA))
        await person.bar_says(f"ACTING AS {ADA} · token not confirmed")


async def unsafe_request(door: Door, place: Place) -> None:
    """Resend a POST only after the person has confirmed it again."""
    async with acting_as_ada(door, place) as (person, server):
        await open_endpoint(person, "create conv", CREATE_PATH)
        server.breaks(CREATE_PATH, saying(401))
        await person.press("f5")
        await person.sees("Don't send", f"POST {CREATE_PATH}", ADA)
        await person.press("y")
        await person.sees("The token was rejected (401), so nothing was changed.", "Send again?", ADA)
        assert requests_for(server, CREATE_PATH, "u-1") == 1
        server.mends()
        await person.press("y")
        await person.sees(f"200 OK · as {ADA}", "threadID")
        assert requests_for(server, CREATE_PATH, "u-1") == 2


async def refused_secret(door: Door, place: Place) -> None:
    """Ask for the client secret again, but not while the person acts as a user."""
    refused = "✗ AIRisk rejected the client secret (401 Unauthorized)."
    async with acting_as_ada(door, place) as (person, server):
        server.revoke(GENERIC)
        server.breaks(TOKEN_PATH, saying(401))
        await person.press("1", "ctrl+r")
        await see_notice(person, f"{refused} Press x to stop acting, then Ctrl+R to enter the secret again.")
        await person.bar_says(f"ACTING AS {ADA} · token not confirmed")
        await person.press("x")
        await person.bar_says("APPLICATION")
        await person.press("ctrl+r")
        await see_notice(person, f"{refused} Enter it again.")
        await person.bar_says("NOT SIGNED IN")
        await person.sees("Connect to AIRisk", "Client secret")
        server.mends()
        await person.type(server.client_secret)
        await person.press("enter")
        await see_notice(person, "✓ The client secret is held in memory until you quit.")
        await person.bar_says("APPLICATION")
        await person.sees("─ 3 users ─")
