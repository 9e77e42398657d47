"""How a test opens a session with a deployment that listens on loopback."""

from dataclasses import replace

from tests.servers.breakable import BreakableServer
from tui.airisk.session import Session
from tui.airisk.settings import Settings, parse_origin
from tui.airisk.vault import Secret


def settings_for(server: BreakableServer, **changes: object) -> Settings:
    """What an admin of that deployment would set."""
    client_id = getattr(server, "client_id", "client")
    settings = Settings(origin=parse_origin(server.url), client_id=client_id, timeout=5.0)
    return replace(settings, **changes)  # type: ignore[arg-type]


def session_with(server: BreakableServer, *, secret: str = "", **changes: object) -> Session:
    """A session as the program opens it."""
    return Session(settings_for(server, **changes), Secret(secret or getattr(server, "client_secret", "a secret")))
