"""Where a deployment refuses with a 200, no closed cell is shown as open without a word, and no open one as closed."""

from __future__ import annotations

import pytest

from tests.kit.deployment.messages import Reply
from tests.kit.deployment.refusing import BARE_CONTENTS, CONTENTS, REFUSALS, UNKNOWN_REFUSALS
from tests.service.access.wrong_verdicts import tally

FORBIDDEN = Reply(403)


@pytest.mark.parametrize("denial", REFUSALS.values(), ids=REFUSALS)
async def test_a_refusal_in_a_200_is_a_denial_beside_somebody_who_is_shown_something_else(denial: Reply):
    told = await tally(denial, CONTENTS["a list"])
    assert (told.shown_open, told.shown_closed) == (0, 0)
    # Of the vault, which nobody is shown, the program says that it cannot tell.
    assert told.untold == 6


@pytest.mark.parametrize("denial", UNKNOWN_REFUSALS.values(), ids=UNKNOWN_REFUSALS)
async def test_a_refusal_that_no_rule_knows_is_hinted_at(denial: Reply):
    told = await tally(denial, CONTENTS["an object"])
    assert (told.shown_closed, told.unhinted) == (0, 0)


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
async def test_a_refusal_that_no_rule_knows_is_hinted_at_beside_all_content(content: Reply):
    told = await tally(UNKNOWN_REFUSALS["in another language"], content)
    assert (told.shown_closed, told.unhinted) == (0, 0)


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
async def test_what_somebody_is_shown_is_no_refusal_whatever_its_title_and_its_encoding(content: Reply):
    told = await tally(FORBIDDEN, content)
    assert (told.shown_open, told.shown_closed, told.untold) == (0, 0, 0)


@pytest.mark.parametrize("content", BARE_CONTENTS.values(), ids=BARE_CONTENTS)
async def test_what_passes_for_a_refusal_and_has_no_witness_cannot_be_decided(content: Reply):
    told = await tally(FORBIDDEN, content)
    assert (told.shown_open, told.shown_closed, told.untold) == (0, 0, told.opened)
