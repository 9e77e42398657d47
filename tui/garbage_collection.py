"""When garbage is collected: not while the program starts, and never among what it has built.

A full collection visits every object and blocks keys in that time.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def pause() -> None:
    """Stop collecting, until `resume`."""
    gc.disable()


def resume() -> None:
    """Collect again, but only among objects that are created from now on."""
    gc.freeze()
    gc.enable()


@contextmanager
def paused() -> Iterator[None]:
    """Collect nothing within the context, and later nothing that was created in it."""
    pause()
    try:
        yield
    finally:
        resume()


def exclude_existing() -> None:
    """Exclude all objects that exist now from collection."""
    gc.freeze()


def collect_all() -> None:
    """Collect now, among all objects."""
    gc.unfreeze()
    gc.collect()
