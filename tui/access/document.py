"""A matrix as a JSON document, complete and versioned: what a run found, under which terms, and what stands out.

::

    version      1; a reader refuses what is newer
    program      which wrote it, with its version
    deployment   the origin that was asked: https://host
    client_id    the application that asked
    started, finished   UTC; an unfinished run has no `finished`
    terms        how it was asked: concurrency, rate, sample, rules, policy, baseline, shard
    identities   rows: id, kind, name, role, groups, proof, fault
    endpoints    columns: name (`METHOD PATH`), title, group, target
    cells        one for each identity and endpoint that is known, see `Cell`
    summary      how many of each verdict, and of each finding

A member that has its usual value (an empty text, an empty list) may be left out; identity, endpoint, status, verdict,
expected and reason are always there. No body and no token is ever in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

import tui
from tui.access.model import Cell, Column, Finding, Row, RowKey, Verdict
from tui.airisk.models import Part
from tui.errors import MatrixFileError
from tui.files import read_bounded

VERSION = 1


class RunParameters(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Under which terms the cells came about.

    `rate` is in requests a second, 0 for as fast as answers come. `shard` is (which, of how many), which counts from
    1; a merged matrix tells the terms of its first part, without `shard`. `policy`, `baseline` and `rules` are the
    names of files, `compared_with` is the id of whom the others are compared with, `drift_fails`: drift is a failure.
    `listed` is there where the identities were chosen from a part of the users: how many, of how many or null.
    """

    concurrency: int = 0
    rate: float = 0.0
    sample: int | None = None
    seed: int | None = None
    filter: str = ""
    rules: str = ""
    policy: str = ""
    baseline: str = ""
    compared_with: str = ""
    shard: tuple[int, int] | None = None
    reason: str = ""
    drift_fails: bool = False
    listed: Part | None = None


class Summary(msgspec.Struct, frozen=True):
    """How many cells say what; every verdict and finding is there, with 0 where there is none."""

    cells: int
    verdicts: dict[str, int]
    findings: dict[str, int]

    def count(self, which: Verdict | Finding) -> int:
        """How many cells have that verdict, or that finding."""
        return (self.verdicts if isinstance(which, Verdict) else self.findings).get(which.value, 0)


class Matrix(msgspec.Struct, frozen=True, kw_only=True):
    """What was found: the document that is written, read, merged and reported."""

    version: int = VERSION
    program: str = f"airisk-tui {tui.__version__}"
    deployment: str
    client_id: str = ""
    started: str
    finished: str = ""
    terms: RunParameters = RunParameters()
    identities: list[Row]
    endpoints: list[Column]
    cells: list[Cell]
    summary: Summary

    def rows(self) -> dict[RowKey, Row]:
        """The identities by `Row.key`, which is `Cell.row_key`."""
        return {row.key: row for row in self.identities}

    def findings(self) -> list[Cell]:
        """The cells that stand out, the gravest first, else in their order."""
        found = (cell for cell in self.cells if cell.finding)
        return sorted(found, key=lambda cell: -cell.finding.gravity if cell.finding else 0)


def encode(matrix: Matrix) -> bytes:
    """The document, one cell a line, so that two of them can be compared line by line."""
    parts = [
        b'"%b": %b' % (name.encode(), _lines(value) if name in _LISTS else msgspec.json.encode(value))
        for name, value in ((name, getattr(matrix, name)) for name in Matrix.__struct_fields__)
    ]
    return b"{\n" + b",\n".join(parts) + b"\n}\n"


def decode(content: bytes, name: str = "This") -> Matrix:
    """Read a document.

    Args:
        content: the whole of it.
        name: what it is called in messages.

    Raises:
        MatrixFileError: it is another kind of document, or of a version that this program does not know.
    """
    try:
        version = msgspec.json.decode(content, type=_Versioned).version
        if version == VERSION:
            return _DECODER.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MatrixFileError(f"{name} is not a matrix: {error}.", advice="Name a .json report of `matrix`.") from None
    raise MatrixFileError(
        f"{name} is a matrix of version {version}, and this program knows version {VERSION}.",
        advice="Read it with a newer airisk-tui." if version > VERSION else "Run it again.",
    )


_LARGEST = 512 * 1024 * 1024
"""Bytes of a report: a million cells are about 400 MB."""


def read_matrix(path: Path) -> Matrix:
    """Read a document from a file. Blocks.

    Raises:
        MatrixFileError: it cannot be read, or is none.
    """
    try:
        content = read_bounded(path, _LARGEST)
    except OSError as error:
        raise MatrixFileError(f"{path} cannot be read: {error.strerror}.", advice="Check its path.") from None
    return decode(content, str(path))


class _Versioned(msgspec.Struct):
    version: int


_LISTS = frozenset({"identities", "endpoints", "cells"})
_DECODER = msgspec.json.Decoder(Matrix)


def _lines(items: Sequence[object]) -> bytes:
    return b"[\n  " + b",\n  ".join(map(msgspec.json.encode, items)) + b"\n]" if items else b"[]"
