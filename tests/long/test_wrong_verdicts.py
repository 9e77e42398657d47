"""Every way to refuse with a 200 beside everything that may be shown: how often a matrix is wrong without saying so."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from tests.kit.deployment.refusing import BARE_CONTENTS, CONTENTS, REFUSALS, UNKNOWN_REFUSALS
from tests.service.access.wrong_verdicts import Tally, tally


async def test_no_cell_is_wrong_without_a_word(record_property: Callable[[str, object], None]) -> None:
    wrong, whole = {}, Tally()
    for (how, denial), (what, content) in product(
        (REFUSALS | UNKNOWN_REFUSALS).items(), (CONTENTS | BARE_CONTENTS).items()
    ):
        told = await tally(denial, content)
        whole += told
        # What everybody is told alike in the vault, and no rule knows, has no witness and no second shape.
        unknowable = 6 if how in UNKNOWN_REFUSALS else 0
        if how in UNKNOWN_REFUSALS and what in BARE_CONTENTS:
            continue  # What is content looks like a refusal, and what refuses like content: nobody could tell.
        if told.shown_closed or told.unhinted > unknowable:
            wrong[how, what] = told
    record_property("all", whole)
    assert wrong == {}, whole
