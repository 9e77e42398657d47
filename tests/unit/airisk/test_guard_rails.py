"""What the settings do not allow is refused, and it is said what to do."""

from dataclasses import replace

import pytest

from tests.kit.trails import ADA, GRACE, SETTINGS
from tui.airisk.guard_rails import (
    ActingPeriod,
    check_act_as,
    check_not_protected,
    check_request,
    is_oneself,
    needs_confirmation,
)
from tui.airisk.identity import ANONYMOUS, APPLICATION, Identity
from tui.airisk.models import Draft
from tui.errors import RequestRejectedError

PROTECTED = replace(SETTINGS, protected_users=frozenset({GRACE.id, "application"}))
REASONED = replace(SETTINGS, require_reason=True)
READ_ONLY = replace(SETTINGS, read_only=True)
ACT_READ_ONLY = replace(SETTINGS, act_read_only=True)
READING, WRITING = Draft("GET", "/api/x"), Draft("DELETE", "/api/x")
OVER = ActingPeriod(GRACE, minutes=90, began_steadily=-1e9)

HOSTILE = Identity("user", "u-1 ", "Grace · u-127 · token confirmed")

REFUSALS = {
    "a name that speaks for another": (
        lambda: check_act_as(REASONED, HOSTILE, ""),
        'Acting as "Grace · u-127 · token confirmed" · "u-1 " requires a reason.',
        "Enter a ticket number or a short reason.",
    ),
    "protected": (
        lambda: check_not_protected(PROTECTED, GRACE),
        "Grace Hopper · u-127 is protected: airisk-tui will not act as this user.",
        "AIRISK_PROTECTED_USERS lists this user.",
    ),
    "a request of somebody protected": (
        lambda: check_request(PROTECTED, READING, GRACE, None),
        "Grace Hopper · u-127 is protected: airisk-tui will not act as this user.",
        "AIRISK_PROTECTED_USERS lists this user.",
    ),
    "no reason": (
        lambda: check_act_as(REASONED, GRACE, " \t"),
        "Acting as Grace Hopper · u-127 requires a reason.",
        "Enter a ticket number or a short reason.",
    ),
    "a reason that cannot be seen": (
        lambda: check_act_as(REASONED, GRACE, "\u200b\u2060\u00ad\u3164\u2800\u0301\ufe0f\u00a0\x00"),
        "Acting as Grace Hopper · u-127 requires a reason.",
        "Enter a ticket number or a short reason.",
    ),
    "read-only": (
        lambda: check_request(READ_ONLY, WRITING, APPLICATION, None),
        "DELETE blocked: read-only mode is on.",
        "Unset AIRISK_READ_ONLY, or start without --read-only.",
    ),
    "an acting session that begins read-only": (
        lambda: check_request(ACT_READ_ONLY, WRITING, GRACE, None),
        "DELETE blocked: acting as Grace Hopper · u-127 is read-only.",
        "Act as this user and allow changes first.",
    ),
    "over": (
        lambda: check_request(SETTINGS, READING, GRACE, OVER),
        "Acting as Grace Hopper · u-127 ended after 90 minutes.",
        "Act as this user again to continue.",
    ),
}


@pytest.mark.parametrize(("refused", "message", "advice"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_says_whom_it_is_about_and_what_to_do(refused, message, advice):
    with pytest.raises(RequestRejectedError) as refusal:
        refused()
    assert (refusal.value.message, refusal.value.advice) == (message, advice)


ALLOWED = {
    "somebody else": (PROTECTED, READING, ADA, None),
    "the application, though a user is called like it": (PROTECTED, READING, APPLICATION, None),
    "the application, though acting begins read-only": (ACT_READ_ONLY, WRITING, APPLICATION, None),
    "reading, though acting begins read-only": (ACT_READ_ONLY, READING, GRACE, None),
    "nobody": (READ_ONLY, READING, ANONYMOUS, None),
    "changing things": (SETTINGS, WRITING, GRACE, ActingPeriod(GRACE, minutes=60)),
    "whose act is over, in another name": (SETTINGS, WRITING, ADA, OVER),
}


@pytest.mark.parametrize("asked", ALLOWED.values(), ids=ALLOWED)
def test_all_else_goes_through(asked):
    check_request(*asked)


ONESELF = [
    (replace(SETTINGS, single_user=True, user_id="U-127 "), GRACE, True),
    (replace(SETTINGS, single_user=True, user_id="u-127"), ADA, False),
    (replace(SETTINGS, single_user=True, user_id="application"), APPLICATION, False),
    (replace(SETTINGS, user_id="u-127"), GRACE, False),
]


@pytest.mark.parametrize(("settings", "identity", "is_so"), ONESELF)
def test_oneself_is_the_user_of_single_user_mode(settings, identity, is_so):
    assert is_oneself(settings, identity) is is_so


def test_a_reason_is_enough_where_one_is_required():
    check_act_as(REASONED, GRACE, "TICKET-7")
    check_act_as(PROTECTED, Identity("user", "u-9"), "")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("label", ["", "staging", "production", " PROD ", "Live"])
@pytest.mark.parametrize("identity", [ANONYMOUS, APPLICATION, ADA], ids=str)
def test_what_changes_things_is_confirmed_as_a_user_and_on_production_as_anybody(method, label, identity):
    settings = replace(SETTINGS, label=label)
    changes_things = method not in {"GET", "HEAD", "OPTIONS"}
    is_production = label not in {"", "staging"}
    expected = changes_things and (identity == ADA or is_production)
    assert needs_confirmation(settings, Draft(method, "/api/x"), identity) is expected
