"""Where a matrix is asked: a place, and a sandbox that its environment names."""

from __future__ import annotations

import json
from typing import Any

from tests.kit.permissions import people_of
from tests.kit.shell import Outcome
from tui.sandbox import Sandbox
from tui.sandbox.people import Person

FAST = ("--rate", "0", "--concurrency", "8")
"""As fast as answers come."""


def cells_of(done: Outcome) -> dict[tuple[str, str], dict[str, Any]]:
    return {(cell["identity"], cell["endpoint"]): cell for cell in json.loads(done.out)["cells"]}


def active(served: Sandbox) -> list[Person]:
    return [person for person in people_of(served) if not person.is_suspended]
