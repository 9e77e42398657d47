"""The description, values and bodies that `airisk-tui matrix` reads."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tui.access.field_values import Values, read_values, refuse_unknown_fields
from tui.access.requests import typed_endpoint
from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.endpoints.merge import merge
from tui.airisk.endpoints.model import Endpoint
from tui.airisk.endpoints.uploads import LARGEST
from tui.airisk.identity import APPLICATION
from tui.airisk.models import Draft
from tui.airisk.openapi.document import LARGEST as LARGEST_DOCUMENT
from tui.airisk.openapi.document import Document, read_document
from tui.airisk.session import Session
from tui.background import run_in_thread
from tui.cli.matrix_report import say
from tui.config.workspace import WorkspaceStore
from tui.errors import AIRiskError, OpenAPIError, SettingsError
from tui.files import read_bounded
from tui.text import with_advice


@dataclass(frozen=True, slots=True)
class KnownEndpoints:
    """The known endpoints; `source` is the description that was named, `problems` what was not understood in it."""

    endpoints: tuple[Endpoint, ...]
    source: str = ""
    problems: tuple[str, ...] = ()


async def read_endpoints(session: Session, source: str) -> KnownEndpoints:
    """Return the built-in endpoints, merged with those of a description.

    Args:
        session: sends the request for a description of the deployment.
        source: a file, or a path of the deployment; if it is empty, the imported description is used.

    Raises:
        SettingsError: the file cannot be read, or the deployment has nothing at that path.
        OpenAPIError: it is not a description.
    """
    if source:
        content = await _content(session, source)
        try:
            return await _merged(content, source)
        except OpenAPIError as error:
            raise OpenAPIError(f"{source}: {error.message}", line=error.line, advice=error.advice) from None
    try:
        content = await WorkspaceStore(str(session.settings.origin)).document()
        return await _merged(content, "") if content else KnownEndpoints(ENDPOINTS)
    except AIRiskError as error:
        say(with_advice(error.message, error.advice))
    return KnownEndpoints(ENDPOINTS)


async def _merged(content: bytes, source: str) -> KnownEndpoints:
    described: Document = await run_in_thread(read_document, content, source)
    return KnownEndpoints(merge(ENDPOINTS, described.endpoints), source, described.problems)


async def _content(session: Session, source: str) -> bytes:
    """Return a file, or what the deployment has at a path if there is no such file."""
    try:
        return await run_in_thread(read_bounded, Path(source), LARGEST_DOCUMENT)
    except OSError as error:
        if not (source.startswith("/") and error.errno in {errno.ENOENT, errno.ENOTDIR}):
            raise SettingsError(f"{source} cannot be read: {error.strerror}.", advice="Check its path.") from None
    exchange = await session.send(Draft("GET", source), APPLICATION)
    if exchange.status != 200:
        raise SettingsError(
            f"--openapi: there is no file {source}, and the deployment returned {exchange.status} for this path.",
            advice="Check the path, or download the description and pass the file.",
        )
    return exchange.body


def read_all_values(file: Path | None, texts: Iterable[str], asked: Sequence[str], known: Sequence[Endpoint]) -> Values:
    """Return the values of a file and of the command line. Blocks.

    Args:
        file: the file, if one is named.
        texts: NAME=VALUE of the command line; several for one name make a column each.
        asked: the METHOD PATH of each endpoint that was chosen; its names in braces are fields.
        known: the known endpoints.

    Raises:
        SettingsError: a text is invalid.
        RulesFileError: the file is invalid.
        PlanError: a METHOD PATH is invalid, or no endpoint has a field of that name.
    """
    typed: dict[str, tuple[str, ...]] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not (name and sign):
            raise SettingsError("--value takes NAME=VALUE.", advice="See `airisk-tui matrix --help`.")
        typed[name] = tuple(dict.fromkeys((*typed.get(name, ()), value)))
    endpoints = [*known, *(typed_endpoint(text, known) for text in asked)]
    refuse_unknown_fields(typed, endpoints)
    return read_values(file, endpoints, typed) if file else Values(typed=typed)


def read_bodies(texts: Iterable[str]) -> Mapping[str, str]:
    """Return the file of each body by the METHOD PATH as it was typed; a query may hold an = of its own.

    Raises:
        SettingsError: a text is invalid.
    """
    return dict(map(_body_file, texts))


def _body_file(text: str) -> tuple[str, str]:
    name, sign, path = text.partition("=@")
    if not (name and sign and path):
        raise SettingsError("--body takes 'METHOD PATH=@FILE'.", advice="See `airisk-tui matrix --help`.")
    return name, path


def read_body(path: str) -> str:
    """Return the text of a body. Blocks.

    Raises:
        SettingsError: the file cannot be read, or is not text.
    """
    try:
        return read_bounded(Path(path), LARGEST).decode()
    except (OSError, UnicodeDecodeError) as error:
        why = f" ({error.strerror})" if isinstance(error, OSError) else ""
        raise SettingsError(f"{path} cannot be read as text{why}.", advice="Check its path.") from None
