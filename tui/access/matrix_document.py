"""A matrix as a JSON document, complete and versioned: the results of a run, its parameters and its findings.

::

    version      1; readers refuse newer versions
    program      the program that wrote it, with its version
    deployment   the origin of the requests: https://host
    client_id    the application that sent them
    started, finished   UTC; an unfinished run has no `finished`
    parameters        the parameters of the run: concurrency, rate, sample, rules, policy, baseline, shard
    identities   rows: id, kind, name, role, groups, subject_check, error
    endpoints    columns: name (`METHOD PATH`), title, group, target
    cells        one for each known pair of identity and endpoint, see `Cell`
    gaps         what was not tested, or is named in vain, see `Gap`
    suggestions  verdict rules that the deployment may need, see `Suggestion`
    audit        the last entry of each audit trail when the run ended, see `AuditHead`
    waivers      what became of each waiver of the policy, see `WaiverUse`
    coverage     which of the known endpoints were requested, see `Coverage`
    summary      the number of cells for each verdict and each finding

Members with their default value (an empty text, an empty list) may be missing; identity, endpoint, status, verdict,
expected and reason are always present. The document never contains a body or a token.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

import tui
from tui.access.model import (
    NO_COVERAGE,
    Cell,
    Column,
    Coverage,
    Finding,
    Gap,
    ObjectKind,
    Row,
    RowKey,
    Verdict,
    WaiverUse,
)
from tui.access.suggestions import Suggestion
from tui.airisk.models import AuditHead, Part
from tui.decoding import decode_json, json_decoder
from tui.errors import MatrixFileError
from tui.files import read_bounded

VERSION = 1

FAIL_ON = ("unexpected-allow", "unexpected-deny", "untested", "stale-waivers")
"""What makes a run fail by default: all but drift."""


class RunParameters(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The parameters of a run.

    `rate` is in requests per second, 0 for no limit. `shard` is (which, of how many), counted from 1; a merged matrix
    has the parameters of its first part, without `shard`. `policy`, `baseline` and `rules` are names of files.
    `rules_digest` and `policy_digest` are equal for equal ones. `compared_with` is the id of the identity that the
    others are compared with. `filter` and `roles` are what the users were chosen by. `fail_on` names what counts as a
    failure. `listed` is set if only a part of the users was listed: how many, of how many (or null). `objects` are the
    kinds of objects that have columns.
    """

    concurrency: int = 0
    rate: float = 0.0
    sample: int | None = None
    seed: int | None = None
    filter: str = ""
    roles: tuple[str, ...] = ()
    rules: str = ""
    rules_digest: str = ""
    policy: str = ""
    policy_digest: str = ""
    baseline: str = ""
    compared_with: str = ""
    shard: tuple[int, int] | None = None
    reason: str = ""
    fail_on: tuple[str, ...] = FAIL_ON
    listed: Part | None = None
    objects: tuple[ObjectKind, ...] = ()


class Summary(msgspec.Struct, frozen=True):
    """Counts of cells; every verdict and finding is present, if need be with 0. `waived` ones are no findings."""

    cells: int
    verdicts: dict[str, int]
    findings: dict[str, int]
    waived: int = 0

    def count(self, which: Verdict | Finding) -> int:
        """Return the number of cells with that verdict or finding."""
        return (self.verdicts if isinstance(which, Verdict) else self.findings).get(which.value, 0)


class Matrix(msgspec.Struct, frozen=True, kw_only=True):
    """The results of a run: the document that is written, read, merged and reported."""

    version: int = VERSION
    program: str = f"airisk-tui {tui.__version__}"
    deployment: str
    client_id: str = ""
    started: str
    finished: str = ""
    parameters: RunParameters = RunParameters()
    identities: list[Row]
    endpoints: list[Column]
    cells: list[Cell]
    gaps: list[Gap] = []
    suggestions: list[Suggestion] = []
    waivers: list[WaiverUse] = []
    coverage: Coverage = NO_COVERAGE
    audit: list[AuditHead] = []
    summary: Summary

    def rows(self) -> dict[RowKey, Row]:
        """Return the identities by `Row.key`, which equals `Cell.row_key`."""
        return {row.key: row for row in self.identities}

    def findings(self) -> list[Cell]:
        """Return the cells with a finding, the gravest first, otherwise in document order."""
        found = (cell for cell in self.cells if cell.finding)
        return sorted(found, key=lambda cell: -cell.finding.gravity if cell.finding else 0)


def encode(matrix: Matrix) -> bytes:
    """Return the document as JSON with one identity, endpoint or cell per line, so that a line diff works."""
    parts = [b'"%b": %b' % (name.encode(), _member(name, getattr(matrix, name))) for name in Matrix.__struct_fields__]
    return b"{\n" + b",\n".join(parts) + b"\n}\n"


def decode(content: bytes, name: str = "This") -> Matrix:
    """Read a document.

    Args:
        content: the whole document.
        name: its name in messages.

    Raises:
        MatrixFileError: it is not a matrix, or has a version that this program does not know.
    """
    try:
        version = decode_json(content, _Versioned).version
        if version == VERSION:
            return _DECODER.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MatrixFileError(
            f"{name} is not a matrix report: {error}.", advice="Use a .json report of `airisk-tui matrix`."
        ) from None
    raise MatrixFileError(
        f"{name} is a matrix report of version {version}; this program reads version {VERSION}.",
        advice="Read it with a newer airisk-tui." if version > VERSION else "Run the matrix again.",
    )


_LARGEST = 512 * 1024 * 1024
"""Maximum bytes of a report; a million cells are about 400 MB."""


def read_matrix(path: Path) -> Matrix:
    """Read a document from a file. Blocks.

    Raises:
        MatrixFileError: the file cannot be read, or is not a matrix.
    """
    try:
        content = read_bounded(path, _LARGEST)
    except OSError as error:
        raise MatrixFileError(f"{path} cannot be read: {error.strerror}.", advice="Check its path.") from None
    return decode(content, str(path))


class _Versioned(msgspec.Struct):
    version: int


_LISTS = frozenset({"identities", "endpoints", "cells", "gaps", "suggestions", "waivers", "audit"})
_DECODER = json_decoder(Matrix)


def _member(name: str, value: Any) -> bytes:
    if name in _LISTS:
        return _lines(value)
    if name == "coverage":
        members = msgspec.to_builtins(value).items()
        parts = (b'"%b": %b' % (each.encode(), _lines_or_value(inner)) for each, inner in members)
        return b"{" + b", ".join(parts) + b"}"
    return msgspec.json.encode(value)


def _lines_or_value(value: Any) -> bytes:
    return _lines(value) if isinstance(value, list | tuple) else msgspec.json.encode(value)


def _lines(items: Sequence[object]) -> bytes:
    return b"[\n  " + b",\n  ".join(map(msgspec.json.encode, items)) + b"\n]" if items else b"[]"
