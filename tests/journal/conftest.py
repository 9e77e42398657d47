"""Where the journal is kept."""

from pathlib import Path

import pytest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An audit trail in which nobody has written yet."""
    return tmp_path / "state" / "audit" / "audit.jsonl"
