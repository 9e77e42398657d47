"""Every way in which signing in can go wrong, in a real terminal: what is read, and who is acted as afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.sign_in import FAULTS, ODDITIES, OF_SOMEBODY_ELSE, Oddity, SignInFault
from tests.faults.sign_in_stage import HALF_AN_HOUR, Story, story
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.faults import answers, for_users
from tests.kit.deployment.foreign import AUTHORIZE_PATH, TOKEN_PATH, ForeignAIRisk
from tests.kit.deployment.shapes import Person

pytestmark = pytest.mark.fault("signing in")

ESC_AT = {"Esc before the code": AUTHORIZE_PATH, "Esc before the token": TOKEN_PATH}
CLOCKS = {"an hour ahead": 3600, "an hour behind": -3600}
CHOSEN = [each.name for each in (*FAULTS, OF_SOMEBODY_ELSE, *ODDITIES)] + [*ESC_AT, *CLOCKS, "gone"]

# The application itself


@pytest.fixture(scope="module")
def starting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The program where the first sign-in fails; at the end it succeeds."""
    server = ForeignAIRisk()
    server.breaks(AUTHORIZE_PATH, answers(500))
    with story(tmp_path_factory.mktemp("starting"), server, "NOT SIGNED IN") as person:
        yield person
        server.mends()
        person.press("C-r")
        person.reads("", "GENERIC")
        person.terminal.wait_for("3 users", "Ada Lovelace")


@pytest.mark.parametrize(
    "fault", [each for each in FAULTS if not each.refuses_the_secret], ids=lambda fault: fault.name
)
def test_nobody_is_signed_in_and_the_next_try_is_heard(starting: Story, fault: SignInFault) -> None:
    starting.press("Escape")
    starting.reads("", "NOT SIGNED IN")
    starting.server.mends()
    starting.server.breaks(fault.path, fault.how)
    starting.press("C-r")
    starting.reads(f"✗ {fault.at_start or fault.words}", "NOT SIGNED IN")
    starting.terminal.wait_for("Ctrl+R asks again.")


@pytest.mark.parametrize("fault", [each for each in FAULTS if each.refuses_the_secret], ids=lambda fault: fault.name)
def test_a_secret_that_is_refused_is_asked_for_again(tmp_path: Path, fault: SignInFault) -> None:
    server = ForeignAIRisk()
    server.breaks(fault.path, fault.how)
    with story(tmp_path, server, "Connect to AIRisk", "Client secret") as person:
        person.reads(f"✗ {fault.at_start}", "NOT SIGNED IN")
        server.mends()
        person.terminal.type(server.client_secret)
        person.press("Enter")
        person.terminal.wait_for("3 users", "Ada Lovelace")
        assert person.who.startswith("GENERIC")


# A user


@pytest.fixture(scope="module")
def choosing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The program in front of a list of users, one for each thing that can go wrong."""
    people = tuple(Person(f"u-{row:02}", name) for row, name in enumerate(CHOSEN))
    server = ForeignAIRisk(Dialect(people=people, token_seconds=HALF_AN_HOUR))
    with story(tmp_path_factory.mktemp("choosing"), server, f"{len(people)} users") as person:
        yield person


@pytest.mark.parametrize("fault", [*FAULTS, OF_SOMEBODY_ELSE], ids=lambda fault: fault.name)
def test_whoever_was_acted_as_before_still_is_and_the_same_enter_works_later(
    choosing: Story, fault: SignInFault
) -> None:
    before = choosing.who
    choosing.server.breaks(fault.path, for_users(fault.how))
    who = choosing.choose(fault.name)
    choosing.reads(f"✗ {fault.words.replace('{who}', who)}", before)
    assert f"{len(CHOSEN)} users" in choosing.terminal.screen
    choosing.server.mends()
    choosing.press("Enter")
    choosing.acts_as(who)


@pytest.mark.parametrize("oddity", ODDITIES, ids=lambda oddity: oddity.name)
def test_what_is_only_odd_is_understood(choosing: Story, oddity: Oddity) -> None:
    choosing.server.breaks(oddity.path, oddity.how)
    choosing.acts_as(choosing.choose(oddity.name))
    choosing.server.mends()
    assert oddity.token in choosing.terminal.bar
    assert bool(oddity.token) == (" token " in choosing.terminal.bar)


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_clock_that_is_off_is_corrected(choosing: Story, clock: str) -> None:
    choosing.server.advance(CLOCKS[clock])
    choosing.acts_as(choosing.choose(clock))
    assert "token 30 min" in choosing.terminal.bar
    choosing.server.advance(-CLOCKS[clock])


@pytest.mark.parametrize("moment", ESC_AT)
def test_esc_adopts_nothing(choosing: Story, moment: str) -> None:
    before = choosing.who
    choosing.server.breaks(ESC_AT[moment], "never_answers")
    who = choosing.choose(moment)
    choosing.terminal.wait_until(
        lambda: choosing.who.startswith(f"SIGNING IN as {who} … Esc cancels; still"), "the bar to say so"
    )
    choosing.terminal.wait_until(lambda: choosing.server.requests[-1].path == ESC_AT[moment], "the step under way")
    choosing.press("Escape")
    choosing.reads("! Cancelled.", before)
    choosing.server.mends(ESC_AT[moment])
    choosing.press("Enter")
    choosing.acts_as(who)


def test_a_user_who_was_deleted_after_the_list_came(choosing: Story) -> None:
    before, row = choosing.who, CHOSEN.index("gone")
    choosing.server.remove_user(f"u-{row:02}")
    who = choosing.choose("gone")
    choosing.reads(
        f"✗ AIRisk refused to let you act as {who} (400 Invalid userid). "
        "The user may be gone, suspended, or not open to this client: refresh the list.",
        before,
    )
    choosing.server.add_user(Person(f"u-{row:02}", "gone"))
    choosing.press("Enter")
    choosing.acts_as(who)
