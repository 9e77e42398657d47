"""The messages that are explained are still the program's own, and every kind of error has one that is."""

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.pages.pages import ROOT
from tui import errors

pytestmark = pytest.mark.xdist_group("messages")  # which are collected once in each process

PAGE = ROOT / "docs" / "troubleshooting.md"
HEADINGS = re.findall(r"^### (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
ERRORS = {name for name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.AIRiskError)}

ELSEWHERE = {
    "UserListError": "Not a user list",
    "ServiceBusyError": "AIRisk is busy",
    "ThrottleExceededError": "AIRisk asked to wait",
}
"""Headings of errors whose text is put together in another place than where they are raised."""


def texts_of(node: ast.AST) -> str:
    """A text as it stands in the code, each value in it as …."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(map(texts_of, values))
        case ast.BinOp(left=left, right=right):
            return texts_of(left) + texts_of(right)
    return "…"


@cache
def modules() -> tuple[ast.Module, ...]:
    return tuple(ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "tui").rglob("*.py")))


@cache
def said() -> tuple[str, ...]:
    """Every text of the program that is no docstring."""
    texts = []
    for module in modules():
        alone = {node.value for node in ast.walk(module) if isinstance(node, ast.Expr)}
        kinds = (ast.Constant, ast.JoinedStr, ast.BinOp)
        texts += [texts_of(node) for node in ast.walk(module) if isinstance(node, kinds) and node not in alone]
    return tuple(texts)


def is_about(heading: str, text: str) -> bool:
    parts = [re.escape(part.strip()) for part in heading.split("…")]
    return bool(re.search(".*".join(parts), text, re.DOTALL))


@pytest.mark.parametrize("heading", HEADINGS)
def test_the_program_says_so(heading):
    assert any(is_about(heading, text) for text in said())


def raised() -> Iterator[tuple[str, str]]:
    """Each error that is made with a text, and the text."""
    for module in modules():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
                yield node.func.id, texts_of(node.args[0])


def test_every_kind_of_error_is_explained():
    kinds = {kind for kind, _ in raised()}
    explained = {kind for kind, text in raised() if any(is_about(heading, text) for heading in HEADINGS)}
    assert kinds - explained == ELSEWHERE.keys()
    assert set(ELSEWHERE.values()) - set(HEADINGS) == set()
