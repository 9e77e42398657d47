"""The doctor looks at one thing after the other, and says what to do about the first that is wrong."""

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.kit.deployment.breakable import BreakableServer
from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.faults import Fault, answers
from tests.kit.deployment.foreign import AUTHORIZE_PATH, TOKEN_PATH, ForeignAIRisk
from tests.kit.deployment.shapes import ListStyle
from tests.kit.leaks import told_by
from tests.kit.trails import entries_in
from tests.service.airisk.asking import TOO_LATE
from tui.airisk.diagnostics import DiagnosticResult, examine
from tui.audit.recorder import open_audit_sink
from tui.config.keyring import CLIENT_SECRET, Secret, Vault, service_name
from tui.config.paths import audit_file
from tui.config.settings import RawSettings, read
from tui.errors import (
    AuditError,
    ClientSecretRejectedError,
    KeyringLockedError,
    NoResponseError,
    SettingsError,
    SignInRejectedError,
    UnexpectedSignInResponseError,
    UserListError,
)

if TYPE_CHECKING:
    from tests.kit.keyring import RealKeyring


NAMES = ["settings", "keyring", "connection", "authorize", "token", "users"]


@pytest.fixture(autouse=True)
def in_an_empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def no_keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nobody")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def told_of(server: BreakableServer, **changes: str) -> RawSettings:
    """What an admin of that deployment would have set."""
    client = (getattr(server, "client_id", "client"), getattr(server, "client_secret", "c4nary-secret"))
    given = {"AIRISK_URL": server.url, "CLIENT_ID": client[0], "CLIENT_SECRET": client[1]}
    return read(given | changes)


async def checks_of(told: RawSettings) -> list[DiagnosticResult]:
    """The checks, of which the audit trail has nothing to warn of."""
    warnings = list[AuditError]()
    checks = [check async for check in examine(told, partial(open_audit_sink, warn=warnings.append))]
    assert not warnings
    return checks


async def first_failure(told: RawSettings) -> DiagnosticResult:
    """The check that failed, which is the last one made; it says what to do, and gives nothing away."""
    checks = await checks_of(told)
    *good, last = checks
    assert [check.name for check in checks] == NAMES[: len(checks)]
    assert all(check.is_good for check in good)
    assert last.error is not None
    assert last.advice
    if told.secret:
        assert told.secret.reveal() not in told_by(last.error) + repr(checks)
    return last


@pytest.mark.usefixtures("no_keyring")
async def test_where_all_is_well_every_check_says_what_it_found() -> None:
    with ForeignAIRisk() as server:
        checks = await checks_of(told_of(server, USER_ID="u-2"))
    assert [(check.name, check.is_good, check.advice) for check in checks] == [(name, True, "") for name in NAMES]
    findings = dict(zip(NAMES, [check.finding for check in checks], strict=True))
    given = "AIRISK_URL, CLIENT_ID, USER_ID from the environment"
    assert findings["settings"] == f"{server.url} as {server.client_id} ({given})"
    assert findings["keyring"].startswith("client secret from the environment. No secure keyring")
    assert "no TLS, on loopback" in findings["connection"]
    assert findings["token"] in {
        "access token received (expires in 1 h 00 min)",
        "access token received (expires in 59 min)",
    }
    assert findings["users"] == "3 users"


@pytest.mark.usefixtures("no_keyring")
async def test_the_request_for_the_users_is_in_the_audit_trail() -> None:
    with ForeignAIRisk() as server:
        await checks_of(told_of(server))
        asked = [request.path for request in server.requests if request.identity]
    recorded = [(entry.event, entry.kind, entry.path, entry.status) for entry in entries_in(audit_file())]
    assert recorded == [("request", "application", path, 200) for path in asked]


async def test_a_preselected_user_who_is_not_in_the_list_is_mentioned() -> None:
    with ForeignAIRisk() as server:
        assert (await checks_of(told_of(server, USER_ID="u-9")))[-1].finding == "3 users; USER_ID not found among them"


REMARKED: dict[str, tuple[Dialect, dict[str, str], str]] = {
    "a protected user who is nobody": (
        Dialect(),
        {"AIRISK_PROTECTED_USERS": "U-2, u-99"},
        "3 users. AIRISK_PROTECTED_USERS lists u-99, but no user has that ID.",
    ),
    "several of them": (
        Dialect(),
        {"AIRISK_PROTECTED_USERS": "a,b,c,d,u-1"},
        "3 users. AIRISK_PROTECTED_USERS lists a, b, c and 1 more, but no user has that ID.",
    ),
    "two keys that hold ids": (
        Dialect(list_style=ListStyle(misleading_keys=("userId",))),
        {"USER_ID": "u-9"},
        "3 users; USER_ID not found among them. IDs are taken from “id”, not from “userId”.",
    ),
    "nobody": (
        Dialect(people=()),
        {},
        "0 users. AIRisk lists no users. The deployment may be empty, or this client may not be allowed to list users.",
    ),
}


@pytest.mark.usefixtures("no_keyring")
@pytest.mark.parametrize(("dialect", "changes", "finding"), REMARKED.values(), ids=REMARKED)
async def test_what_is_strange_about_a_list_is_mentioned(
    dialect: Dialect, changes: dict[str, str], finding: str
) -> None:
    with ForeignAIRisk(dialect) as server:
        last = (await checks_of(told_of(server, **changes)))[-1]
    assert (last.finding, last.is_good) == (finding, True)


FAILING = {
    "settings: missing": ("settings", {}, {"CLIENT_ID": ""}, SettingsError, "CLIENT_ID is not set"),
    "settings: wrong": ("settings", {}, {"AIRISK_TIMEOUT": "soon"}, SettingsError, "AIRISK_TIMEOUT must be a number"),
    "keyring: no secret": ("keyring", {}, {"CLIENT_SECRET": ""}, SettingsError, "No client secret found"),
    "connection": ("connection", {"*": "never_answers"}, {"AIRISK_TIMEOUT": "0.7"}, NoResponseError, TOO_LATE),
    "connection: CA file": (
        "connection",
        {},
        {"AIRISK_URL": "https://127.0.0.1:1", "AIRISK_CA_FILE": "/dev/null"},
        SettingsError,
        "AIRISK_CA_FILE is not a readable PEM file",
    ),
    "authorize": ("authorize", {}, {"CLIENT_ID": "nobody"}, SignInRejectedError, "rejected the client ID"),
    "authorize: portal": (
        "authorize",
        {AUTHORIZE_PATH: "captive_portal"},
        {},
        UnexpectedSignInResponseError,
        r"200 \(text/html\)",
    ),
    "token": ("token", {}, {"CLIENT_SECRET": "wrong"}, ClientSecretRejectedError, "rejected the client secret"),
    "token: no JSON": ("token", {TOKEN_PATH: "truncated_json"}, {}, UnexpectedSignInResponseError, "no usable token"),
    "users": ("users", {"/api/ListUsers": "captive_portal"}, {}, UserListError, r"not JSON \(text/html\)"),
    "users: path": ("users", {}, {"AIRISK_LIST_USERS": "/api/none"}, UserListError, "/api/none returned 404"),
}


@pytest.mark.usefixtures("no_keyring")
@pytest.mark.parametrize(("name", "breaks", "changes", "kind", "words"), FAILING.values(), ids=FAILING)
async def test_each_check_that_fails_says_what_to_do(
    name: str, breaks: dict[str, Fault | str], changes: dict[str, str], kind: type[Exception], words: str
) -> None:
    with ForeignAIRisk(faults=breaks) as server:
        failed = await first_failure(told_of(server, **changes))
    assert (failed.name, type(failed.error)) == (name, kind)
    assert re.search(words, failed.finding)


@pytest.mark.usefixtures("no_keyring")
async def test_a_deployment_that_cannot_prove_who_it_is_is_found_out_before_anything_is_sent() -> None:
    with BrokenServer("tls_self_signed") as server:
        failed = await first_failure(told_of(server))
        assert (failed.name, server.requests) == ("connection", [])
        assert "its certificate is self-signed" in failed.finding
        assert "AIRISK_CA_FILE" in failed.advice


@pytest.mark.usefixtures("no_keyring")
@pytest.mark.parametrize("step", ["ignored", "authorize", "token", "both"])
async def test_a_single_user_is_signed_in_as_the_program_would(step: str) -> None:
    with ForeignAIRisk(Dialect(generic_bearer=step)) as server:  # type: ignore[arg-type]
        checks = await checks_of(told_of(server, SINGLE_USER="true", USER_ID="u-2"))
        assert [check.is_good for check in checks] == [True] * len(NAMES)
        assert checks[-1].finding == "skipped (single-user mode)"
        assert server.issued[-1] == "u-2"


@pytest.mark.usefixtures("no_keyring")
@pytest.mark.parametrize(("status", "path"), [(401, AUTHORIZE_PATH), (403, TOKEN_PATH), (400, AUTHORIZE_PATH)])
async def test_a_single_user_who_is_refused_is_reported_and_not_asked_for_ever(status: int, path: str) -> None:
    with ForeignAIRisk(faults={path: answers(status)}) as server:
        failed = await first_failure(told_of(server, SINGLE_USER="true", USER_ID="u-2"))
        assert failed.name == ("token" if path == TOKEN_PATH else "authorize")
        assert len(server.requests) <= 8


# The keyring


async def test_a_secret_that_the_keyring_holds_is_found_there(keyring: "RealKeyring") -> None:
    with ForeignAIRisk() as server:
        await Vault(service_name(server.url, server.client_id)).set(CLIENT_SECRET, Secret(server.client_secret))
        checks = await checks_of(told_of(server, CLIENT_SECRET=""))
    assert [check.is_good for check in checks] == [True] * len(NAMES)
    assert checks[1].finding.startswith("client secret from the keyring. Keyring: Secret Service")


async def test_an_empty_keyring_is_no_place_to_find_it(keyring: "RealKeyring") -> None:
    with ForeignAIRisk() as server:
        failed = await first_failure(told_of(server, CLIENT_SECRET=""))
    assert (failed.name, failed.advice) == ("keyring", "Run `airisk-tui setup`.")


async def test_a_keyring_that_cannot_be_read_is_in_the_way_only_of_a_secret_that_may_be_in_it(
    keyring: "RealKeyring",
) -> None:
    with ForeignAIRisk() as server:
        await Vault(service_name(server.url, server.client_id)).set(CLIENT_SECRET, Secret(server.client_secret))
        keyring.lock()
        failed = await first_failure(told_of(server, CLIENT_SECRET=""))
        assert (failed.name, type(failed.error)) == ("keyring", KeyringLockedError)
        checks = await checks_of(told_of(server))
    assert [check.is_good for check in checks] == [True] * len(NAMES)
    assert "The keyring is locked." in checks[1].finding
