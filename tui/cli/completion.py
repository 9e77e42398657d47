"""What a shell offers at Tab, made from the parser: how an argument is called in the help tells what fits there.

Nothing is sent for it: users and endpoints come from the audit trail and from what is kept of the deployment.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

import argcomplete
from argcomplete.completers import FilesCompleter
from argcomplete.shell_integration import shellcode

from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.endpoints.model import Endpoint
from tui.airisk.http.methods import METHODS
from tui.audit.entry import AuditEntry
from tui.audit.reader import recent_entries
from tui.config.origin import parse_origin
from tui.config.paths import audit_file
from tui.config.settings import read
from tui.config.workspace import WorkspaceStore
from tui.errors import AIRiskError
from tui.text import clean

COMMAND = "airisk-tui"

_MOST = 300
"""Offers; nobody reads more, and shells ask before they show them."""

_Offers = Mapping[str, str]
"""What each is, by what can be typed."""


def run(arguments: argparse.Namespace) -> int:
    """Print what a shell has to read."""
    sys.stdout.write(shellcode([COMMAND], use_defaults=False, shell=arguments.shell).lstrip())
    return 0


def complete(parser: argparse.ArgumentParser) -> None:
    """Answer the shell that started the program to ask how a word may go on, and end."""
    for action in _actions(parser):
        if action.choices is None:
            action.completer = _completer(action)  # type: ignore[attr-defined]  # where argcomplete looks
    argcomplete.autocomplete(parser, always_complete_options=False)


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:  # noqa: SLF001 - argparse tells them in no other way
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for each in action.choices.values():
                yield from _actions(each)


def _completer(action: argparse.Action) -> Callable[..., object]:
    name = action.metavar[0] if isinstance(action.metavar, tuple) else action.metavar
    if name in {"FILE", "COMMAND", "BODY|@FILE"}:
        return FilesCompleter()
    return _offering(_OFFERS.get(str(name), _nothing))


def _offering(offers: Callable[[argparse.Namespace], _Offers]) -> Callable[..., _Offers]:
    """What argcomplete calls; only what shows as it is can be typed and told from another."""

    def completer(prefix: str, parsed_args: argparse.Namespace, **_: object) -> _Offers:
        fitting = (item for item in offers(parsed_args).items() if item[0].startswith(prefix) and item[0].isprintable())
        return {value: clean(meaning, limit=60) for value, meaning in list(fitting)[:_MOST]}

    return completer


def _nothing(_arguments: argparse.Namespace) -> _Offers:
    """For what only the person can know; argcomplete would offer files."""
    return {}


def _identities(arguments: argparse.Namespace) -> _Offers:
    others = {"generic": "the application itself", "anonymous": "nobody"}
    return {**_source(arguments).people(), **others}


def _methods(_arguments: argparse.Namespace) -> _Offers:
    return dict.fromkeys(METHODS, "")


def _endpoints(arguments: argparse.Namespace) -> _Offers:
    return {f"{method} {path}": title for (method, path), title in _source(arguments).endpoints().items()}


def _paths(arguments: argparse.Namespace) -> _Offers:
    """Paths of the method that was typed, up to the first value that is to be filled in."""
    wanted = getattr(arguments, "method", None)
    known = _source(arguments).endpoints().items()
    return {path.partition("{")[0]: title for (method, path), title in known if method == wanted}


_OFFERS = {"ID": _identities, "METHOD": _methods, "PATH": _paths, "'METHOD PATH'": _endpoints}


def _source(arguments: argparse.Namespace) -> CompletionSource:
    """Of the deployment that the settings name; a shell that completes has nowhere to show what is wrong with them."""
    with suppress(AIRiskError):
        told = read(os.environ, getattr(arguments, "env_file", None))
        return CompletionSource(str(parse_origin(told.values["AIRISK_URL"])))
    return CompletionSource("")


_LARGEST = 512 * 1024
"""Bytes of an imported description; to read a larger one takes longer than a key press should."""


class CompletionSource:
    """One deployment.

    Args:
        deployment: its origin; where it is empty, only what every AIRisk has is known.
    """

    def __init__(self, deployment: str) -> None:
        self._deployment = deployment

    def people(self) -> dict[str, str]:
        """The names of those who were acted as, by their ids, the latest first."""
        people: dict[str, str] = {}
        for entry in self._entries():
            if entry.kind == "user" and not people.get(entry.identity):
                people[entry.identity] = entry.name
        return people

    def endpoints(self) -> dict[tuple[str, str], str]:
        """Titles by method and path: those that AIRisk is known to have, the imported ones, and what was asked."""
        endpoints = {(each.method, each.path): each.title for each in (*ENDPOINTS, *self._imported()) if each.path}
        asked = ((entry.method, entry.path) for entry in self._entries() if entry.path)
        return {key: endpoints.get(key, "") for key in (*endpoints, *asked)}

    def _entries(self) -> Iterator[AuditEntry]:
        return recent_entries(audit_file(), self._deployment) if self._deployment else iter(())

    def _imported(self) -> tuple[Endpoint, ...]:
        with suppress(AIRiskError):
            document = asyncio.run(WorkspaceStore(self._deployment).document()) if self._deployment else b""
            if document and len(document) <= _LARGEST:
                from tui.airisk.openapi.document import read_document  # noqa: PLC0415 - only where there is one

                return read_document(document).endpoints
        return ()
