"""Every way to refuse with a 200 beside everything that may be shown: how often a matrix is wrong without saying so."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from tests.kit.deployment.refusing import BARE_CONTENTS, CONTENTS, REFUSALS, UNKNOWN_REFUSALS
from tests.kit.deployment.seeded import SeededAIRisk
from tests.service.access.confusion import judged, lines, pasted, silent, table
from tests.service.access.wrong_verdicts import Tally, tally


async def test_no_cell_is_wrong_without_a_word(record_property: Callable[[str, object], None]) -> None:
    wrong, whole = {}, Tally()
    for (how, denial), (what, content) in product(
        (REFUSALS | UNKNOWN_REFUSALS).items(), (CONTENTS | BARE_CONTENTS).items()
    ):
        told = await tally(denial, content)
        whole += told
        if how in UNKNOWN_REFUSALS and what in BARE_CONTENTS:
            continue  # What is content looks like a refusal, and what refuses like content: nobody could tell.
        if told.shown_closed or told.unhinted:
            wrong[how, what] = told
    record_property("all", str(whole))
    assert wrong == {}, whole


async def test_300_users_of_20_endpoints_whose_permissions_are_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with SeededAIRisk(users=300, endpoints=20, seed=7, busy_every=2_000) as server:
        before = await judged(server)
        asked = table(server, before)
        after = table(server, await judged(server, pasted(server, before.suggestions, tmp_path / "rules.yaml")))
    with capsys.disabled():
        sys.stdout.write("\n".join(["", *lines(asked), "", "with the suggested rules:", *lines(after), ""]))
    assert (silent(asked), silent(after)) == ({}, {})
    assert {place.shown for place in after if not place.is_open} == {"denied"}
    assert {place.shown for place in after if place.is_open} == {"allowed"}
