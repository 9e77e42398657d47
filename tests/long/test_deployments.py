"""Whatever is under way ends with its deployment."""

from pathlib import Path

from tests.screens.test_deployments import BEGINNINGS, switch_during


async def test_whatever_is_under_way_ends_with_its_deployment(tmp_path: Path) -> None:
    await switch_during(BEGINNINGS, tmp_path)
