"""`airisk-tui sandbox`: run a local AIRisk sandbox server in the foreground, until Ctrl+C."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from tui.sandbox import MOST_USERS
from tui.sandbox.faults import Faults, listing


def add_arguments(
    parser: argparse.ArgumentParser, *, latency: Callable[[str], float], lifetime: Callable[[str], float]
) -> None:
    """Add the options. Must be fast, because every command calls it.

    Args:
        parser: the parser of the command.
        latency: reads the delay of responses, in seconds.
        lifetime: reads the lifetime of tokens, in seconds.
    """
    parser.epilog = f"faults:\n{listing()}"
    add = parser.add_argument
    add("--port", type=_between(0, 65_535), default=0, metavar="N", help="port to listen on (default: any free port)")
    add("--user-count", type=_between(1, MOST_USERS), default=200, metavar="N", help="number of users (default: 200)")
    words = "random seed for the generated users (default: 1)"
    add("--seed", type=_between(0, 2**32), default=1, metavar="N", help=words)
    words = "delay of every response, in ms unless it has a unit: 150ms, 2s (default: 0)"
    add("--latency", type=latency, default=0.0, metavar="DURATION", help=words)
    words = "format of access tokens: jwt or opaque (default: jwt)"
    add("--tokens", choices=("jwt", "opaque"), default="jwt", metavar="FORMAT", help=words)
    words = "lifetime of an access token, in seconds unless it has a unit: 60s, 30m (default: 1h)"
    add("--token-seconds", type=lifetime, default=3600.0, metavar="DURATION", help=words)
    words = "require the generic token to sign in as a user"
    add("--require-generic-bearer", action="store_true", help=words)
    words = "documented paths of the user list to serve: both, short or long (default: both)"
    add("--list-path", choices=("both", "short", "long"), default="both", metavar="WHICH", help=words)
    words = "fault to inject, see below; may be repeated"
    add("--fault", action=_FaultAction, default=(), metavar="NAME[=VALUE]", help=words)
    words = "write the sandbox's settings, including its secret, to FILE (default: a file in a private directory)"
    add("--write-env", metavar="FILE", help=words)


def run(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl+C (0), SIGTERM (143) or SIGHUP (129); return 2 on failure."""
    # Imported late: Starlette and uvicorn take longer to import than everything else at start-up.
    from tui.sandbox.foreground import serve  # noqa: PLC0415
    from tui.sandbox.options import Options  # noqa: PLC0415

    options = Options(
        port=arguments.port,
        users=arguments.user_count,
        seed=arguments.seed,
        latency_ms=round(arguments.latency * 1000),
        tokens=arguments.tokens,
        token_seconds=round(arguments.token_seconds),
        require_generic_bearer=arguments.require_generic_bearer,
        list_path=arguments.list_path,
        faults=tuple(arguments.fault),
    )
    return serve(options, arguments.write_env)


class _FaultAction(argparse.Action):
    """Collects faults; `help` lists them instead."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        _option: str | None = None,
    ) -> None:
        if values == "help":
            sys.stdout.write(listing())
            parser.exit()
        try:
            Faults([values])
        except ValueError as error:
            raise argparse.ArgumentError(self, str(error)) from None
        setattr(namespace, self.dest, (*getattr(namespace, self.dest), values))


def _between(lowest: int, highest: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text) if text.isascii() and text.isdigit() else -1
        if not lowest <= value <= highest:
            raise argparse.ArgumentTypeError(f"must be a whole number, {lowest:,} to {highest:,}")
        return value

    return number
