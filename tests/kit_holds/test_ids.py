"""The ids that tests may name are those of the program, and tests name no others."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import tui
from tests import screens
from tests.kit import ids

SELECTOR = re.compile(r"#[a-zA-Z][\w-]*")


def _strings(folder: Path) -> Iterator[tuple[Path, str]]:
    """Each string of the code in a folder."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield path, node.value


def test_the_program_has_each_of_them() -> None:
    root = Path(tui.__path__[0])
    known = {text for folder in ("screens", "panes", "widgets") for _, text in _strings(root / folder)}
    assert ids.ALL - known == set()


def test_the_tests_of_screens_select_by_no_other() -> None:
    folder = Path(screens.__path__[0])
    assert [(path.name, text) for path, text in _strings(folder) if SELECTOR.match(text)] == []
