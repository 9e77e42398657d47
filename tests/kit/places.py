"""Fixtures: a place to run `airisk-tui` in, and a deployment that its environment names."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.shell import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Where no setting is made."""
    return Place(tmp_path)


@pytest.fixture
def airisk(place: Place) -> Iterator[ForeignAIRisk]:
    """A deployment in good health, which the environment of `place` names."""
    with ForeignAIRisk() as server:
        place.reach(server)
        yield server
