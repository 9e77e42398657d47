"""Take all pictures, or those of the walks that are named, into build/gallery (GALLERY): `make gallery`."""

import asyncio
import html
import os
import sys
import tempfile
from pathlib import Path

from tools.pages.gallery.camera import LOOKS, SIZES, Camera
from tools.pages.gallery.walks import WALKS

FOLDER = Path(os.environ.get("GALLERY", "build/gallery"))


def main(names: list[str]) -> int:
    """Take them, and write an index; 1 if a screen that was promised is on none of them, 2 for an unknown walk."""
    if unknown := set(names) - {walk.__name__ for walk in WALKS}:
        walks = ", ".join(walk.__name__ for walk in WALKS)
        print(f"No such walk: {', '.join(sorted(unknown))}. There are: {walks}.", file=sys.stderr)
        return 2
    missed = 0
    for size in SIZES:
        camera = Camera(size, FOLDER)
        for walk, promised in WALKS.items():
            if names and walk.__name__ not in names:
                continue
            before = set(camera.taken)
            with _home():
                asyncio.run(walk(camera))
            shown = {screen for name, screen in camera.taken.items() if name not in before}
            lacking = sorted(each.__name__ for each in promised - shown)
            missed += len(lacking)
            print("{}x{}".format(*size), walk.__name__, len(camera.taken) - len(before), *lacking)
    (FOLDER / "index.html").write_text(_index(), encoding="utf-8")
    return int(missed > 0)


class _home(tempfile.TemporaryDirectory[str]):  # noqa: N801 - used as a function
    """Whatever is remembered on a walk is forgotten behind it, and nothing of the person's own is touched."""

    def __enter__(self) -> str:
        home = super().__enter__()
        for name in ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            os.environ[name] = home
        return home


def _index() -> str:
    """A page with every picture, each state in a row."""
    folders = [FOLDER / "{}x{}".format(*size) for size in SIZES]
    names = sorted({path.name.split(".")[0] for folder in folders for path in folder.glob("*.svg")})
    rows = []
    for name in names:
        files = [folder / f"{name}.{look}.svg" for folder in folders for look in LOOKS]
        sources = [html.escape(str(path.relative_to(FOLDER))) for path in files if path.exists()]
        pictures = "".join(f'<a href="{each}"><img src="{each}" alt="{each}" loading="lazy"></a>' for each in sources)
        rows.append(f"<h2>{html.escape(name)}</h2>{pictures}")
    style = "body { font-family: sans-serif } img { width: 32% }"
    return f'<!DOCTYPE html><meta charset="utf-8"><title>airisk-tui</title><style>{style}</style>{"".join(rows)}\n'


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
