"""Accepts how the program looks: writes each state, of all walks or of some, to tests/snapshots: `make accept`."""

import asyncio
import gc
import multiprocessing
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import product

from tests.kit.gallery.camera import SIZES, Look, Size, Still, surroundings
from tests.kit.gallery.walks import WALKS
from tests.kit.pilot import Person
from tests.kit.snapshot import STATES, THEMES, Picture, State, picture_of

Taken = dict[str, Picture]


class Recording(Still):
    """Keeps pictures as text."""

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self.pictures: Taken = {}

    def keep(self, person: Person, name: str) -> None:
        """Keep what is on the screen."""
        self.pictures[name] = picture_of(person)


def walked(errand: tuple[str, Size, Look]) -> tuple[str, Size, Look, Taken]:
    """Go on a walk, and return what was seen."""
    walk, size, theme = errand
    camera = Recording(size)
    with surroundings(theme):
        asyncio.run(WALKS[walk](camera))
    gc.unfreeze()
    return walk, size, theme, camera.pictures


def write(walk: str, seen: Iterable[tuple[Size, Look, Taken]]) -> None:
    """Write the states of a walk; what it does not come to any more is removed."""
    states: defaultdict[str, dict[tuple[Size, Look], Picture]] = defaultdict(dict)
    for size, theme, taken in seen:
        for name, picture in taken.items():
            states[name][size, theme] = picture
    folder = STATES / walk
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.stem not in states:
            path.unlink()
    for name, pictures in states.items():
        path = folder / f"{name}.txt"
        before = State.read(path.read_text(encoding="utf-8")) if path.exists() else None
        path.write_text(State.of(pictures, before).written(), encoding="utf-8")


def main(names: list[str]) -> int:
    """Accept all, or some; 2 where there is no such walk."""
    if unknown := set(names) - set(WALKS):
        print(f"No such walk: {', '.join(sorted(unknown))}. There are: {', '.join(WALKS)}.", file=sys.stderr)
        return 2
    errands = sorted(product(names or WALKS, SIZES, THEMES))
    seen: defaultdict[str, list[tuple[Size, Look, Taken]]] = defaultdict(list)
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        for walk, size, theme, taken in pool.map(walked, errands):
            seen[walk].append((size, theme, taken))
            if len(seen[walk]) == len(SIZES) * len(THEMES):
                write(walk, seen[walk])
                print(f"{walk}: {len(taken)}")
    for path in STATES.iterdir() if not names else ():
        if path.name not in WALKS:
            shutil.rmtree(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
