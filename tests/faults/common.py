"""What the tests of faults share: settings, broken servers, and checks that nothing leaked."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import parse_qs

import pytest

from tests.faults.sign_in import CANARIES, CODE
from tests.kit.canaries import files_with, is_in
from tests.kit.deployment.breakable import EVERY_PATH
from tests.kit.deployment.dialect import LONG_LIST_PATH, SHORT_LIST_PATH
from tests.kit.deployment.faults import Fault, fault_of
from tests.kit.deployment.foreign import TOKEN_PATH, ForeignAIRisk
from tests.kit.patience import ENOUGH
from tests.kit.shell import Place
from tui.config.settings import NAMES

TIMEOUT = f"{ENOUGH:g}"
"""Seconds for a response that has to come."""
SHORT_TIMEOUT = "1"
"""Seconds for a response that never comes."""

AGENTS_PATH, CREATE_PATH = "/api/Chat/ListAgents", "/api/Chat/CreateConversation"
LIST_PATHS = (SHORT_LIST_PATH, LONG_LIST_PATH)
TRIES = 20
"""How often a test repeats what has to succeed within SHORT_TIMEOUT: a busy machine may be too late."""


def settings_for(server: ForeignAIRisk, **others: str) -> dict[str, str]:
    """Return the settings for this deployment, and others."""
    client = {"CLIENT_ID": server.client_id, "CLIENT_SECRET": server.client_secret}
    return {"AIRISK_URL": server.url, **client, "AIRISK_TIMEOUT": TIMEOUT, **ca_file_of(server), **others}


def ca_file_of(server: ForeignAIRisk) -> dict[str, str]:
    """Return the setting for the server's certificate authority, if it has one."""
    return {"AIRISK_CA_FILE": str(server.ca_file)} if server.ca_file else {}


def break_server(server: ForeignAIRisk, fault: Fault | str, *paths: str) -> None:
    """Give these paths a fault, or the whole server if the fault is of that kind."""
    for path in (EVERY_PATH,) if fault_of(fault).is_of_whole_server else paths:
        server.breaks(path, fault)


def fill_in(words: str, server: ForeignAIRisk) -> str:
    """Replace the host and the seconds in the words of a table."""
    return words.replace("{host}", f"127.0.0.1:{server.port}").replace("{seconds}", SHORT_TIMEOUT)


def requests_for(server: ForeignAIRisk, path: str, identity: str) -> int:
    """Count the requests for a path as this identity."""
    return sum((request.path, request.identity) == (path, identity) for request in server.requests)


def hostile_environment(place: Place, server: ForeignAIRisk) -> dict[str, str]:
    """Return variables that make libraries send requests elsewhere or log secrets."""
    netrc = place.home / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    proxies = [name for each in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY") for name in (each, each.lower())]
    files = {"NETRC": str(netrc), "SSLKEYLOGFILE": str(place.cwd / "keys.log")}
    return {**dict.fromkeys(proxies, server.thief.url), "NO_PROXY": "", **files}


@contextmanager
def in_environment(place: Place, variables: Mapping[str, str]) -> Iterator[None]:
    """Run this process in the directories of a place, with these environment variables."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place.cwd)
        for name in NAMES:
            patch.delenv(name, raising=False)
        for name, value in {**place.environment, **variables}.items():
            patch.setenv(name, value)
        yield


def check_requests(place: Place, server: ForeignAIRisk) -> None:
    """Check that no redirect was followed, no cookie kept, no code sent twice, and only tokens sent as tokens."""
    assert server.thief.requests == []
    assert server.cookies_received == []
    with_token = [request for request in server.requests if request.header("Authorization") is not None]
    assert [request for request in with_token if request.identity is None] == []
    bodies = [request.body.decode() for request in server.requests if request.path == TOKEN_PATH]
    codes = [parse_qs(body)["code"][0] for body in bodies]
    assert len(codes) == len(set(codes))
    assert CODE not in codes, "a code from an invalid redirect was used"
    assert not (place.cwd / "keys.log").exists()


def check_secrets(place: Place, server: ForeignAIRisk, *texts: str | bytes | bytearray) -> None:
    """Check that no secret, nor its beginning, is in these texts, and none in a file."""
    secrets = {*server.given_away, *server.tokens, *CANARIES}
    for text in texts:
        data = text.encode() if isinstance(text, str) else bytes(text)
        plain = re.sub(rb"\x1b\[[\d;?]*[A-Za-z]", b"", data)
        assert not [True for secret in secrets if is_in(secret, data) or secret[:12].encode() in plain]
    assert files_with(secrets, place.home, place.cwd, place.tmp, place.run_dir) == []
