"""A person brings a document, and finds its operations as endpoints that can be filled in and sent."""

import pytest

from tests.unit.airisk.openapi.writing import asking, described, endpoint_at, field_called, only, read


def test_a_document_becomes_endpoints_with_all_that_it_says() -> None:
    document = described("library.yaml")

    assert (document.title, document.version) == ("Lending library", "3.0.3")
    books = endpoint_at(document, "GET", "/library/v2/books")
    assert (books.title, books.group, books.source) == ("List books", "Books", "OpenAPI")
    assert (books.meaning, books.operation_id) == ("Every book, newest first.", "listBooks")
    page, trace, sort = (field_called(books, name) for name in ("page", "X-Trace", "sort"))
    assert (page.kind, page.default) == ("integer", "7"), "the operation's own word counts, not the path's"
    assert (trace.place, trace.meaning) == ("header", "follows a request")
    assert sort.choices == ("", "title", "year", "on", "off"), "YAML's on and off are words here"
    cover = endpoint_at(document, "PUT", "/library/v2/books/{isbn}/cover")
    assert cover.is_deprecated
    assert (cover.trait, cover.title, cover.group) == ("uploads", "/books/{isbn}/cover", "books")


def test_what_cannot_be_sent_is_left_out_and_said_with_its_line() -> None:
    assert described("library.yaml").problems == (
        "GET /books, line 30: session was skipped: it belongs in an unsupported place (cookie)",
        "GET /books, line 31: the header Authorization was skipped: airisk-tui sets it itself",
        "TRACE /books, line 40: skipped: unsupported method",
        "PUT /books/{isbn}/cover, line 42: {isbn} in the path is not described; treated as text",
        "GET /books/../secrets, line 55: skipped: The path must not contain . or .. as a segment.",
        "DELETE /readers/{reader id}, line 61: {reader id} in the path is not described; treated as text",
    )


def test_headers_and_queries_go_where_they_belong_and_empty_ones_stay_here() -> None:
    books = endpoint_at(described("library.yaml"), "GET", "/library/v2/books")

    draft = books.draft({"page": "2", "sort": "", "X-Trace": "t 1", "genre": "poetry, prose"})

    assert draft.target == "/library/v2/books?page=2&genre=poetry&genre=prose"
    assert draft.headers == (("X-Trace", "t 1"),)


def test_swagger_2_is_read_and_its_host_is_not_asked() -> None:
    document = described("workshop.json")

    assert (document.version, document.problems) == ("2.0", ())
    tool = endpoint_at(document, "GET", "/workshop/api/tools/{id}")
    draft = tool.draft({"id": "7", "marks": "a,b", "sizes": "[1.5, 2]"})
    assert draft.target == "/workshop/api/tools/7?marks=a&marks=b&sizes=1.5%7C2"
    changed = endpoint_at(document, "PATCH", "/workshop/api/tools/{id}")
    assert changed.body
    assert changed.body.errors('{"kind": "axe", "teeth": null}') == ("/kind: must be one of saw, plane",)


def test_openapi_3_1_is_read_and_only_the_path_of_its_servers_counts() -> None:
    document = described("post_office.json")

    assert [each.path for each in document.endpoints] == ["/post/letters", "/heavy/parcels"]
    letter = document.endpoints[0]
    assert (letter.title, letter.trait) == ("SendLetter", "streams")
    draft = letter.draft({})
    assert draft.headers == (("Accept", "text/event-stream, */*;q=0.1"), ("Content-Type", "application/json"))


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://evil.example/v1/", "/v1/x"),
        ("//evil.example/v1", "/v1/x"),
        ("https://user:pw@evil.example:99", "/x"),
        ("v1", "/v1/x"),
        ("/", "/x"),
        (".", "/x"),
        ("", "/x"),
        ("{scheme}://{host}/{version}", "/9/x"),
    ],
)
def test_the_host_of_a_server_never_gets_into_a_path(url: str, path: str) -> None:
    variables = {"scheme": {"default": "http"}, "host": {"default": "evil.example"}, "version": {"default": 9}}
    server = {"url": url, "variables": variables}
    assert only({"/x": {"get": {}}}, servers=[server]).path == path


@pytest.mark.parametrize(
    "path", ["x", "//evil.example/x", "/a/../b", "/%2e%2E/b", "/a b", "#b", "/a\\b", "/a\r\nHost: b", "/ü", ""]
)
def test_a_path_that_could_lead_elsewhere_is_left_out(path: str) -> None:
    document = read({path: {"get": {}}, "/good": {"get": {}}})

    assert [each.path for each in document.endpoints] == ["/good"]
    assert "skipped" in document.problems[0]


def test_a_bad_operation_leaves_the_others_alone() -> None:
    bad = {"get": 5, "put": {"parameters": [7, {"in": "query"}, {"$ref": "#/gone"}], "requestBody": {"$ref": "#/gone"}}}

    document = read({"/bad": bad, "/worse": [], "/good": {"get": {}}})

    assert [(each.method, each.path) for each in document.endpoints] == [("PUT", "/bad"), ("GET", "/good")]
    assert document.problems == (
        "GET /bad, line 8: skipped: it is empty",
        "PUT /bad, line 9: its body was skipped: #/gone is not in the document",
        "PUT /bad, line 15: a parameter was skipped: #/gone is not in the document",
        "PUT /bad, line 11: a parameter without a name was skipped (and 1 more)",
    )


def test_the_same_problem_a_hundred_times_is_said_once() -> None:
    document = read({f"/{number}": {"trace": {}} for number in range(100)})

    assert document.problems == ("TRACE /0, line 8: skipped: unsupported method (and 99 more)",)


def test_two_fields_of_one_name_are_distinguished() -> None:
    manual = endpoint_at(described("workshop.json"), "POST", "/workshop/api/tools/{id}/manual")

    assert [each.name for each in manual.fields] == ["id", "id (form)", "manual"]
    assert manual.fields[1].wire_name == "id"


def test_names_in_the_path_come_first_in_its_order() -> None:
    late = {"name": "b", "in": "path", "required": True, "schema": {"type": "string"}}
    early = {"name": "a", "in": "path", "required": True, "schema": {"type": "string"}}
    found = asking({"name": "q", "in": "query"}, late, early, path="/{a}/{b}")

    assert [each.name for each in found.fields] == ["a", "b", "q"]
    assert found.draft({"a": "../x", "b": "{a}/?#"}).path == "/..%2Fx/%7Ba%7D%2F%3F%23"


def test_operations_told_apart_by_what_is_not_sent_are_sent_to_one_path() -> None:
    document = read({"/files#list": {"get": {}}, "/files#search": {"get": {}}})

    assert [(each.title, each.path) for each in document.endpoints] == [
        ("/files#list", "/files"),
        ("/files#search", "/files"),
    ]
