"""Take all pictures, or those of the walks that are named, into build/gallery (GALLERY): `make gallery`."""

import asyncio
import html
import os
import sys
from pathlib import Path
from typing import get_args

from tests.kit.gallery.camera import SIZES, Look, Size, Still, surroundings
from tests.kit.gallery.walks import WALKS
from tests.kit.pilot import Person
from tools.pages.bars import as_page_shows

FOLDER = Path(os.environ.get("GALLERY", "build/gallery"))
LOOKS: tuple[Look, ...] = get_args(Look)


class Painting(Still):
    """Takes pictures of one look, as SVG."""

    def __init__(self, size: Size, look: Look, folder: Path) -> None:
        super().__init__(size)
        self._look = look
        self._folder = folder / "{}x{}".format(*size)

    def keep(self, person: Person, name: str) -> None:
        """Write the picture."""
        self._folder.mkdir(parents=True, exist_ok=True)
        picture = person.app.export_screenshot(title=f"{name} · {self._folder.name} · {self._look}")
        (self._folder / f"{name}.{self._look}.svg").write_text(as_page_shows(picture), encoding="utf-8")


def main(names: list[str]) -> int:
    """Take them, and write an index; 2 for an unknown walk."""
    if unknown := set(names) - set(WALKS):
        print(f"No such walk: {', '.join(sorted(unknown))}. There are: {', '.join(WALKS)}.", file=sys.stderr)
        return 2
    folder = FOLDER.absolute()
    for size in SIZES:
        for name in names or WALKS:
            for look in LOOKS:
                with surroundings(look):
                    asyncio.run(WALKS[name](Painting(size, look, folder)))
            print("{}x{}".format(*size), name)
    (folder / "index.html").write_text(_index(folder), encoding="utf-8")
    return 0


def _index(folder: Path) -> str:
    """Return a page with every picture, one row for each state."""
    folders = [folder / "{}x{}".format(*size) for size in SIZES]
    names = sorted({path.name.split(".")[0] for folder in folders for path in folder.glob("*.svg")})
    rows = []
    for name in names:
        files = [folder / f"{name}.{look}.svg" for folder in folders for look in LOOKS]
        sources = [html.escape(str(path.relative_to(folder))) for path in files if path.exists()]
        pictures = "".join(f'<a href="{each}"><img src="{each}" alt="{each}" loading="lazy"></a>' for each in sources)
        rows.append(f"<h2>{html.escape(name)}</h2>{pictures}")
    style = "body { font-family: sans-serif } img { width: 32% }"
    return f'<!DOCTYPE html><meta charset="utf-8"><title>airisk-tui</title><style>{style}</style>{"".join(rows)}\n'


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
