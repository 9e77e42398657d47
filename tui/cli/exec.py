"""`airisk-tui exec`: run another program with a user's token, which is only passed in its environment."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

from tui.airisk.identity import Identity
from tui.airisk.session import Session
from tui.background import run_async
from tui.cli.session import act_for_command, identity_named, open_session, refuse_read_only, refuse_unconfirmed
from tui.config.settings import RawSettings, without_secrets
from tui.errors import GuardRailError, SettingsError
from tui.signal_handlers import handling

_FORWARDED = ("SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGCONT")
_LEFT_TO_THE_CHILD = ("SIGINT", "SIGQUIT")
"""The terminal sends these to both processes."""


def run(raw: RawSettings, arguments: argparse.Namespace) -> int:
    """Run the command and return its exit code, or 128 + n if signal n ended it."""
    if not arguments.command:
        raise SettingsError("exec needs a command.", advice="Example: airisk-tui exec --as u-1 -- ./report.sh")
    return run_async(_run(raw, arguments))


async def _run(raw: RawSettings, arguments: argparse.Namespace) -> int:
    async with open_session(raw) as session:
        if session.settings.read_only:
            raise GuardRailError(
                "exec is disabled in read-only mode, because the command could use the token to change data.",
                advice="Unset AIRISK_READ_ONLY, or omit --read-only.",
            )
        refuse_unconfirmed(session.settings, "A command with a token", is_confirmed=arguments.is_confirmed)
        allows_changes = arguments.allows_changes
        acting = identity_named(arguments.identity)
        refuse_read_only(session.settings, "A command with a token", acting, allows_changes=allows_changes)
        identity = await act_for_command(session, arguments.identity, arguments.reason, allows_changes=allows_changes)
        if not identity.is_user:
            raise SettingsError("exec needs a user.", advice="Pass --as USER_ID.")
        environment = await _environment(session, identity)
        # Block the main thread, which handles signals; no other task is running.
        return _wait_for(arguments.command, environment)


async def _environment(session: Session, identity: Identity) -> Mapping[str, str]:
    token = await session.sign_in(identity)
    return without_secrets(os.environ) | {
        "AIRISK_TOKEN": token.secret.reveal(),
        "AIRISK_URL": str(session.settings.origin),
        "AIRISK_USER_ID": identity.id,
    }


def _wait_for(command: list[str], environment: Mapping[str, str]) -> int:
    try:
        with subprocess.Popen(command, env=environment) as child, _signals_go_to(child):  # noqa: S603 - the user's own
            code = child.wait()
    except FileNotFoundError:
        raise SettingsError(f"Command not found: {command[0]}.", advice="Check its path.") from None
    except OSError as error:
        raise SettingsError(f"{command[0]} cannot be run: {error.strerror}.", advice="Check its permissions.") from None
    return 128 - code if code < 0 else code


@contextmanager
def _signals_go_to(child: subprocess.Popen[bytes]) -> Iterator[None]:
    def forward(number: int, _frame: FrameType | None) -> None:
        child.send_signal(number)

    handlers = dict.fromkeys(_FORWARDED, forward) | dict.fromkeys(_LEFT_TO_THE_CHILD, signal.SIG_IGN)
    with handling({getattr(signal, name): handler for name, handler in handlers.items() if hasattr(signal, name)}):
        yield
