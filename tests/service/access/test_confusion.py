"""Where permissions are secret, each cell agrees with them or the matrix asks, and its suggested rules settle that."""

from __future__ import annotations

from pathlib import Path

from tests.kit.deployment.seeded import TALKATIVE, SeededAIRisk
from tests.service.access.confusion import judged, lines, pasted, silent, table


async def test_no_verdict_is_wrong_without_a_word_and_the_suggested_rules_make_every_denial_one(tmp_path: Path) -> None:
    with SeededAIRisk(users=18, endpoints=16, seed=16) as server:
        before = await judged(server)
        asked = table(server, before)
        assert silent(asked) == {}, "\n".join(lines(asked))
        assert {place.way for place in asked if not place.is_open and place.shown in {"allowed?", "inconclusive"}} == {
            *TALKATIVE,
            "an empty list, for all",
            "other words in a 200, for all",
        }
        after = table(server, await judged(server, pasted(server, before.suggestions, tmp_path / "rules.yaml")))
    told = "\n".join(lines(after))
    assert {place.shown for place in after if not place.is_open} == {"denied"}, told
    assert {place.shown for place in after if place.is_open} == {"allowed"}, told
