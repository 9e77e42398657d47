"""What a command prints when something fails: one line on stderr, nothing on stdout, and an exit code."""

import json

from tests.faults.common import (
    AGENTS_PATH,
    CREATE_PATH,
    LIST_PATHS,
    SHORT_TIMEOUT,
    TIMEOUT,
    break_server,
    fill_in,
    requests_for,
)
from tests.faults.doors import run_command
from tests.faults.lists import NOBODY_LISTED, NoList, OddList
from tests.faults.network import NetworkFault, cut_to
from tests.faults.sign_in import Oddity, SignInFault
from tests.faults.unnoticed import Unnoticed
from tests.kit.deployment.faults import answers_json, for_users
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.shell import Outcome, Place

USERS = ("users", "--format", "json")
REQUEST_AS_ADA = ("request", "GET", AGENTS_PATH, "--as", "u-1")
POST_AS_ADA = ("request", "POST", CREATE_PATH, "--as", "u-1", "-d", "{}")


def network_fault(place: Place, fault: NetworkFault) -> None:
    """Print the error."""
    timeout = SHORT_TIMEOUT if fault.kind == "deadline" else TIMEOUT
    with ForeignAIRisk(tls=True) as server:
        break_server(server, fault.how, *LIST_PATHS)
        outcome = run_command(place, server, *USERS, AIRISK_TIMEOUT=timeout)
        _check(outcome, fill_in(fault.listed, server), fault.code)


def unnoticed_fault(place: Place, fault: Unnoticed) -> None:
    """Print no error."""
    with ForeignAIRisk(tls=True) as server:
        break_server(server, fault.name, *LIST_PATHS)
        outcome = run_command(place, server, *USERS)
    remark = "" if fault.users else f"airisk-tui: {NOBODY_LISTED}\n"
    assert (outcome.code, outcome.err, len(json.loads(outcome.text))) == (0, remark, fault.users)


def unsafe_request(place: Place, fault: str) -> None:
    """Send a POST once, even when nobody knows whether AIRisk processed it."""
    with ForeignAIRisk(tls=True) as server:
        break_server(server, fault, CREATE_PATH)
        outcome = run_command(place, server, *POST_AS_ADA)
        assert outcome.code == 4  # What has arrived may be printed, as by curl.
        assert any(words in outcome.line for words in (" the response was complete. ", "invalid HTTP response. "))
        assert requests_for(server, CREATE_PATH, "u-1") == 1


def sign_in_fault(place: Place, fault: SignInFault) -> None:
    """Print why nobody is signed in, and why a user is not acted as."""
    with ForeignAIRisk() as server:
        if not fault.is_of_users:
            server.breaks(fault.path, fault.how)
            _check(run_command(place, server, *USERS), fault.at_start or fault.words, fault.code)
        server.breaks(fault.path, for_users(fault.how))
        _check(run_command(place, server, *REQUEST_AS_ADA), fault.words.replace("{who}", "u-1"), fault.code)


def odd_sign_in(place: Place, oddity: Oddity) -> None:
    """Act as a user."""
    with ForeignAIRisk() as server:
        server.breaks(oddity.path, oddity.how)
        outcome = run_command(place, server, *REQUEST_AS_ADA)
    assert (outcome.code, outcome.err) == (0, "")
    assert b"Agent 1 of Ada Lovelace" in outcome.out


def no_list(place: Place, fault: NoList) -> None:
    """Print why there is no list."""
    with ForeignAIRisk() as server:
        break_server(server, answers_json(fault.body), *LIST_PATHS)
        _check(run_command(place, server, *USERS), fault.words, 1)


def odd_list(place: Place, odd: OddList) -> None:
    """Print the users, and a remark."""
    with ForeignAIRisk() as server:
        break_server(server, answers_json(odd.body), *LIST_PATHS)
        outcome = run_command(place, server, *USERS)
    assert (outcome.code, outcome.err) == (0, odd.remark and f"airisk-tui: {odd.remark}\n")
    assert tuple(user["id"] for user in json.loads(outcome.text)) == odd.ids


def _check(outcome: Outcome, words: str, code: int) -> None:
    assert (cut_to(words, outcome.line), outcome.code, outcome.out) == (words, code, b"")
