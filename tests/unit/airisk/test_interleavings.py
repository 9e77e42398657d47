"""Whatever happens in whatever order: no token, answer or record is another's, and nobody is become by half."""

from hypothesis import settings

from tests.kit.stories import tell_stories


def test_no_interleaving_mixes_identities_up() -> None:
    # Usually 200. tests/long/test_interleavings.py tells 10,000, and judges what they came by.
    assert tell_stories(2 * settings().max_examples).told
