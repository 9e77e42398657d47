"""A document of many megabytes is read piece by piece, so that keys are heard meanwhile, and read just the same."""

import json
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from tui.airisk.openapi import json_loader
from tui.airisk.openapi.document import read_document
from tui.airisk.openapi.json_loader import read_json
from tui.errors import OpenAPIError

PADDING = "é" * 3000


def _large() -> dict[str, Any]:
    operation = {"summary": "Fetch", "description": PADDING, "responses": {}}
    paths: dict[str, Any] = {f"/things/{number}": {"get": operation} for number in range(200)}
    schemas = [{"type": "object", "enum": [1, 2.5, None, True, "\ud7ff"], "x": [[PADDING] * 60]} for _ in range(20)]
    return {"openapi": "3.0.3", "info": {"title": "Large"}, "paths": paths, "x-schemas": schemas}


@pytest.mark.parametrize("indent", [None, 2])
def test_it_says_what_it_says_when_read_at_once(indent: int | None) -> None:
    content = json.dumps(_large(), indent=indent, ensure_ascii=False).encode()

    assert read_json(content) == json.loads(content)
    assert read_json(b" \n" + content + b"\n ") == json.loads(content)
    assert len(read_document(content, "large.json").endpoints) == 200


def test_no_more_is_made_into_values_at_once_than_takes_a_few_milliseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    content, sizes = json.dumps(_large()).encode(), list[int]()

    def noted(piece: Any, **how: Any) -> Any:
        sizes.append(0 if how else len(piece))  # what is only taken apart is passed over quickly
        return msgspec.json.decode(piece, **how)

    parts = {"Raw": msgspec.Raw, "DecodeError": msgspec.DecodeError, "json": SimpleNamespace(decode=noted)}
    monkeypatch.setattr(json_loader, "msgspec", SimpleNamespace(**parts))
    read_json(content)
    assert max(sizes) < 300_000 < len(content)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (b'"\xff"', "The document is not valid UTF-8: line {line}."),
        (b"nul", "The document is not JSON: line {line}, column 23: expected a value."),
        (b"01", "The document is not JSON: line {line}, column 24: missing comma."),
        (b'{"a" 1}', "The document is not JSON: line {line}, column 28: missing colon."),
    ],
)
def test_what_is_wrong_deep_inside_is_reported_with_its_line(fault: bytes, words: str) -> None:
    content = json.dumps(_large(), indent=1).encode()
    place = content.index(b'"x-schemas"')
    broken = content[:place] + b'"x-more": {"deep": [[' + fault + b"]]},\n" + content[place:]
    line = content[:place].count(b"\n") + 1

    with pytest.raises(OpenAPIError) as failed:
        read_json(broken)
    assert (failed.value.line, failed.value.message) == (line, words.format(line=line))


def test_ever_deeper_containers_are_refused_in_words() -> None:
    for opening, closing in ((b"[", b"]"), (b'{"a":', b"}")):
        with pytest.raises(OpenAPIError, match="too deep"):
            read_json(opening * 400_000 + b"1" + closing * 400_000)
