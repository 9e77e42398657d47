"""Texts, docstrings and pages are in plain words: none of those that CONTRIBUTING.md has done away with."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages.pages import PAGES, ROOT

REPLACED = {
    "told, tell": "show, print, report, say",
    "anew": "again",
    "whom, whoever, somebody, nobody": "the user, anyone, no user",
    "by now, meanwhile, besides, thrice": "already, also, three times",
    "half a character": "invalid Unicode",
    "apart by commas": "comma-separated",
    "proven, asserted": "confirmed, not confirmed",
    "let in, turned away, cannot be told": "allowed, denied, inconclusive",
    "left out": "skipped, omitted",
    "go on with": "resume, continue",
    "generic (of an identity)": "application",
    "cancelled, cancelling": "canceled, canceling",
}
"""Words that read as a dialect, or that were a second word for a thing, and what replaced them."""

AVOIDED = re.compile(
    r"\b(?:told|tells?|anew|whom|whoever|somebody|nobody|by now|meanwhile|besides|thrice|half a character|apart by"
    r"|proven|asserted|cancelled|cancelling|let in|turned away|left out"
    r"|go(?:es|ne)? on with|generic(?![ -](?:access )?(?:token|bearer)))\b",
    re.IGNORECASE,
)

EXCEPTIONS: dict[tuple[str, str], str] = {
    ("tui/airisk/endpoints/catalog.py", "generic"): "the token that an endpoint takes",
    ("tui/airisk/endpoints/model.py", "generic"): "the token that an endpoint takes",
    ("tui/airisk/identity.py", "generic"): "another spelling of the application",
    ("tui/sandbox/agents.py", "told"): "what an agent of the sandbox says of itself",
    ("tui/sandbox/conversations.py", "nobody"): "what an agent of the sandbox says",
    ("tui/airisk/responses/agent_reply.py", "cancelled"): "the value of a stream",
    ("tui/config/keyring.py", "cancelled"): "what the keyring's library says",
    ("tui/panes/explorer_rows.py", "generic"): "the value of Endpoint.token",
    ("tui/panes/plan_form.py", "whom"): "names a type of the planner",
    ("tui/access/planner.py", "whom"): "names a parameter",
    ("tui/access/policy.py", "generic"): "another spelling of the application",
    ("tui/access/reports/page.html.jinja", "whom"): "names a class and a value",
    ("docs/concepts.md", "generic"): "explains AIRisk's word for the application's token",
}
"""Words that stay, by file, each with its reason."""


def texts(path: Path) -> Iterator[str]:
    """The string literals of a module, docstrings among them; the whole text of any other file."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield source
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def found(path: Path) -> set[str]:
    name = str(path.relative_to(ROOT))
    words = {" ".join(word.lower().split()) for text in texts(path) for word in AVOIDED.findall(text)}
    return {word for word in words if (name, word) not in EXCEPTIONS}


@pytest.mark.parametrize(
    "path",
    [*PAGES, ROOT / ".env.example", ROOT / "Makefile"],
    ids=lambda path: path.name,
)
def test_a_page_is_in_plain_words(path):
    assert found(path) == set()


PACKAGES = sorted(path for path in (ROOT / "tui").iterdir() if path.name != "__pycache__")


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_texts_and_docstrings_are_in_plain_words(package):
    files = [path for path in (package, *package.rglob("*")) if path.suffix in {".py", ".toml", ".yaml", ".jinja"}]
    faulty = {str(path.relative_to(ROOT)): words for path in files if (words := found(path))}
    assert faulty == {}


IN_THE_REPOSITORY = re.compile(r"\bdocs/[\w-]+\.md|\.env\.example")
"""Files that an installed program does not bring."""


def test_no_text_sends_anyone_to_a_file_that_is_not_installed():
    named = {
        f"{path.relative_to(ROOT)}: {text}"
        for path in (ROOT / "tui").rglob("*.py")
        for text in texts(path)
        if IN_THE_REPOSITORY.search(text)
    }
    assert named == set()


def test_every_exception_is_needed():
    unused = [(name, word) for name, word in EXCEPTIONS if not any(word in text.lower() for text in texts(ROOT / name))]
    assert unused == []
