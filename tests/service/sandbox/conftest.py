"""A sandbox to visit, one for each module that changes nothing in it; and a clock that only a test moves."""

from collections.abc import Iterator

import pytest

from tests.service.sandbox.visitor import Visitor
from tui.sandbox import Options, Sandbox


class Clock:
    """Stands still until moved on."""

    def __init__(self) -> None:
        self.now = 1_780_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Options()) as sandbox:
        yield sandbox


@pytest.fixture
def visitor(sandbox: Sandbox) -> Iterator[Visitor]:
    with Visitor(sandbox.url, sandbox.options) as visitor:
        yield visitor
