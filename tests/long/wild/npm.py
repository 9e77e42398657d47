"""What others published on the npm registry. It is brought once, and kept outside the repository."""

import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.kit.machine import needs

PLACE = Path(os.environ.get("WILD") or Path(tempfile.gettempdir()) / "airisk-tui-wild")
"""Where it is kept."""


@contextmanager
def packed(package: str) -> Iterator[tarfile.TarFile]:
    """Bring a package, as it was published."""
    needs("npm")
    with tempfile.TemporaryDirectory() as place:
        command = ["npm", "pack", "--silent", "--pack-destination", place, package]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=300)
        (archive,) = Path(place).glob("*.tgz")
        with tarfile.open(archive) as opened:
            yield opened
