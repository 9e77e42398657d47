"""What a person sees when something fails, at any door. A story takes one fault, or several in a row."""

import re
from collections.abc import Callable

from tests.faults.common import (
    AGENTS_PATH,
    CREATE_PATH,
    LIST_PATHS,
    SHORT_TIMEOUT,
    TRIES,
    break_server,
    fill_in,
    requests_for,
)
from tests.faults.doors import Door, Someone
from tests.faults.lists import CHANGED, NoList, OddList
from tests.faults.network import NetworkFault
from tests.faults.sign_in import CHECK_USER, HALF_AN_HOUR, Oddity, SignInFault
from tests.faults.unnoticed import Unnoticed
from tests.kit.deployment.dialect import SHORT_LIST_PATH, Dialect
from tests.kit.deployment.faults import answers_json, for_users
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.shapes import AWKWARD_PEOPLE, PLAIN_PEOPLE
from tests.kit.deployment.shapes import Person as Listed
from tests.kit.deployment.tokens import GENERIC
from tests.kit.shell import Place
from tui.text import set_apart_id

ADA, GRACE = "Ada Lovelace · u-1", "Grace Hopper · u-2"
GOOD_RESPONSE = "200 OK {facts} id name"
TOO_LATE = "did not respond within"


def acting_notice(who: str) -> str:
    """Return the notice after the program has begun to act as this user."""
    return f"✓ Now acting as {who}. Press 2 to explore, x to stop."


# Network


async def network_fault(door: Door, place: Place, *faults: NetworkFault) -> None:
    """Read the error; keep the list and the identity; recover when the server does."""
    with ForeignAIRisk(tls=True) as server:
        async with door(place, server) as person:
            await act_as_ada_and_send(person)
            for fault in faults:
                listed, answered = words_of(fault, server)
                break_server(server, fault.how, *LIST_PATHS, AGENTS_PATH)
                await person.press("ctrl+r")
                await person.reads(notice=f"✗ {listed}")
                await person.press("f5")
                await person.reads(answer=answered)
                await still_acting_as_ada(person)
                server.mends()
                await refresh_and_send(person, server)


async def deadline(door: Door, place: Place, fault: NetworkFault) -> None:
    """Read that a response is too late; keep the list and the identity; recover when the server does."""
    with ForeignAIRisk(tls=True) as server:
        listed, answered = words_of(fault, server)
        async with door(place, server, AIRISK_TIMEOUT=SHORT_TIMEOUT) as person:
            await _repeat_while_late(person, "escape", "ctrl+r", until=lambda: "─ 3 users ─" in person.screen)
            await person.press("enter")
            await _repeat_while_late(person, "escape", "enter", until=lambda: f"ACTING AS {ADA}" in person.bar)
            await open_list_agents(person)
            await person.press("f5")
            await _repeat_while_late(person, "f5", until=lambda: person.answer.startswith(GOOD_RESPONSE))
            break_server(server, fault.how, *LIST_PATHS, AGENTS_PATH)
            await person.press("ctrl+r", "f5")
            await person.reads(notice=f"✗ {listed}", answer=answered)
            await still_acting_as_ada(person)
            server.mends()
            await _repeat_while_late(person, "f5", until=lambda: person.answer.startswith(GOOD_RESPONSE))
            before = _list_requests(server)
            await person.press("ctrl+r")
            await _repeat_while_late(
                person, "escape", "ctrl+r", until=lambda: _list_requests(server) > before and not person.notice
            )
            await still_acting_as_ada(person)


async def unnoticed_fault(door: Door, place: Place, *faults: Unnoticed) -> None:
    """Read no error."""
    with ForeignAIRisk(tls=True) as server:
        async with door(place, server) as person:
            await act_as_ada_and_send(person)
            for fault in faults:
                break_server(server, fault.name, *LIST_PATHS, AGENTS_PATH)
                await refresh_users(person, server)
                await person.sees(*fault.shown)
                await person.press("f5")
                await person.reads(answer=fault.answered)
                server.mends()
                await refresh_and_send(person, server)


async def unsafe_request(door: Door, place: Place, *faults: str) -> None:
    """Send a POST once, even when nobody knows whether AIRisk processed it."""
    with ForeignAIRisk(tls=True) as server:
        async with door(place, server) as person:
            await act_as_ada(person)
            await open_endpoint(person, "create conv", CREATE_PATH)
            await person.type("agent-0")
            for fault in faults:
                await _send_post(person, server, "200 OK .*threadID")
                break_server(server, fault, CREATE_PATH)
                await _send_post(person, server, "✗ .*(response was complete|invalid HTTP response)\\. ")
                server.mends()
                await _send_post(person, server, "200 OK .*threadID")


# Signing in


async def sign_in_fault(door: Door, place: Place, *faults: SignInFault) -> None:
    """Read why nobody is signed in, then why a user is not acted as; the identity stays, and the next try works."""
    at_start = sorted((each for each in faults if not each.is_of_users), key=lambda each: each.refuses_the_secret)
    users = {fault: Listed(f"u-{number}", f"User {number}") for number, fault in enumerate(faults, 2)}
    with ForeignAIRisk(Dialect(people=(PLAIN_PEOPLE[0], *users.values()))) as server:
        for fault in at_start[:1]:
            server.breaks(fault.path, fault.how)
        async with door(place, server) as person:
            for fault in at_start[:1]:
                await _see_sign_in_failed(person, fault)
            for fault in at_start[1:]:
                server.mends()
                server.breaks(fault.path, fault.how)
                await person.press("escape")
                await person.reads(notice="")
                await person.press("ctrl+r")
                await _see_sign_in_failed(person, fault)
            server.mends()
            for fault in at_start[-1:]:
                await _sign_in_after(person, server, fault)
            await act_as_ada(person)
            before = person.who
            for fault, user in users.items():
                who = f"{user.name} · {user.identity}"
                server.breaks(fault.path, for_users(fault.how))
                await person.press("j", "enter")
                await see_notice(person, f"✗ {fault.words.replace('{who}', who)}")
                await person.bar_says(before)
                await person.sees("› ", f"─ {len(users) + 1} users ─")
                server.mends()
                await person.press("enter")
                await see_notice(person, acting_notice(who))
                before = f"ACTING AS {who} · token not confirmed"
                await person.bar_says(before)


async def odd_sign_in(door: Door, place: Place, oddity: Oddity) -> None:
    """See the end of the token if it is known, and act as a user."""
    with ForeignAIRisk(Dialect(token_seconds=HALF_AN_HOUR)) as server:
        server.breaks(oddity.path, oddity.how)
        async with door(place, server) as person:
            await person.sees(" users ─")
            await person.bar_says(oddity.token)
            await person.until(
                lambda: bool(re.search(r"token \d", person.bar)) == bool(oddity.token), "a time left, or none"
            )
            await act_as_ada(person)


async def canceled_sign_in(door: Door, place: Place, *paths: str) -> None:
    """Press Esc in each of these steps of signing in: the identity stays, and the next try works."""
    with ForeignAIRisk() as server:
        async with door(place, server) as person:
            await act_as_ada(person)
            await person.press("j")
            for path in paths:
                server.breaks(path, for_users("never_answers"))
                before = [each.path for each in server.requests].count(path)
                await person.press("enter")
                await person.bar_says(f"SIGNING IN as {GRACE} … Esc cancels · still")
                await person.until(
                    lambda: [each.path for each in server.requests].count(path) > before,  # noqa: B023
                    f"a request for {path}",
                )
                await person.press("escape")
                await see_notice(person, "! Canceled.")
                await still_acting_as_ada(person)
                server.mends()
            await person.press("enter")
            await see_notice(person, acting_notice(GRACE))


async def clock_skew(door: Door, place: Place, seconds: float) -> None:
    """Read the end of a token by the local clock."""
    with ForeignAIRisk(Dialect(token_seconds=HALF_AN_HOUR, clock_skew_seconds=seconds)) as server:
        async with door(place, server) as person:
            await person.bar_says(" token 30 min ")
            await act_as_ada(person)


async def deleted_user(door: Door, place: Place) -> None:
    """Choose a user who was deleted after the list came: the identity stays, and the same key works later."""
    with ForeignAIRisk() as server:
        async with door(place, server) as person:
            await act_as_ada(person)
            server.remove_user("u-2")
            await person.press("j", "enter")
            await see_notice(person, f"✗ AIRisk would not sign in as {GRACE} (400 Invalid userid). {CHECK_USER}")
            await still_acting_as_ada(person)
            server.add_user(Listed("u-2", "Grace", "Hopper"))
            await person.press("enter")
            await see_notice(person, acting_notice(GRACE))


# The list of users


async def no_list(door: Door, place: Place, *faults: NoList) -> None:
    """Read why there is no list; keep the old one."""
    with ForeignAIRisk(tls=True) as server:
        async with door(place, server) as person:
            await act_as_ada(person)
            for fault in faults:
                break_server(server, answers_json(fault.body), *LIST_PATHS)
                await person.press("ctrl+r")
                await see_notice(person, f"✗ {fault.words}")
                await still_acting_as_ada(person)
                server.mends()
                await person.press("escape")
                await refresh_users(person, server)
                await still_acting_as_ada(person)


async def odd_list(door: Door, place: Place, *lists: OddList) -> None:
    """See the users of an unusual list."""
    with ForeignAIRisk(tls=True) as server:
        async with door(place, server) as person:
            await person.sees("─ 3 users ─")
            for each in lists:
                break_server(server, answers_json(each.body), *LIST_PATHS)
                await refresh_users(person, server)
                await person.sees(*each.shown)


async def changed_list(door: Door, place: Place) -> None:
    """Keep the cursor on its user."""
    with ForeignAIRisk(tls=True) as server:
        async with door(place, server) as person:
            await person.sees("─ 3 users ─")
            await person.press("j")
            await person.sees("› u-2 ")
            break_server(server, answers_json(CHANGED), *LIST_PATHS)
            await refresh_users(person, server)
            await person.sees("─ 4 users ─")
            await person.until(lambda: "Grace" in person.row("› u-2 "), "the cursor on Grace")


async def awkward_ids(door: Door, place: Place) -> None:
    """Act as users whose ids mean something in a URL: each is sent as it came."""
    with ForeignAIRisk(Dialect(people=AWKWARD_PEOPLE)) as server:
        async with door(place, server) as person:
            await person.sees(f"─ {len(AWKWARD_PEOPLE)} users ─")
            for row, each in enumerate(AWKWARD_PEOPLE):
                await person.press("home", *"j" * row, "enter")
                await person.bar_says(
                    f"ACTING AS {each.name} · {set_apart_id(each.identity, 64)} · token not confirmed"
                )
                assert server.issued[-1] == each.identity


# Steps


def words_of(fault: NetworkFault, server: ForeignAIRisk) -> tuple[str, str]:
    """Return the words of the notice and of the answer pane."""
    listed = fill_in(fault.listed, server)
    return listed, fault.answered or f"✗ {listed} GET {AGENTS_PATH} as {ADA}"


async def act_as_ada(person: Someone) -> None:
    """Act as the first user of the list."""
    await person.sees("› u-1 ")
    await person.press("enter")
    await see_notice(person, acting_notice(ADA))
    await person.bar_says(f"ACTING AS {ADA} · token not confirmed")


async def act_as_ada_and_send(person: Someone) -> None:
    """Act as the first user, and get a response."""
    await act_as_ada(person)
    await open_list_agents(person)
    await person.press("f5")
    await person.reads(answer=GOOD_RESPONSE)


async def open_list_agents(person: Someone) -> None:
    """Open the first endpoint of the explorer."""
    await person.press("2", "enter")
    await person.sees(f"GET {AGENTS_PATH} ", "F5 Send")


async def open_endpoint(person: Someone, words: str, path: str) -> None:
    """Find an endpoint, and open it."""
    await person.type("2/")
    await person.press("end", "ctrl+u")
    await person.type(words)
    await person.press("down", "enter")
    await person.sees(f" {path} ", "F5 Send")


async def refresh_users(person: Someone, server: ForeignAIRisk) -> None:
    """Refresh the list of users without an error."""
    before = _list_requests(server)
    await person.press("ctrl+r")
    await person.until(lambda: _list_requests(server) > before, "a request for the users")
    await person.sees_no("Loading users")
    await person.reads(notice="")


async def refresh_and_send(person: Someone, server: ForeignAIRisk) -> None:
    """Refresh the list of users and send a request, both without an error."""
    await refresh_users(person, server)
    await person.press("f5")
    await person.reads(answer=GOOD_RESPONSE)
    await still_acting_as_ada(person)


async def still_acting_as_ada(person: Someone) -> None:
    """See the list of three users, and the same identity as before."""
    await person.sees("─ 3 users ─")
    await person.bar_says(f"ACTING AS {ADA} · token not confirmed")


async def see_notice(person: Someone, words: str) -> None:
    """Wait until the notice is exactly this."""
    await person.until(lambda: person.notice == words, f"the notice {words!r}")


async def _see_sign_in_failed(person: Someone, fault: SignInFault) -> None:
    await see_notice(person, f"✗ {fault.at_start or fault.words}")
    await person.bar_says("NOT SIGNED IN")
    await person.sees("Connect to AIRisk" if fault.refuses_the_secret else "Press Ctrl+R to retry")


async def _sign_in_after(person: Someone, server: ForeignAIRisk, fault: SignInFault) -> None:
    if fault.refuses_the_secret:
        await person.type(server.client_secret)
        await person.press("enter")
        await person.sees("› u-1 ")
        await see_notice(person, "✓ The client secret is held in memory until you quit.")
        await person.press("escape")
    else:
        await person.press("ctrl+r")
    await person.sees("› u-1 ")
    await person.reads(notice="")
    await person.bar_says("APPLICATION")


async def _send_post(person: Someone, server: ForeignAIRisk, answer: str) -> None:
    before = requests_for(server, CREATE_PATH, "u-1")
    await person.press("f5")
    await person.sees("Don't send", f"POST {CREATE_PATH}", ADA)
    await person.press("y")
    await person.until(
        lambda: requests_for(server, CREATE_PATH, "u-1") > before and bool(re.match(answer, person.answer)), answer
    )
    assert requests_for(server, CREATE_PATH, "u-1") == before + 1


async def _repeat_while_late(person: Someone, *keys: str, until: Callable[[], bool]) -> None:
    """Wait until it is so; press the keys again each time a response came too late."""

    def is_late() -> bool:
        return TOO_LATE in person.notice or TOO_LATE in person.answer

    for _ in range(TRIES):
        await person.until(lambda: until() or is_late(), "a response, or that it is late")
        if until():
            return
        await person.press(*keys)
        await person.until(lambda: not is_late(), "the next try")
    raise AssertionError(f"too late {TRIES} times")


def _list_requests(server: ForeignAIRisk) -> int:
    return requests_for(server, SHORT_LIST_PATH, GENERIC)
