"""What the locked requirements pin."""

import re
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent

_PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[^\s;\\]+)(?: ; (?P<where>[^\\]+?))? \\$", re.MULTILINE)


class Pin(NamedTuple):
    """One distribution in one version; `where` is the environment marker, empty for everywhere."""

    name: str
    version: str
    where: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def pinned(*files: str) -> list[Pin]:
    """All that these files of requirements pin, each once, by name."""
    pins = {
        Pin(pin["name"], pin["version"], pin["where"] or "")
        for file in files
        for pin in _PIN.finditer((HERE / file).read_text())
    }
    return sorted(pins)
