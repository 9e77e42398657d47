"""What goes wrong when it is told to: for each fault the story of what a visitor then meets."""

import base64
import json
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.service.sandbox.conftest import Clock
from tests.service.sandbox.visitor import Visitor, redirected
from tui.sandbox import Options, Sandbox
from tui.sandbox.faults import FAULTS, Faults, listing

_LIST = "/api/ListUsers"


@pytest.fixture
def faulty(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(Options(users=5_000), clock=clock) as sandbox:
        yield sandbox


def _list(visitor: Visitor) -> httpx.Response:
    return visitor.get(_LIST, visitor.bearer())


def _list_empty(visitor: Visitor) -> None:
    assert _list(visitor).content == b"[]"


def _list_html(visitor: Visitor) -> None:
    answer = _list(visitor)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


def _list_broken(visitor: Visitor) -> None:
    answer = _list(visitor)
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def _list_500(visitor: Visitor) -> None:
    assert _list(visitor).status_code == 500


def _slow_list(visitor: Visitor) -> None:
    bearer = visitor.bearer()
    assert visitor.get("/api/Chat/ListAgents", bearer).status_code == 403, "only the list is slow"
    with pytest.raises(httpx.ReadTimeout):
        visitor.http.get(_LIST, headers=bearer, timeout=1)


def _authorize_500(visitor: Visitor) -> None:
    assert visitor.authorize().status_code == 500


def _authorize_no_code(visitor: Visitor) -> None:
    assert list(redirected(visitor.authorize(state="s"))) == ["state"]


def _refused_by_redirect(visitor: Visitor) -> None:
    told = redirected(visitor.authorize("u-999999", state="s"))
    assert told == {"error": "access_denied", "error_description": "userid is not known.", "state": "s"}


def _state_first(visitor: Visitor) -> None:
    assert list(redirected(visitor.authorize(state="s"))) == ["state", "code"]


def _state_wrong(visitor: Visitor) -> None:
    assert redirected(visitor.authorize(state="s"))["state"] != "s"


def _state_missing(visitor: Visitor) -> None:
    assert list(redirected(visitor.authorize(state="s"))) == ["code"]


def _token_500(visitor: Visitor) -> None:
    assert visitor.exchange(visitor.code()).status_code == 500


def _token_empty(visitor: Visitor) -> None:
    assert visitor.exchange(visitor.code()).json()["access_token"] == ""


def _token_past(visitor: Visitor) -> None:
    assert visitor.exchange(visitor.code()).json()["expiration"] < "2026-05-28T20:26:40Z"


def _token_other_user(visitor: Visitor) -> None:
    middle = visitor.token("u-000000").split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(middle + "==="))["sub"] != "u-000000"


def _revoke(visitor: Visitor) -> None:
    bearer = visitor.bearer("u-000000")
    assert [visitor.get("/api/Chat/ListAgents", bearer).status_code for _ in "12"] == [200, 401]


def _flaky(visitor: Visitor) -> None:
    bearer = visitor.bearer("u-000000")
    assert {visitor.get("/api/Chat/ListAgents", bearer).status_code for _ in range(20)} == {200, 500}


def _rate_limit(visitor: Visitor) -> None:
    answers = [visitor.authorize() for _ in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert answers[-1].headers["retry-after"] == "1"


def _error_in_200(visitor: Visitor) -> None:
    nobody = visitor.get("/api/Chat/ListAgents")
    assert (nobody.status_code, nobody.json()["error"]["code"]) == (200, 401)
    assert visitor.get("/api/Chat/ListAgents", visitor.bearer()).json()["error"]["code"] == 403


def _ask_incomplete(visitor: Visitor) -> None:
    bearer = visitor.bearer("u-000000")
    conversation = visitor.get("/api/Chat/GetConversations", bearer).json()[0]["id"]
    question = {"conversationID": conversation, "text": "Hello"}
    events = visitor.post("/api/Chat/AskAgent", bearer, json=question).text
    assert "event: thread.message.incomplete\n" in events
    assert '"incomplete_details":{"reason":"max_tokens"}' in events
    assert "thread.message.completed" not in events


def _hang(visitor: Visitor) -> None:
    with pytest.raises(httpx.ReadTimeout):
        visitor.http.get("/swagger/v1/swagger.json", timeout=0.2)


_VALUES = {"slow-list": "=3600000", "flaky": "=0.5", "rate-limit": "=3"}


def _story(name: str) -> Callable[[Visitor], None]:
    story: Callable[[Visitor], None] = globals()["_" + name.replace("-", "_")]
    return story


@pytest.mark.parametrize("name", [fault.name for fault in FAULTS])
def test_a_fault_does_what_it_says_while_it_is_on_and_not_before_or_after(faulty, clock, name):
    story = _story(name)
    with Visitor(faulty.url, faulty.options) as visitor:
        with pytest.raises((AssertionError, KeyError, pytest.fail.Exception)):
            story(visitor)
        faulty.faults.switch_on(name + _VALUES.get(name, ""))
        clock.now += 1
        story(visitor)
        faulty.faults.switch_off(name)
        with pytest.raises((AssertionError, KeyError, pytest.fail.Exception)):
            story(visitor)


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
    with pytest.raises(ValueError, match=r"no fault|takes no value|wants a"):
        Faults([wrong])


def test_all_are_listed_and_can_be_ended_at_once():
    faults = Faults(["hang", "flaky=0.5"])
    assert list(faults) == ["hang", "flaky"]
    assert faults.value("flaky") == 0.5
    faults.clear()
    assert list(faults) == []
    assert [line.split()[0].partition("=")[0] for line in listing().splitlines()] == [fault.name for fault in FAULTS]
