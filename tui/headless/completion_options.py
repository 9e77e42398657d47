"""The options of `airisk-tui completion`: cheap to import, for every start looks in here."""

from __future__ import annotations

import argparse
from typing import Any

SHELLS = ("bash", "zsh", "fish")

_EPILOG = """\
It offers commands and options, and of the deployment that the settings name
the users one acted as there and the endpoints that are known. Nothing is sent
for that.

to switch it on, in new shells:
  bash: airisk-tui completion bash \\
          > ~/.local/share/bash-completion/completions/airisk-tui
  zsh:  airisk-tui completion zsh > ~/.zfunc/_airisk-tui
        (with `fpath+=~/.zfunc` before `compinit` in ~/.zshrc)
  fish: airisk-tui completion fish > ~/.config/fish/completions/airisk-tui.fish"""


def add_completion(commands: Any) -> None:
    """Add `completion`, which needs no setting."""
    summary = "print what lets a shell complete words at Tab"
    completion = commands.add_parser(
        "completion",
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    completion.add_argument("shell", choices=SHELLS, metavar="SHELL", help="bash, zsh or fish")
    completion.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from tui.headless.completion import run  # noqa: PLC0415 - when it is called for

    return run(arguments)
