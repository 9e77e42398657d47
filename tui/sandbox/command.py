"""`airisk-tui sandbox`: a stand-in AIRisk in the foreground, until Ctrl+C."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from tui.sandbox import MOST_USERS
from tui.sandbox.faults import Faults, listing


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options. Must be fast, because every start of the program calls it."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = f"faults:\n{listing()}"
    add = parser.add_argument
    add("--port", type=_between(0, 65_535), default=0, metavar="N", help="the port to listen on (any free one)")
    add("--users", type=_between(1, MOST_USERS), default=200, metavar="N", help="how many users there are (200)")
    add("--seed", type=_between(0, 2**32), default=1, metavar="N", help="decides who they are (1)")
    add("--latency", type=_between(0, 600_000), default=0, metavar="MS", help="delay every answer")
    add("--tokens", choices=("jwt", "opaque"), default="jwt", help="what tokens look like (jwt)")
    add("--token-seconds", type=_between(1, 10**9), default=3600, metavar="N", help="how long a token lives (3600)")
    add("--require-generic-bearer", action="store_true", help="sign users in only with the generic token")
    add("--list-path", choices=("both", "short", "long"), default="both", help="which paths of the list exist (both)")
    add("--fault", action=_FaultAction, default=(), metavar="NAME[=VALUE]", help="what goes wrong; may be repeated")
    add("--env-file", metavar="FILE", help="where the settings go, secret included (a private directory)")


def run(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl+C (0), SIGTERM (143) or SIGHUP (129); return 2 on failure."""
    # Imported late: Starlette and uvicorn take longer to import than everything else at start-up.
    from tui.sandbox.foreground import serve  # noqa: PLC0415
    from tui.sandbox.options import Options  # noqa: PLC0415

    options = Options(
        port=arguments.port,
        users=arguments.users,
        seed=arguments.seed,
        latency_ms=arguments.latency,
        tokens=arguments.tokens,
        token_seconds=arguments.token_seconds,
        require_generic_bearer=arguments.require_generic_bearer,
        list_path=arguments.list_path,
        faults=tuple(arguments.fault),
    )
    return serve(options, arguments.env_file)


class _FaultAction(argparse.Action):
    """Collects faults; `help` lists them instead."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        if values == "help":
            sys.stdout.write(listing())
            parser.exit()
        try:
            Faults([values])
        except ValueError as error:
            raise argparse.ArgumentError(self, f"{error} (for {option_string})") from None
        setattr(namespace, self.dest, (*getattr(namespace, self.dest), values))


def _between(lowest: int, highest: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text) if text.isascii() and text.isdigit() else -1
        if not lowest <= value <= highest:
            raise argparse.ArgumentTypeError(f"must be a whole number, {lowest:,} to {highest:,}")
        return value

    return number
