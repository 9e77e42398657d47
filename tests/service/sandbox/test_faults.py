"""What goes wrong when it is told to: for each fault the story of what a visitor then meets."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import httpx
import pytest

from tests.service.sandbox.conftest import Clock
from tests.service.sandbox.visitor import Visitor, redirected
from tui.sandbox import Options, Sandbox
from tui.sandbox.faults import FAULTS, Faults, listing

_LIST, _AGENTS = "/api/ListUsers", "/api/Chat/ListAgents"
_ADMIN = "u-000000"


@pytest.fixture
def faulty(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(Options(users=5_000), clock=clock) as sandbox:
        yield sandbox


# What a visitor looks at: a small fact, of which it is known what it usually is.


def _list(visitor: Visitor) -> tuple[int, str, int]:
    """Status, type and number of users: -1 where the body is not JSON, -2 where it is no list."""
    answer = visitor.get(_LIST, visitor.bearer())
    try:
        users = answer.json()
    except json.JSONDecodeError:
        number = -1
    else:
        number = len(users) if isinstance(users, list) else -2
    return answer.status_code, answer.headers["content-type"].partition(";")[0], number


def _authorized(visitor: Visitor) -> int:
    return visitor.authorize().status_code


def _redirect(visitor: Visitor) -> list[str]:
    return list(redirected(visitor.authorize(state="s")))


def _state(visitor: Visitor) -> bool:
    return redirected(visitor.authorize(state="s"))["state"] == "s"


def _refusal(visitor: Visitor) -> tuple[int, dict[str, str]]:
    answer = visitor.authorize("u-999999", state="s")
    return answer.status_code, redirected(answer) if answer.is_redirect else {}


def _exchanged(visitor: Visitor) -> int:
    return visitor.exchange(visitor.code()).status_code


def _token_is_empty(visitor: Visitor) -> bool:
    token: str = visitor.exchange(visitor.code()).json()["access_token"]
    return token == ""


def _token_is_of_the_past(visitor: Visitor) -> bool:
    end = datetime.fromisoformat(visitor.exchange(visitor.code()).json()["expiration"])
    return end.timestamp() < Clock().now


def _token_names_the_user(visitor: Visitor) -> bool:
    middle = visitor.token(_ADMIN).split(".")[1]
    subject: str = json.loads(base64.urlsafe_b64decode(middle + "==="))["sub"]
    return subject == _ADMIN


def _one_token_twice(visitor: Visitor) -> list[int]:
    bearer = visitor.bearer(_ADMIN)
    return [visitor.get(_AGENTS, bearer).status_code for _ in "12"]


def _twenty_times(visitor: Visitor) -> set[int]:
    bearer = visitor.bearer(_ADMIN)
    return {visitor.get(_AGENTS, bearer).status_code for _ in range(20)}


def _four_in_a_second(visitor: Visitor) -> list[tuple[int, str | None]]:
    answers = [visitor.authorize() for _ in range(4)]
    return [(answer.status_code, answer.headers.get("retry-after")) for answer in answers]


def _refusals(visitor: Visitor) -> list[tuple[int, Any]]:
    """The status of one without a token and of one with the generic token, and the error in the body."""
    answers = [visitor.get(_AGENTS), visitor.get(_AGENTS, visitor.bearer())]
    return [(answer.status_code, answer.json().get("error", {}).get("code")) for answer in answers]


def _events(visitor: Visitor) -> dict[str, bool]:
    bearer = visitor.bearer(_ADMIN)
    conversation = visitor.get("/api/Chat/GetConversations", bearer).json()[0]["id"]
    question = {"conversationID": conversation, "text": "Hello"}
    events = visitor.post("/api/Chat/AskAgent", bearer, json=question).text
    wanted = ("thread.message.completed", "thread.message.incomplete", '"incomplete_details":{"reason":"max_tokens"}')
    return {each: each in events for each in wanted}


class Case(NamedTuple):
    """What is looked at, what it usually is, and what it is while the fault is on."""

    look: Callable[[Visitor], object]
    usually: object
    now: object
    value: str = ""


_WHOLE_LIST = (200, "application/json", 5_000)
_DENIED = {"error": "access_denied", "error_description": "userid is not known.", "state": "s"}
_ENDED = "thread.message.completed"
_BROKEN_OFF = ("thread.message.incomplete", '"incomplete_details":{"reason":"max_tokens"}')

CASES = {
    "list-empty": Case(_list, _WHOLE_LIST, (200, "application/json", 0)),
    "list-html": Case(_list, _WHOLE_LIST, (200, "text/html", -1)),
    "list-broken": Case(_list, _WHOLE_LIST, (200, "application/json", -1)),
    "list-500": Case(_list, _WHOLE_LIST, (500, "application/problem+json", -2)),
    "authorize-500": Case(_authorized, 302, 500),
    "authorize-no-code": Case(_redirect, ["code", "state"], ["state"]),
    "refused-by-redirect": Case(_refusal, (400, {}), (302, _DENIED)),
    "state-first": Case(_redirect, ["code", "state"], ["state", "code"]),
    "state-wrong": Case(_state, usually=True, now=False),
    "state-missing": Case(_redirect, ["code", "state"], ["code"]),
    "token-500": Case(_exchanged, 200, 500),
    "token-empty": Case(_token_is_empty, usually=False, now=True),
    "token-past": Case(_token_is_of_the_past, usually=False, now=True),
    "token-other-user": Case(_token_names_the_user, usually=True, now=False),
    "revoke": Case(_one_token_twice, [200, 200], [200, 401]),
    "flaky": Case(_twenty_times, {200}, {200, 500}, "=0.5"),
    "rate-limit": Case(_four_in_a_second, [(302, None)] * 4, [(302, None)] * 3 + [(429, "1")], "=3"),
    "error-in-200": Case(_refusals, [(401, None), (403, None)], [(200, 401), (200, 403)]),
    "ask-incomplete": Case(
        _events,
        {_ENDED: True} | dict.fromkeys(_BROKEN_OFF, False),
        {_ENDED: False} | dict.fromkeys(_BROKEN_OFF, True),
    ),
}
LATE = {"slow-list": ("=3600000", _LIST), "hang": ("", "/swagger/v1/swagger.json")}


def test_there_is_a_case_for_every_fault():
    assert CASES.keys() | LATE.keys() == {fault.name for fault in FAULTS}


@pytest.mark.parametrize("name", CASES)
def test_a_fault_does_what_it_says_while_it_is_on_and_not_before_or_after(faulty, clock, name):
    case = CASES[name]
    with Visitor(faulty.url, faulty.options) as visitor:
        assert case.look(visitor) == case.usually
        faulty.faults.switch_on(name + case.value)
        clock.now += 1
        assert case.look(visitor) == case.now
        faulty.faults.switch_off(name)
        assert case.look(visitor) == case.usually


@pytest.mark.parametrize("name", LATE)
def test_what_is_late_comes_once_the_fault_is_off(faulty, name):
    value, path = LATE[name]
    with Visitor(faulty.url, faulty.options) as visitor:
        bearer = visitor.bearer()
        assert visitor.get(path, bearer).status_code == 200
        faulty.faults.switch_on(name + value)
        with pytest.raises(httpx.ReadTimeout):
            visitor.http.get(path, headers=bearer, timeout=0.5)
        if name == "slow-list":
            assert visitor.get(_AGENTS, bearer).status_code == 403, "only the list is slow"
        faulty.faults.switch_off(name)
        assert visitor.get(path, bearer).status_code == 200


def test_the_limit_is_for_each_second(clock):
    options = Options(faults=("rate-limit=2",))
    with Sandbox(options, clock=clock) as sandbox, Visitor(sandbox.url, options) as visitor:
        first = [visitor.authorize().status_code for _ in range(3)]
        clock.now += 1
        assert [*first, visitor.authorize().status_code] == [302, 302, 429, 302]


def test_what_is_flaky_is_so_in_the_same_places_each_time():
    def statuses(seed: int) -> list[int]:
        options = Options(faults=("flaky=0.4",), seed=seed, user_id="u-000000")
        with Sandbox(options) as sandbox, Visitor(sandbox.url, sandbox.options) as visitor:
            bearer = visitor.bearer("u-000000")
            return [visitor.get("/api/Chat/ListAgents", bearer).status_code for _ in range(30)]

    assert statuses(1) == statuses(1) != statuses(2)


@pytest.mark.parametrize("wrong", ["flu", "flaky", "flaky=2", "flaky=x", "flaky=nan", "rate-limit=-1", "hang=1", ""])
def test_a_fault_nobody_knows_or_with_a_wrong_value_is_refused_in_words(wrong):
    with pytest.raises(ValueError, match=r"unknown fault|takes no value|needs a value"):
        Faults([wrong])


def test_all_are_listed_and_can_be_ended_at_once():
    faults = Faults(["hang", "flaky=0.5"])
    assert list(faults) == ["hang", "flaky"]
    assert faults.value("flaky") == 0.5
    faults.clear()
    assert list(faults) == []
    assert [line.split()[0].partition("=")[0] for line in listing().splitlines()] == [fault.name for fault in FAULTS]
