"""What the identity bar draws, for any name, id and label, in windows of 30 to 200 columns."""

from __future__ import annotations

import re
import time
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.airisk.auth.oauth import Token
from tui.airisk.guard_rails import ActingPeriod
from tui.airisk.identity import APPLICATION, Identity, SubjectCheck
from tui.config.keyring import Secret
from tui.text import set_apart, set_apart_id
from tui.widgets.identity_bar import IdentityStatus, bar_lines

GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
HOST = "demo.aicrisk.com"

ROOMS = st.integers(28, 198)
"""Columns of the bar's text in such windows."""

SPEECH = st.lists(
    st.sampled_from([
        *("ACTING AS ", "APPLICATION", "SIGNING IN as ", " · still ", " … ", " · ", "u-000000", HOST),
        *("token confirmed", "token not confirmed", "acting ends in 5 min"),
        *(" PRODUCTION ", " READ-ONLY ", "token 5 min", "  ", "     ", '"', "”", "''", "·", "•", "\u00a0", "\u3000"),
        *("Ada Lovelace", "名前", "👩\u200d👩", "e\u0301", "\u0301", "אדה", "नमस्ते", "\x1b[2J", "\u202e"),
    ]),
    min_size=1,
    max_size=12,
).map("".join)  # fmt: skip
"""The bar's own words, said by a name."""

NAMES = st.sampled_from(["", "Ada Lovelace", "Jean-Luc van den O’Brien", "名前" * 30]) | SPEECH | st.text()
IDS = st.sampled_from(["u-000127", "7", GUID, "id@example.com"]) | SPEECH | st.text(min_size=1)
LABELS = st.sampled_from(["", "staging", "production", "Prod", "live", "the one of Frankfurt"])
SECONDS = st.sampled_from([None, 3600.0, 700.0, 590.0, 42.0, -1.0])
USERS = st.builds(
    Identity, st.just("user"), IDS, NAMES, st.sampled_from([SubjectCheck.CONFIRMED, SubjectCheck.NOT_CONFIRMED])
)


@st.composite
def statuses(draw: st.DrawFn, identities: st.SearchStrategy[Identity]) -> IdentityStatus:
    """What a bar can have to tell of somebody."""
    identity = draw(identities)
    token_left, act_left = draw(SECONDS), draw(SECONDS)
    return IdentityStatus(
        state="signed in",
        identity=identity,
        becoming=draw(st.none() | USERS),
        client_id="client-4711",
        deployment=draw(st.sampled_from(["", "prod-eu"])),
        host=HOST,
        port=draw(st.sampled_from(["", "8130"])),
        label=draw(LABELS),
        token=None if token_left is None else Token(Secret("never shown"), expires_at=time.time() + token_left),
        act=ActingPeriod(identity, act_left / 60) if act_left is not None and identity.is_user else None,
        is_read_only=draw(st.booleans()),
        allows_changes=draw(st.booleans()),
    )


def drawn(status: IdentityStatus, room: int) -> list[str]:
    return [line.plain for line in bar_lines(status, room, time.monotonic())]


def without_blanks(text: str) -> str:
    return "".join(text.split())


@given(status=statuses(USERS | st.just(APPLICATION)), room=ROOMS)
def test_who_and_where_are_whole_in_every_window(status: IdentityStatus, room: int) -> None:
    lines = drawn(status, room)
    assert max(map(cell_len, lines)) <= room
    words = without_blanks("".join(lines))
    assert HOST in words
    assert without_blanks(status.label.upper()) in words
    assert ("READ-ONLY" in words) >= status.is_read_only
    assert ("CHANGESALLOWED" in words) >= (status.allows_changes and not status.is_read_only)
    for each in filter(None, (status.identity, status.becoming)):
        assert without_blanks(set_apart_id(each.id, 64) if each.is_user else "APPLICATION") in words


@given(status=statuses(USERS), room=ROOMS)
@example(
    status=IdentityStatus("signed in", Identity("user", "u-1", "Ada · u-0 · token confirmed    x"), host=HOST), room=78
)
def test_no_name_and_no_id_can_be_taken_for_what_the_bar_says(status: IdentityStatus, room: int) -> None:
    rest = without_blanks("".join(drawn(status, room)))
    identity = status.identity
    if status.becoming:
        assert rest.startswith("SIGNINGINas")
        rest = after_user(rest.removeprefix("SIGNINGINas"), status.becoming).removeprefix("…Esccancels")
        assert rest.startswith("·still")
        rest = rest.removeprefix("·still")
    assert rest.startswith("ACTINGAS")
    rest = after_user(rest.removeprefix("ACTINGAS"), identity)
    rest = rest.removeprefix(f"·{without_blanks(identity.subject_check.words)}")
    assert rest.removeprefix(f"{status.deployment}·").startswith(HOST)


def after_user(text: str, identity: Identity) -> str:
    """What comes after the name and the id, as a person reads a text without blanks."""
    if identity.name:
        name = re.match(r'"[^"]*"|[^"·]*', text)
        assert name
        text = text[name.end() :]
        assert text.startswith("·")
        text = text[1:]
    shown = without_blanks(set_apart_id(identity.id, 64))
    assert text.startswith(shown)
    return text[len(shown) :]


@given(status=statuses(USERS), room=ROOMS)
def test_what_matters_less_is_given_up_first(status: IdentityStatus, room: int) -> None:
    lines = drawn(status, room)
    if len(lines) > 1:
        return
    (line,) = lines
    act, name, token = status.act, set_apart(status.identity.name, 40), status.token
    token_left = token.seconds_left if token else None
    there = [
        ("token", token_left is not None and (act is None or token_left <= 60), "token " in line.rpartition(HOST)[2]),
        ("deployment", bool(status.deployment), f"{status.deployment} · {HOST}" in line),
        ("ends in", act is not None and act.seconds_left > 610, "ends in " in line.rpartition(HOST)[2]),
        ("subject_check", True, f" · {status.identity.subject_check.words}  " in line),
        ("name", bool(status.identity.name), f"{name} · " in line),
    ]
    shown = [is_shown for _, is_told, is_shown in there if is_told]
    assert shown == sorted(shown), there
    assert f"{HOST}:" in line or not status.port or not any(shown[:-1])
    if act and act.seconds_left < 590:
        assert "ends in " in line


def test_there_is_one_countdown_at_a_time() -> None:
    def token(seconds: float) -> Token:
        return Token(Secret("never shown"), expires_at=time.time() + seconds)

    application = IdentityStatus("signed in", host=HOST, token=token(1800))
    assert "token 30 min" in drawn(application, 118)[0]
    ada = Identity("user", "u-1", "Ada")
    acting = replace(application, identity=ada, act=ActingPeriod(ada, 60))
    assert drawn(acting, 118)[0].rpartition(HOST)[2].split() == ["acting", "ends", "in", "1", "h", "00", "min"]
    assert "token 0:00" in drawn(replace(acting, token=token(-1)), 118)[0]


def test_a_saved_deployment_is_named_before_its_host_unless_its_label_says_the_same() -> None:
    acting = IdentityStatus("signed in", Identity("user", "u-1", "Ada"), deployment="prod-eu", host=HOST)
    assert f"  prod-eu · {HOST}" in drawn(acting, 118)[0]
    (line,) = drawn(replace(acting, label="PROD-EU"), 118)
    assert line.endswith(f"  {HOST}   PROD-EU ")
