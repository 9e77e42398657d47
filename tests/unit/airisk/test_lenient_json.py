"""JSON as deployments really write it, and what is none."""

from __future__ import annotations

import math

import pytest

from tests.kit.leaks import told_by
from tests.unit.airisk.telling import ADA, after, answered, refusal_of
from tui.airisk.lenient_json import InvalidJSONError, json_bytes, read_json

UNUSUAL = {
    "half a character": (b'{"a": "\\ud83d"}', {"a": "\ud83d"}),
    "a number beyond all floats": (b'{"a": 1e400, "b": 1.5}', {"a": math.inf, "b": 1.5}),
    "a byte of Latin-1": (b'{"a": "Zo\xeb"}', {"a": "Zo\udceb"}),
    "UTF-16": ('{"a": "Zoë"}'.encode("utf-16"), {"a": "Zoë"}),
    "a byte order mark": (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
    "text": ('{"a": "\\ud83d"}', {"a": "\ud83d"}),
}


@pytest.mark.parametrize(("body", "document"), UNUSUAL.values(), ids=UNUSUAL)
def test_what_a_person_would_call_json_is_read(body: bytes | str, document: object) -> None:
    assert read_json(body) == document
    assert json_bytes(document) == json_bytes(read_json(json_bytes(document)))


@pytest.mark.parametrize("body", [b"", b"{", b"hello", b"[" * 100_000, b"[" + b"9" * 5_000 + b"]"])
def test_what_is_none_is_refused_and_not_quoted(body: bytes) -> None:
    with pytest.raises(InvalidJSONError) as refused:
        read_json(body)
    assert "hello" not in told_by(refused.value)


def test_an_id_beside_half_a_character_is_known_and_one_that_is_none_is_not() -> None:
    known = after(answered("/x", b'{"id": "c-1", "title": "cut \\ud83d", "size": 1e400}'))
    assert known.fill("{{response.id}}", ADA) == "c-1"
    for name in ("response.title", "response.size", "response"):
        assert "is not known yet" in refusal_of(known, f"{{{{{name}}}}}")
