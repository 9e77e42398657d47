"""What is measured with: lists of users, a large answer, and where both are kept from one run to the next."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tui.airisk.models import User
from tui.airisk.users.stream_parser import UserListParser
from tui.sandbox.people import People

CACHE = Path.home() / ".cache" / "airisk-tui-bench"
_PIECE = 65536


def users_file(number: int) -> Path:
    """A file with that many of the sandbox's people, as AIRisk lists them."""
    path = CACHE / f"users-{number}.json"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.encode(list(People(number, seed=1))))
    return path


def users(number: int) -> Sequence[User]:
    """The same, read."""
    body = users_file(number).read_bytes()
    reader = UserListParser()
    for start in range(0, len(body), _PIECE):
        reader.take(body[start : start + _PIECE])
    return reader.end().users


def large_file() -> Path:
    """A file with 10 MB of JSON: conversations, as they could be exported."""
    path = CACHE / "large.json"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        chance = random.Random(1)
        words = ["risk", "vendor", "model", "audit", "policy", "privacy", "Zürich", "incident", "owner", "review"]
        said = [" ".join(chance.choices(words, k=12)) for _ in range(500)]
        number, size, entries = 0, 0, []
        while size < 10_000_000:
            entry = {
                "id": f"c-{number:06}",
                "title": chance.choice(said)[:40],
                "messages": [{"messageType": "User", "text": chance.choice(said), "fileIds": []} for _ in range(8)],
                "score": chance.random(),
            }
            size += len(msgspec.json.encode(entry)) + 1
            entries.append(entry)
            number += 1
        path.write_bytes(msgspec.json.encode(entries))
    return path
