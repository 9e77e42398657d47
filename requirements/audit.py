"""Ask the package index which known vulnerabilities there are in what is locked.

The index repeats OSV's and GitHub's advisories for each release. pip-audit asks it the same, but takes an index that
serves only each project's newest release for one that knows of no vulnerability.

Ends with 1 if there are some, or if there was no answer for a release that is not among the `EXPLAINED`.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from requirements.index import told_of_release
from requirements.pins import Pin, pinned

EXPLAINED = {
    "greenlet 2.0.2": "for Python 3.11 only, and only below httpbin, which answers tests on loopback",
    "soupsieve 2.10": "for Python 3.11.0 to 3.11.4 only, the last that runs there; its selectors are all our own",
}
"""Releases for which an index may have no answer, since they are not the newest: what there is to fear all the same."""

_AT_ONCE = 4


def main() -> int:
    """Ask, tell, and return the exit code."""
    pins = pinned("run.txt", "dev.txt", "proof.txt")
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = dict(zip(pins, pool.map(_vulnerabilities, pins), strict=True))
    known = {pin: found for pin, found in answers.items() if found}
    unheard = [pin for pin, found in answers.items() if found is None]
    for pin, found in known.items():
        for one in found:
            print(f"VULNERABLE  {pin}: {one['id']} ({', '.join(one['aliases'])}) {one['link']}")
    for pin in unheard:
        print(f"NO ANSWER   {pin}: {EXPLAINED.get(str(pin), 'not the newest release; lock it anew')}")
    print(f"{len(pins)} locked, {len(pins) - len(unheard)} answered for, {len(known)} vulnerable.")
    return 1 if known or any(str(pin) not in EXPLAINED for pin in unheard) else 0


def _vulnerabilities(pin: Pin) -> list[dict[str, Any]] | None:
    """Return the current advisories for that release, or None if the index does not respond."""
    told = told_of_release(pin.name, pin.version)
    return [one for one in told["vulnerabilities"] if not one["withdrawn"]] if told else None


if __name__ == "__main__":
    sys.exit(main())
