"""A sandbox to ask."""

from collections.abc import Iterator

import pytest

from tests.kit.shell import Place
from tui.sandbox import Options, Sandbox


@pytest.fixture
def sandbox(place: Place) -> Iterator[Sandbox]:
    """A sandbox, which the environment of `place` names."""
    with Sandbox(Options(users=40)) as served:
        options = served.options
        place.tell(AIRISK_URL=served.url, CLIENT_ID=options.client_id, CLIENT_SECRET=options.client_secret)
        yield served
