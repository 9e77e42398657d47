"""What the sandbox's own document says can be asked: Prism mocks it, and finds no fault with any draft."""

import logging
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.long.wild.prism import mocking
from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.endpoints.merge import merge
from tui.airisk.endpoints.model import Endpoint, Field
from tui.airisk.http.client import HttpClient
from tui.airisk.http.request import Request
from tui.airisk.http.response import Response
from tui.airisk.models import Draft, Upload
from tui.airisk.openapi.document import read_document
from tui.config.keyring import Secret
from tui.config.origin import parse_origin
from tui.config.settings import Settings
from tui.sandbox import Options, Sandbox

pytestmark = pytest.mark.xdist_group("wild")

_LOG = logging.getLogger(__name__)


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sandbox's own document."""
    file = tmp_path_factory.mktemp("prism") / "swagger.json"
    with Sandbox(Options()) as sandbox, urlopen(f"{sandbox.url}/swagger/v1/swagger.json", timeout=10) as answer:
        file.write_bytes(answer.read())
    return file


@pytest.fixture(scope="module")
def prism(document: Path) -> Iterator[str]:
    with mocking(document, document.with_name("prism.log")) as url:
        yield url


async def test_prism_takes_a_draft_of_every_operation(document: Path, prism: str) -> None:
    endpoints = _described(document)
    assert len(endpoints) >= 11
    for endpoint in endpoints:
        answer = await _asked(prism, _draft(endpoint))
        _LOG.info("%-6s %-70s %d", endpoint.method, endpoint.path, answer.status)
        assert answer.status in {200, 302}, (endpoint.path, answer.body)


async def test_prism_takes_what_the_explorer_offers_once_both_are_merged(document: Path, prism: str) -> None:
    imported = _described(document)
    described = {(each.method, each.path) for each in imported}
    offered = [each for each in merge(ENDPOINTS, imported) if (each.method, each.path) in described]
    assert len(offered) == len(described)
    for endpoint in offered:
        answer = await _asked(prism, _draft(endpoint))
        assert answer.status in {200, 302}, (endpoint.path, answer.body)


@pytest.mark.parametrize(
    ("draft", "status"),
    [
        (
            Draft("POST", "/api/Chat/CreateConversation", (), (("Content-Type", "application/json"),), b'{"title": 7}'),
            422,
        ),
        (Draft("GET", "/api/Chat/GetConversations", (("results", "many"),)), 422),
        (Draft("POST", "/api/Chat/SubmitFeedback", (("conversationId", "c"), ("feedback", "Shrug"))), 422),
        (Draft("GET", "/api/Nowhere"), 404),
    ],
)
async def test_prism_would_find_fault(prism: str, draft: Draft, status: int) -> None:
    assert (await _asked(prism, draft)).status == status


def _described(document: Path) -> tuple[Endpoint, ...]:
    return read_document(document.read_bytes(), document.name).endpoints


async def _asked(url: str, draft: Draft) -> Response:
    client = HttpClient(Settings(origin=parse_origin(url), client_id="client", timeout=20.0))
    files = tuple((file.name, file.filename, file.content) for file in draft.files)
    try:
        return await client.send(Request(draft.method, draft.target, draft.headers, draft.body, files, Secret("token")))
    finally:
        await client.close()


def _draft(endpoint: Endpoint) -> Draft:
    """As a person fills it in: what is required or has a sample, and the body as its template has it."""
    values = {each.name: _value(each) for each in endpoint.fields}
    files = {each.name: Upload(each.name, "a.txt", b"text") for each in endpoint.fields if each.place == "file"}
    return endpoint.draft(values, files=files, body=endpoint.body.template() if endpoint.body else None)


def _value(field: Field) -> str:
    sample = field.default if "{{" not in field.default else ""
    return sample or next(filter(None, field.choices), "") or field.example or ("x" if field.required else "")
