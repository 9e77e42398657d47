"""The same as tests/terminal tries twenty times: so often that all that can come of a switch is met."""

import pytest

from tests.kit.shell import Place
from tests.terminal.switching import switch


@pytest.mark.parametrize("seed", range(2, 8))
async def test_by_a_script(place: Place, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    outcomes, statuses = await switch(place, monkeypatch, seed=seed, switches=100)
    assert outcomes == {"became", "failed", "gave up", "stopped"}
    assert {None, 200, 401, 405} <= statuses
