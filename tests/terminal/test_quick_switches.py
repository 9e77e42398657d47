"""Quick switches between ten users, while AIRisk is slow, forgets tokens and hangs up: whose name was it?"""

import pytest

from tests.kit.shell import Place
from tests.terminal.switching import switch

pytestmark = pytest.mark.fault("many things at once")


async def test_by_a_script(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    await switch(place, monkeypatch, seed=1, switches=20)
