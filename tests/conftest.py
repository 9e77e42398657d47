"""How all tests are run: how long they wait is never what they judge."""

import gc
import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

# What a shell starts behind `&` ignores it, and so would every program under test.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let each report tell the kind of its fault, for whoever counts them in another process."""
    if marker := item.get_closest_marker("fault"):
        item.user_properties.append(("fault", marker.args[0]))


@pytest.fixture(autouse=True)
def nothing_stays_frozen() -> Iterator[None]:
    """The program lives in a process of its own, and so may keep from garbage collection what lives as long as it."""
    yield
    gc.unfreeze()
