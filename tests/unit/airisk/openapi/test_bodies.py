"""A body is typed as a text, or filled in as a form; what goes out is what the document asks for."""

from dataclasses import replace

import pytest

from tests.unit.airisk.openapi.writing import described, endpoint_at, only, read, taking
from tui.airisk.endpoints.merge import merge
from tui.airisk.endpoints.model import Endpoint
from tui.airisk.models import Upload
from tui.errors import RequestRejectedError


def _form(media_type: str, schema: object, **more: object) -> Endpoint:
    content = {media_type: {"schema": schema, **more}}
    return only({"/things": {"post": {"requestBody": {"content": content}}}})


def test_a_typed_body_goes_out_as_it_was_typed() -> None:
    add = endpoint_at(described("library.yaml"), "POST", "/library/v2/books")
    text = '{"title":  "Ü",\n "author": {"name": "K"}}'

    draft = add.draft({}, body=text)

    assert draft.body == text.encode()
    assert draft.headers == (("Content-Type", "application/json"),)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "A body is required."),
        (" \n", "A body is required."),
        ('{\n "a": 1,\n}', "The body is not JSON: line 2, column 8: unexpected comma."),
        ("[1, ]", "The body is not JSON: line 1, column 3: unexpected comma."),
        ("{a: 1}", 'The body is not JSON: line 1, column 2: expected a name in "double quotes".'),
        ("{} {}", "The body is not JSON: line 1, column 4: more than one value."),
        ("[NaN]", "The body is not JSON: NaN is not a JSON number."),
        ("[" * 100_000, "The body is not JSON: a number is too long, or values are nested too deeply."),
        ('"\ud800"', "The body contains invalid Unicode (an unpaired surrogate)."),
    ],
)
def test_a_body_that_is_no_json_is_refused_with_its_place(typed: str, words: str) -> None:
    with pytest.raises(RequestRejectedError) as refusal:
        taking({}).draft({}, body=typed)
    assert refusal.value.message == words


def test_a_body_that_the_document_would_not_like_may_be_sent_all_the_same() -> None:
    assert taking({"type": "integer"}).draft({}, body='"x"').body == b'"x"'


def test_an_optional_body_may_be_left_empty() -> None:
    content = {"application/json": {"schema": {"type": "object"}}}
    endpoint = only({"/things": {"post": {"requestBody": {"content": content}}}})

    draft = endpoint.draft({}, body="")

    assert (draft.body, draft.headers) == (b"", ())


def test_a_form_with_a_file_has_the_files_part_under_its_field() -> None:
    cover = endpoint_at(described("library.yaml"), "PUT", "/library/v2/books/{isbn}/cover")
    photo = Upload("photo.jpg", "photo.jpg", b"\xff")

    draft = cover.draft({"isbn": "1", "caption": "A & B", "languages": "de,cs"}, file=photo)

    assert draft.files == (
        Upload("caption", "", b"A & B"),
        Upload("languages", "", b"de"),
        Upload("languages", "", b"cs"),
        Upload("image", "photo.jpg", b"\xff"),
    )
    assert (draft.body, draft.headers) == (b"", ())
    with pytest.raises(RequestRejectedError, match="Choose a file to send"):
        cover.draft({"isbn": "1", "caption": "c"})


def test_two_files_go_to_their_own_fields() -> None:
    binary = {"type": "string", "format": "binary"}
    endpoint = _form("multipart/form-data", {"type": "object", "properties": {"a": binary, "b": binary}})

    draft = endpoint.draft({}, files={"b": Upload("x", "x", b"1"), "a": Upload("y", "y", b"2")})

    assert draft.files == (Upload("a", "y", b"2"), Upload("b", "x", b"1"))


def test_a_urlencoded_form_is_encoded() -> None:
    login = endpoint_at(described("workshop.json"), "POST", "/workshop/api/login")

    draft = login.draft({"name": "Ada & co", "remember": "false"})

    assert draft.body == b"name=Ada%20%26%20co&remember=false"
    assert draft.headers == (("Content-Type", "application/x-www-form-urlencoded"),)


def test_a_form_follows_the_encodings_that_it_names() -> None:
    many = {"type": "array", "items": {"type": "string"}}
    schema = {"type": "object", "properties": {"a": many, "b": many, "c": {"type": "object"}, "d": {"type": "object"}}}
    encoding = {"b": {"style": "deepObject", "explode": True}, "c": {"style": "deepObject"}}
    endpoint = _form("application/x-www-form-urlencoded", schema, encoding=encoding)

    draft = endpoint.draft({"a": "1,2", "b": "1,2", "c": '{"x": {"y": [1]}}', "d": '{"x": 1}'})

    assert draft.body == b"a=1&a=2&b%5B0%5D=1&b%5B1%5D=2&c%5Bx%5D%5By%5D%5B0%5D=1&d=%7B%22x%22%3A1%7D"


def test_a_file_can_be_the_whole_body() -> None:
    parcel = described("post_office.json").endpoints[1]

    draft = parcel.draft({}, file=Upload("x.bin", "x.bin", b"\0\1"))

    assert (draft.body, draft.files) == (b"\0\1", ())
    assert draft.headers == (("Content-Type", "application/octet-stream"),)


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        (["text/json", "application/*+json", "application/json; charset=utf-8"], "application/json; charset=utf-8"),
        (["application/xml", "application/vnd.x+json"], "application/vnd.x+json"),
        (["*/*"], "application/json"),
        (["application/xml", "text/plain"], "text/plain"),
        (["bad\r\nHost: x", "text/plain"], "text/plain"),
    ],
)
def test_the_media_type_that_is_easiest_to_type_is_taken(offered: list[str], taken: str) -> None:
    content = {name: {"schema": {"type": "string"}} for name in offered}
    endpoint = only({"/things": {"post": {"requestBody": {"required": True, "content": content}}}})

    assert endpoint.media_type == taken
    assert endpoint.draft({}, body='"x"').headers == (("Content-Type", taken),)


def test_a_body_of_a_question_is_left_out_and_said() -> None:
    body = {"content": {"application/json": {"schema": {"type": "object"}}}}
    document = read({"/things": {"get": {"requestBody": body}}})

    assert document.endpoints[0].body is None
    assert document.problems == ("GET /things, line 8: its body was skipped: GET requests have none",)


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"type": "string", "contentMediaType": "image/png"}, "file"),
        ({"contentMediaType": "application/pdf"}, "file"),
        ({"type": "array", "items": {"type": "string", "contentMediaType": "application/zip"}}, "file"),
        ({"type": "string", "contentMediaType": "image/png", "contentEncoding": "base64"}, "form"),
        ({"type": "string", "contentMediaType": "application/json"}, "form"),
        ({"type": "string", "contentMediaType": "text/html"}, "form"),
    ],
)
def test_a_part_of_a_type_that_nobody_types_is_a_file(schema: object, place: str) -> None:
    content = {"multipart/form-data": {"schema": {"type": "object", "properties": {"a": schema}}}}
    endpoint = only({"/x": {"post": {"requestBody": {"content": content}}}}, version="3.1.0")

    assert [each.place for each in endpoint.fields] == [place]


def test_what_is_not_done_is_said() -> None:
    properties = {
        "meta": {"type": "object"},
        "note": {"type": "string"},
        "logo": {"type": "string", "format": "binary"},
    }
    encoding = {name: {"contentType": kind} for name, kind in TYPES.items()}
    content = {"multipart/form-data": {"schema": {"type": "object", "properties": properties}, "encoding": encoding}}
    document = read({"/x": {"post": {"requestBody": {"content": content}}}}, webhooks={"told": {"post": {}}})

    assert [each.partition(":")[2].strip() for each in document.problems] == [
        "skipped: AIRisk sends these requests itself",
        "meta is sent without its media type, application/json",
    ]


TYPES = {"meta": "application/json", "note": "text/plain", "logo": "image/png"}


_SUBJECT = {"type": "object", "properties": {"subject": {"type": "string"}}}
_WITH_FILE = {"type": "object", "properties": {"attachment": {"type": "string", "format": "binary"}}}


def _offered(**content: object) -> list[str]:
    """The media types to choose from, where an operation takes those."""
    body = {"required": True, "content": {name: {"schema": schema} for name, schema in content.items()}}
    endpoint = only({"/mail": {"post": {"requestBody": body}}})
    return [each.media_type for each in (endpoint, *endpoint.alternatives)]


def test_each_kind_of_body_is_offered_the_easiest_first() -> None:
    content = {"text/xml": {}, "multipart/form-data": _WITH_FILE, "application/json": _SUBJECT}
    assert _offered(**content) == ["application/json", "multipart/form-data", "text/xml"]
    assert _offered(**dict.fromkeys(("text/json", "application/json", "application/*+json"), _SUBJECT)) == [
        "application/json"
    ]
    assert len(_offered(**{f"text/kind-{number}": _SUBJECT for number in range(1_000)})) == 8


def test_the_fields_of_a_body_belong_to_its_kind_only() -> None:
    content = {"application/json": {"schema": _SUBJECT}, "multipart/form-data": {"schema": _WITH_FILE}}
    parameters = [{"in": "query", "name": "draft", "schema": {"type": "boolean"}}]
    found = only({"/mail": {"post": {"parameters": parameters, "requestBody": {"content": content}}}})
    known = replace(found, title="Send mail", source="the documentation", body=None, media_type="", alternatives=())
    for endpoint in (found, *merge([known], [found])):
        (form,) = endpoint.alternatives
        assert (endpoint.title, [each.name for each in endpoint.fields]) == (form.title, ["draft"])
        assert (bool(endpoint.body), form.body) == (True, None)
        assert [each.name for each in form.fields] == ["draft", "attachment"]
