"""A person brings something that is no OpenAPI document, and is told what it is instead, and where it breaks off."""

import pytest

from tests.kit.memory import traced
from tui.airisk.openapi.document import LARGEST, read_document
from tui.errors import OpenAPIError


@pytest.mark.parametrize(
    ("content", "words", "line"),
    [
        (b"", "it has neither `openapi` nor `swagger`", 0),
        (b"null", "it has neither `openapi` nor `swagger`", 0),
        (b"[1, 2]", "it has neither `openapi` nor `swagger`", 0),
        (b'{"users": []}', "it has neither `openapi` nor `swagger`", 0),
        (b"just a text", "it has neither `openapi` nor `swagger`", 0),
        (b"  <!DOCTYPE html><html>", "This is a web page", 0),
        (b'{\n"openapi": "4.0.0"}', "Line 2: openapi 4.0.0 is not supported.", 2),
        (b"x: 1\nswagger: 1.2\n", "Line 1: swagger 1.2 is not supported", 1),
        (b'{"openapi": "3.0.0",\n "paths": {,}}', "line 2, column 12", 2),
        (b'{"openapi": "3.0.0"\n', "line 2, column 1: missing comma", 2),
        (b"openapi: 3.0.0\npaths: {\n", "line 3: did not find expected node content", 3),
        (b"openapi: 3.0.0\na: b: c\n", "line 2: mapping values are not allowed in this context", 2),
        (b"openapi: 3.0.0\n? [a]\n: 1\n", "line 2: a name must be text", 2),
        (b"openapi: 3.0.0\na: *b\n", "line 2: *b is undefined, or refers to itself", 2),
        (b"openapi: 3.0.0\na: &b [*b]\n", "line 2: *b is undefined, or refers to itself", 2),
        (b"openapi: 3.0.0\n---\nopenapi: 3.0.0\n", "line 2: it contains a second document", 2),
        (b"openapi: 3.0.0\n\xff", "not valid UTF-8: line 2", 2),
        (b'{"openapi": "3.0.0",\n"a": "\xff"}', "not valid UTF-8: line 2", 2),
        (b"\xff\xfe\x00", "not valid UTF-16", 0),
        (b'{"openapi": "3.0.0", "a": "\\ud800"}', "invalid Unicode", 0),
        (b"openapi: \x00", "control characters", 0),
        (b'{"openapi": "3.0.0", "a": ' + b"[" * 100_000, "too deep", 0),
        (b'{"openapi": "3.0.0", "a": ' + b"[" * 300 + b"]" * 300 + b"}", "too deep", 0),
        (b"openapi: 3.0.0\na: " + b"[" * 300, "line 2: it is nested too deeply", 2),
    ],
)
def test_it_is_reported_what_is_wrong_and_where(content: bytes, words: str, line: int) -> None:
    with pytest.raises(OpenAPIError) as fault:
        read_document(content)
    assert words in fault.value.message
    assert fault.value.line == line


@pytest.mark.parametrize("begin", ["openapi: 3.0.0\n", 'swagger: "2.0"\n', "openapi: 3.1\n", '{"openapi": "3.2.0"}'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_begins_like_one_is_one_though_it_describes_nothing(begin: str, encoding: str) -> None:
    document = read_document(begin.encode(encoding))

    assert document.endpoints == ()
    assert document.problems == ("The document, line 1: no paths",)


def test_a_billion_laughs_is_refused_before_it_takes_memory() -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30))
    with traced() as peak:
        with pytest.raises(OpenAPIError, match="its aliases expand to too much"):
            read_document(f"openapi: 3.0.0\nl0: &l0 [lol]\n{levels}\n".encode())
        assert peak() < 5_000_000


def test_a_billion_merged_names_are_refused_too() -> None:
    names = ", ".join(f"n{n}: 0" for n in range(1000))
    merges = "\n".join(f"m{n}: {{<<: [{', '.join(['*names'] * 100)}]}}" for n in range(100))
    with pytest.raises(OpenAPIError, match="its aliases expand to too much"):
        read_document(f"openapi: 3.0.0\nnames: &names {{{names}}}\n{merges}\n".encode())


def test_tags_make_nothing() -> None:
    content = b"openapi: 3.0.0\ninfo: {title: !!python/object/apply:os.getcwd []}\nx: !!python/name:os.system ''\n"
    assert read_document(content).title == ""


def test_a_document_beyond_the_cap_is_not_read() -> None:
    with pytest.raises(OpenAPIError, match="larger than 64 MiB"):
        read_document(b" " * (LARGEST + 1))


def test_other_documents_are_not_fetched_and_are_said() -> None:
    content = b"""openapi: 3.0.0
paths:
  /a: {$ref: 'paths.yaml#/a'}
  /b:
    get:
      parameters: [{$ref: 'https://x.example/p.json'}]
    post:
      requestBody:
        content: {application/json: {schema: {$ref: 'book.json'}}}
"""
    document = read_document(content)

    assert [(each.method, each.path) for each in document.endpoints] == [("GET", "/b"), ("POST", "/b")]
    assert document.problems == (
        "paths.yaml, line 1: external document, not fetched (and 2 more)",
        "/a, line 3: skipped: paths.yaml#/a is outside the document and was not fetched",
        "GET /b, line 6: a parameter was skipped: https://x.example/p.json is outside the document and was not fetched",
    )
