"""The pages that people read, and what is named in them."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_AT_THE_TOP = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
PAGES = [*(ROOT / name for name in _AT_THE_TOP), *sorted((ROOT / "docs").glob("*.md"))]

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return _BLOCK.sub("", page.read_text())


def said_in_code(page: Path) -> list[str]:
    """What stands between backticks."""
    return _CODE.findall(prose(page))


def command_lines(page: Path) -> Iterator[str]:
    """What a reader is told to type: lines of shell, and commands in the text."""
    for kind, block in _BLOCK.findall(page.read_text()):
        if kind == "sh":
            yield from block.replace("\\\n", " ").splitlines()
    yield from said_in_code(page)


def links(page: Path) -> list[str]:
    """Where the page's links and pictures lead."""
    return _LINK.findall(page.read_text())


def anchors(page: Path) -> set[str]:
    """The names by which its headings are reached, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", _BLOCK.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def section(page: Path, heading: str) -> str:
    """What stands under a heading of the second order."""
    _, _, rest = page.read_text().partition(f"\n## {heading}\n")
    assert rest, heading
    return rest.partition("\n## ")[0]
