"""Write licences.md: under which licence everything stands that comes with the running program.

What is installed tells for itself; of what only other platforms or Pythons need, the package index is asked.
"""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

from requirements.index import told_of_project
from requirements.pins import HERE, Pin, pinned

FILE = HERE / "licences.md"

_OPENING = """\
# Licences

Of all that the program stands on, as it is locked in `run.txt`: made by `make lock`. The program itself is under the
MIT licence.

| distribution | licence | where |
|---|---|---|
"""

_CLASSIFIER = "License :: OSI Approved :: "


def main() -> None:
    """Write the file."""
    FILE.write_text(_OPENING + "".join(map(_row, pinned("run.txt"))))


def installed_licence(name: str) -> str | None:
    """Return the license that an installed distribution states, or None if it is not installed."""
    try:
        told = metadata(name).json
    except PackageNotFoundError:
        return None
    return _licence(told, told.get("classifier", []))


def _row(pin: Pin) -> str:
    licence = installed_licence(pin.name) or _licence_told_by_index(pin.name)
    where = f"`{pin.where}`" if pin.where else "everywhere"
    return f"| {pin} | {licence} | {where} |\n"


def _licence_told_by_index(name: str) -> str:
    told = told_of_project(name)
    assert told
    return _licence(told["info"], told["info"]["classifiers"])


def _licence(told: Mapping[str, Any], classifiers: str | list[str]) -> str:
    """Return the SPDX expression, or else the classifiers, or else the first line of the text."""
    named = [name.removeprefix(_CLASSIFIER) for name in classifiers if name.startswith(_CLASSIFIER)]
    text: str = told.get("license_expression") or ", ".join(named) or told.get("license") or ""
    return text.partition("\n")[0]


if __name__ == "__main__":
    main()
