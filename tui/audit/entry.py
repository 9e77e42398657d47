"""One line of the audit trail: what it tells, and how it is sealed to the line before it.

A line is a JSON object in ASCII, so that nothing in it acts in a terminal that prints the file. Its last member is
`hash`, the SHA-256 of the same bytes without it: `sha256('{…,"previous":"…"}')`. `previous` is the hash of the line
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

from tui.airisk.models import SubjectCheck
from tui.clocks import timestamp

NOTHING_BEFORE = "0" * 64
"""What stands for the hash of the line before the first."""

LINE_CAP = 64_000
"""No line is longer, in bytes: it fits into one UDP datagram."""

Event = Literal["start", "stop", "refusal", "intent", "request"]

_LENGTHS = {"identity": 1_000, "path": 1_000}
_USUAL_LENGTH = 300
_SEAL = b',"hash":"%s"}\n'
_SEAL_LENGTH = len(_SEAL % b"") + 64


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was done, tried or refused.

    A request that may change data has two: an `intent` before it leaves, and a `request` when it ended, in which
    `intent` is the number of the first. Any other request has the second only.

    `time` is UTC with milliseconds. `why` is what ended an act, the words of a refusal, or what kept a request from
    being answered; `sent` is whether any of it left this machine, None where nobody knows. `identity` is a user's id,
    else `generic` or `anonymous`; `kind` tells which, as a user's id may be any text. `path` has no query. `bytes` is
    the size of the answer's body; `status` is None without an answer. `process` is one run of the program. The trail
    fills in the last three.
    """

    time: str
    event: Event
    why: str = ""
    os_user: str = ""
    os_host: str = ""
    deployment: str = ""
    client_id: str = ""
    kind: Literal["anonymous", "generic", "user"] = "generic"
    identity: str = ""
    name: str = ""
    proof: SubjectCheck = SubjectCheck.NONE
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


_DECODER = msgspec.json.Decoder(AuditEntry)
_TOLD = tuple(name for name in AuditEntry.__struct_fields__ if name != "hash")
_NO_TEXTS = {"status", "milliseconds", "bytes", "sent", "intent", "sequence"}
_TEXTS = tuple(name for name in _TOLD if name not in _NO_TEXTS)
_encode = json.JSONEncoder(separators=(",", ":")).encode


def sign(entry: AuditEntry, sequence: int, previous: str) -> tuple[AuditEntry, bytes]:
    """The entry as it stands in its place in the chain, and its line; texts of absurd length are cut."""
    told = {name: getattr(entry, name) for name in _TOLD}
    for name in _TEXTS:
        text = told[name]
        # Most are short and plain, and need no look at each character.
        if len(text) > _USUAL_LENGTH or not text.isascii():
            told[name] = _kept(name, text)
    told["sequence"], told["previous"] = sequence, previous
    content = _encoded(told)
    digest = hashlib.sha256(content).hexdigest()
    return AuditEntry(**told, hash=digest), content[:-1] + _SEAL % digest.encode()


def line_of(entry: AuditEntry) -> bytes:
    """The line of a sealed entry, with its line feed."""
    return _encoded({name: getattr(entry, name) for name in _TOLD})[:-1] + _SEAL % entry.hash.encode()


def parse(line: bytes) -> AuditEntry | None:
    """What a line tells, whether or not it is true to its hash; None where it is no entry."""
    try:
        return _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def hash_matches(line: bytes) -> bool:
    """Whether a line, with its line feed, is byte for byte what was sealed."""
    content = line[:-_SEAL_LENGTH] + b"}"
    return line == content[:-1] + _SEAL % hashlib.sha256(content).hexdigest().encode()


def _encoded(told: dict[str, Any]) -> bytes:
    return _encode(told).encode("ascii")


def _kept(name: str, text: str) -> str:
    length = _LENGTHS.get(name, _USUAL_LENGTH)
    text = text if len(text) <= length else text[: length - 1] + "…"
    # Half a character has no place in JSON; it is told as Python writes it: \ud83d.
    return text.encode("utf-8", errors="backslashreplace").decode()


class ChainFault(enum.StrEnum):
    """Why a line does not follow the one before it."""

    NOT_AN_ENTRY = "not an entry"
    CHANGED = "changed"
    MISSING = "missing"
    OUT_OF_ORDER = "out of order"
    DETACHED = "detached"


@dataclass(slots=True)
class ChainVerifier:
    """Where in the chain one stands: at the entry of that number, with that hash; 0 is before the first.

    `entry` is the one stepped on last.
    """

    sequence: int = 0
    hash: str = NOTHING_BEFORE
    entry: AuditEntry | None = field(default=None, compare=False)

    def follow(self, line: bytes) -> ChainFault | None:
        """Step on to the entry in `line`; on a break, stay."""
        entry = parse(line)
        if entry is None:
            return ChainFault.NOT_AN_ENTRY
        if not hash_matches(line):
            return ChainFault.CHANGED
        if entry.sequence != self.sequence + 1:
            return ChainFault.MISSING if entry.sequence > self.sequence else ChainFault.OUT_OF_ORDER
        if entry.previous != self.hash:
            return ChainFault.DETACHED
        self.sequence, self.hash, self.entry = entry.sequence, entry.hash, entry
        return None


UNKNOWN = "sent or not, unknown"
"""What stands in the trail in place of an outcome that nobody knows."""


class Intents:
    """Follows each intent to its outcome, entry by entry."""

    def __init__(self) -> None:
        self.open: dict[int, AuditEntry] = {}
        self._unknown: dict[int, AuditEntry] = {}

    def follow(self, entry: AuditEntry) -> None:
        """Take the next entry of the trail."""
        if entry.event == "intent":
            self.open[entry.sequence] = entry
        elif entry.intent is not None:
            # What ended after all, behind the end of its run, is known.
            intent = self.open.pop(entry.intent, None) or self._unknown.pop(entry.intent, None)
            if intent and entry.why == UNKNOWN:
                self._unknown[intent.sequence] = intent

    def unknown(self, living: Iterable[str] = ()) -> list[AuditEntry]:
        """Those of which nobody knows whether they were sent, oldest first; a living run's may still be under way."""
        alive = set(living)
        left = [intent for intent in self.open.values() if intent.process not in alive]
        return sorted([*self._unknown.values(), *left], key=lambda entry: entry.sequence)


def unknown_outcome(intent: AuditEntry) -> AuditEntry:
    """What is written in place of the outcome that whoever sent it did not live to write."""
    return msgspec.structs.replace(intent, time=timestamp(), event="request", why=UNKNOWN, intent=intent.sequence)


def describe_unknown(unknown: Sequence[AuditEntry]) -> str:
    """Say which changes nobody knows the outcome of, in one line."""
    last = unknown[-1]
    named = f"{last.method} {last.deployment}{last.path} as {last.identity} ({last.time[:19].replace('T', ' ')} UTC)"
    number = "1 change has" if len(unknown) == 1 else f"{len(unknown)} changes have"
    joint = ": " if len(unknown) == 1 else "; the last is "
    return f"{number} no outcome{joint}{named}. {UNKNOWN.capitalize()}: look before sending it again."
