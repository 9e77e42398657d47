"""10,000 stories of a session in any order, and whether they came by all that may happen."""

from tests.kit.stories import tell_stories

STORIES = 10_000
"""How many different ones a run must have told."""

HAPPENINGS = (
    "switched",
    "given up",
    "replayed",
    "may be repeated",
    "streamed",
    "answered under another's name",
    "several waited for one sign-in",
    "NoResponseError",
    "InvalidResponseError",
    "SignInRejectedError",
    "ClientSecretRejectedError",
    "UnexpectedSignInResponseError",
)
"""What must not be missing from a run's stories."""


def test_no_interleaving_mixes_identities_up() -> None:
    teller = tell_stories(STORIES + STORIES // 6)
    assert len(teller.told) >= STORIES
    assert {each: teller.seen[each] for each in HAPPENINGS if teller.seen[each] < STORIES // 200} == {}
