"""One line of the audit trail: what it tells, and how it is sealed to the line before it.

A line is a JSON object in ASCII, so that nothing in it acts in a terminal that prints the file. Its last member is
`hash`, the SHA-256 of the same bytes without it: `sha256('{…,"previous":"…"}')`. `previous` is the hash of the line
before, in the first line 64 zeros; `sequence` counts from 1. A changed, missing or moved line breaks the chain.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

import msgspec

from tui.airisk.models import SubjectCheck

NOTHING_BEFORE = "0" * 64
"""What stands for the hash of the line before the first."""

LINE_CAP = 64_000
"""No line is longer, in bytes: it fits into one UDP datagram."""

Event = Literal["start", "stop", "refusal", "intent", "request"]

_LENGTHS = {"identity": 1_000, "path": 1_000}
_USUAL_LENGTH = 300
_SEAL = b',"hash":"%s"}\n'
_SEAL_LENGTH = len(_SEAL % b"") + 64


class Entry(msgspec.Struct, frozen=True, kw_only=True):
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


_DECODER = msgspec.json.Decoder(Entry)
_TOLD = tuple(name for name in Entry.__struct_fields__ if name != "hash")
_NO_TEXTS = {"status", "milliseconds", "bytes", "sent", "intent", "sequence"}
_TEXTS = tuple(name for name in _TOLD if name not in _NO_TEXTS)
_encode = json.JSONEncoder(separators=(",", ":")).encode


def seal(entry: Entry, sequence: int, previous: str) -> tuple[Entry, bytes]:
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
    return Entry(**told, hash=digest), content[:-1] + _SEAL % digest.encode()


def line_of(entry: Entry) -> bytes:
    """The line of a sealed entry, with its line feed."""
    return _encoded({name: getattr(entry, name) for name in _TOLD})[:-1] + _SEAL % entry.hash.encode()


def unseal(line: bytes) -> Entry | None:
    """What a line tells, whether or not it is true to its hash; None where it is no entry."""
    try:
        return _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def is_true_to_its_hash(line: bytes) -> bool:
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
