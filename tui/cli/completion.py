"""Shell completion from the parser: an argument's metavar decides what is offered.

No request is sent: users and endpoints come from the audit trail and from the deployment's stored data.
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
"""Maximum offers; shells ask before they show more."""

_Offers = Mapping[str, str]
"""Descriptions by the value to type."""


def run(arguments: argparse.Namespace) -> int:
    """Print the code that enables completion in a shell."""
    sys.stdout.write(shellcode([COMMAND], use_defaults=False, shell=arguments.shell).lstrip())
    return 0


def complete(parser: argparse.ArgumentParser) -> None:
    """Print the completions for the shell that started the program, and exit."""
    topics = {**dict.fromkeys(_commands(parser), ""), "exit-codes": ""}
    for action in _actions(parser):
        if action.choices is None:
            completer = _offering(lambda _: topics) if action.metavar == "TOPIC" else _completer(action)
            action.completer = completer  # type: ignore[attr-defined]  # read by argcomplete
    argcomplete.autocomplete(parser, always_complete_options=False)


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:  # noqa: SLF001 - argparse has no public way
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for each in action.choices.values():
                yield from _actions(each)


def _commands(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            yield from action.choices


def _completer(action: argparse.Action) -> Callable[..., object]:
    if action.metavar in {"FILE", "COMMAND", "BODY|@FILE", "FILE|PATH"}:
        return FilesCompleter()
    return _offering(_OFFERS.get(str(action.metavar), _nothing))


def _offering(offers: Callable[[argparse.Namespace], _Offers]) -> Callable[..., _Offers]:
    """Return a completer for argcomplete that offers only printable values."""

    def completer(prefix: str, parsed_args: argparse.Namespace, **_: object) -> _Offers:
        fitting = (item for item in offers(parsed_args).items() if item[0].startswith(prefix) and item[0].isprintable())
        return {value: clean(meaning, limit=60) for value, meaning in list(fitting)[:_MOST]}

    return completer


def _nothing(_arguments: argparse.Namespace) -> _Offers:
    """Return no offers; without a completer argcomplete would offer files."""
    return {}


def _identities(arguments: argparse.Namespace) -> _Offers:
    others = {"application": "generic token", "anonymous": "no token"}
    return {**_source(arguments).people(), **others}


def _methods(_arguments: argparse.Namespace) -> _Offers:
    return dict.fromkeys(METHODS, "")


def _endpoints(arguments: argparse.Namespace) -> _Offers:
    return {f"{method} {path}": title for (method, path), title in _source(arguments).endpoints().items()}


def _paths(arguments: argparse.Namespace) -> _Offers:
    """Return the paths for the typed method, up to the first value to fill in."""
    wanted = getattr(arguments, "method", None)
    known = _source(arguments).endpoints().items()
    return {path.partition("{")[0]: title for (method, path), title in known if method == wanted}


_OFFERS = {"ID": _identities, "METHOD": _methods, "PATH": _paths, "'METHOD PATH'": _endpoints}


def _source(arguments: argparse.Namespace) -> CompletionSource:
    """Return the source for the configured deployment; invalid settings are ignored, a shell cannot show errors."""
    with suppress(AIRiskError):
        raw = read(os.environ, getattr(arguments, "env_file", None))
        return CompletionSource(str(parse_origin(raw.values["AIRISK_URL"])))
    return CompletionSource("")


_LARGEST = 512 * 1024
"""Maximum bytes of an imported description; a larger one would take too long for a key press."""


class CompletionSource:
    """The users and endpoints of one deployment.

    Args:
        deployment: its origin; if empty, only the built-in endpoints are known.
    """

    def __init__(self, deployment: str) -> None:
        self._deployment = deployment

    def people(self) -> dict[str, str]:
        """Return the names of users who were acted as, by id, the most recent first."""
        people: dict[str, str] = {}
        for entry in self._entries():
            if entry.kind == "user" and not people.get(entry.identity):
                people[entry.identity] = entry.name
        return people

    def endpoints(self) -> dict[tuple[str, str], str]:
        """Return titles by method and path of the built-in, imported and previously requested endpoints."""
        endpoints = {(each.method, each.path): each.title for each in (*ENDPOINTS, *self._imported()) if each.path}
        asked = ((entry.method, entry.path) for entry in self._entries() if entry.path)
        return {key: endpoints.get(key, "") for key in (*endpoints, *asked)}

    def _entries(self) -> Iterator[AuditEntry]:
        return recent_entries(audit_file(), self._deployment) if self._deployment else iter(())

    def _imported(self) -> tuple[Endpoint, ...]:
        with suppress(AIRiskError):
            document = asyncio.run(WorkspaceStore(self._deployment).document()) if self._deployment else b""
            if document and len(document) <= _LARGEST:
                from tui.airisk.openapi.document import read_document  # noqa: PLC0415 - only if there is one

                return read_document(document).endpoints
        return ()
