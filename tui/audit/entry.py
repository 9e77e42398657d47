"""Entries of the audit trail, and how each line is chained to the line before it.

A line is a JSON object in ASCII, so that no control character reaches a terminal that prints the file. Its last member
is `hash`, the SHA-256 of the same bytes without it: `sha256('{…,"previous":"…"}')`. `previous` is the hash of the line
before, in the first line 64 zeros; `sequence` counts from 1. A changed, missing or moved line breaks the chain.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from tui.airisk.identity import SubjectCheck
from tui.clocks import timestamp
from tui.decoding import json_decoder
from tui.plain_names import encodable

NOTHING_BEFORE = "0" * 64
"""The `previous` hash of the first line."""

LINE_CAP = 64_000
"""Maximum bytes of a line, which fit into one UDP datagram."""

Event = Literal["start", "allow", "stop", "refusal", "intent", "request"]

_LENGTHS = {"identity": 1_000, "path": 1_000}
_USUAL_LENGTH = 300
_SEAL = b',"hash":"%s"}\n'
_SEAL_LENGTH = len(_SEAL % b"") + 64


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One action that was done, attempted or refused.

    A request that may change data has two entries: an `intent` before it is sent, and a `request` when it ended, in
    which `intent` is the number of the first. Any other request has the second only.

    `time` is UTC with milliseconds. `why` is what ended an acting session, the words of a refusal, or the error of a
    request without a response; `sent` is whether any part of it left this machine, None if unknown. `identity` is a
    user's id, else `application` or `anonymous`; `kind` distinguishes them, because a user's id may be any text. `path`
    has no query. `bytes` is the size of the response body; `status` is None without a response. `process` is one run of
    the program. The trail sets the last three.
    """

    time: str
    event: Event
    why: str = ""
    os_user: str = ""
    os_host: str = ""
    deployment: str = ""
    client_id: str = ""
    kind: Literal["anonymous", "application", "user"] = "application"
    identity: str = ""
    name: str = ""
    subject_check: SubjectCheck = SubjectCheck.NONE
    reason: str = ""
    method: str = ""
    path: str = ""
    status: int | None = None
    milliseconds: int | None = None
    bytes: int | None = None
    sent: bool | None = None
    intent: int | None = None
    process: str = ""
    sequence: int = 0
    previous: str = ""
    hash: str = ""


_DECODER = json_decoder(AuditEntry)
_FIELDS = tuple(name for name in AuditEntry.__struct_fields__ if name != "hash")
_NO_TEXTS = {"status", "milliseconds", "bytes", "sent", "intent", "sequence"}
_TEXTS = tuple(name for name in _FIELDS if name not in _NO_TEXTS)
_encode = json.JSONEncoder(separators=(",", ":")).encode


def sign(entry: AuditEntry, sequence: int, previous: str) -> tuple[AuditEntry, bytes]:
    """Return the entry with its place in the chain, and its line. Overlong texts are cut."""
    values = {name: getattr(entry, name) for name in _FIELDS}
    for name in _TEXTS:
        text = values[name]
        # Most texts are short ASCII and need no further check.
        if len(text) > _USUAL_LENGTH or not text.isascii():
            values[name] = _kept(name, text)
    values["sequence"], values["previous"] = sequence, previous
    content = _encoded(values)
    digest = hashlib.sha256(content).hexdigest()
    return AuditEntry(**values, hash=digest), content[:-1] + _SEAL % digest.encode()


def line_of(entry: AuditEntry) -> bytes:
    """Return the line of a sealed entry, with its line feed."""
    return _encoded({name: getattr(entry, name) for name in _FIELDS})[:-1] + _SEAL % entry.hash.encode()


def parse(line: bytes) -> AuditEntry | None:
    """Parse a line without checking its hash; return None if it is not an entry."""
    try:
        return _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def hash_matches(line: bytes) -> bool:
    """Return whether a line, with its line feed, is byte for byte what was sealed."""
    content = line[:-_SEAL_LENGTH] + b"}"
    return line == content[:-1] + _SEAL % hashlib.sha256(content).hexdigest().encode()


def _encoded(values: dict[str, Any]) -> bytes:
    return _encode(values).encode("ascii")


def _kept(name: str, text: str) -> str:
    length = _LENGTHS.get(name, _USUAL_LENGTH)
    text = text if len(text) <= length else text[: length - 1] + "…"
    return encodable(text)


class ChainError(enum.StrEnum):
    """Why a line does not follow the one before it."""

    NOT_AN_ENTRY = "not an entry"
    CHANGED = "changed"
    MISSING = "missing"
    OUT_OF_ORDER = "out of order"
    DETACHED = "detached"


@dataclass(slots=True)
class ChainVerifier:
    """A position in the chain: the entry with that number and hash; 0 is before the first.

    `entry` is the last entry that was followed.
    """

    sequence: int = 0
    hash: str = NOTHING_BEFORE
    entry: AuditEntry | None = field(default=None, compare=False)

    def follow(self, line: bytes) -> ChainError | None:
        """Advance to the entry in `line`, or return why it breaks the chain and stay."""
        entry = parse(line)
        if entry is None:
            return ChainError.NOT_AN_ENTRY
        if not hash_matches(line):
            return ChainError.CHANGED
        if entry.sequence != self.sequence + 1:
            return ChainError.MISSING if entry.sequence > self.sequence else ChainError.OUT_OF_ORDER
        if entry.previous != self.hash:
            return ChainError.DETACHED
        self.sequence, self.hash, self.entry = entry.sequence, entry.hash, entry
        return None


UNKNOWN = "unknown whether it was sent"
"""The `why` of a request whose outcome is unknown."""


class Intents:
    """Follows each intent to its outcome, entry by entry."""

    def __init__(self) -> None:
        self.open: dict[int, AuditEntry] = {}
        self._unknown: dict[int, AuditEntry] = {}

    def follow(self, entry: AuditEntry) -> None:
        """Process the next entry of the trail."""
        if entry.event == "intent":
            self.open[entry.sequence] = entry
        elif entry.intent is not None:
            # An outcome may still follow after its run was closed as crashed; then it is known.
            intent = self.open.pop(entry.intent, None) or self._unknown.pop(entry.intent, None)
            if intent and entry.why == UNKNOWN:
                self._unknown[intent.sequence] = intent

    def unknown(self, living: Iterable[str] = ()) -> list[AuditEntry]:
        """Return intents of unknown outcome, oldest first, except those of living runs, which may be in progress."""
        alive = set(living)
        left = [intent for intent in self.open.values() if intent.process not in alive]
        return sorted([*self._unknown.values(), *left], key=lambda entry: entry.sequence)


def unknown_outcome(intent: AuditEntry) -> AuditEntry:
    """Return the outcome entry of an intent whose real outcome was never written."""
    return msgspec.structs.replace(intent, time=timestamp(), event="request", why=UNKNOWN, intent=intent.sequence)


def describe_unknown(unknown: Sequence[AuditEntry]) -> str:
    """Describe the changes of unknown outcome in one line."""
    last = unknown[-1]
    named = f"{last.method} {last.deployment}{last.path} as {last.identity} ({last.time[:19].replace('T', ' ')} UTC)"
    number = "1 change has" if len(unknown) == 1 else f"{len(unknown)} changes have"
    joint = ": " if len(unknown) == 1 else "; the last is "
    return f"{number} an unknown outcome{joint}{named}. Check whether it was done before you resend it."
