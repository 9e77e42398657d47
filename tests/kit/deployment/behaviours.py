"""The old names of what `faults.py` has: temporary, for branches that still use them."""

from tests.kit.deployment import faults
from tests.kit.deployment.faults import (
    BOMB_BYTES,
    PEOPLE,
    PORTAL,
    RETRY_AFTER,
    Fault,
    answers_json,
    asks_to_wait,
    at_first,
    drips,
    floods,
    sends,
    sends_then_resets,
)
from tests.kit.deployment.faults import CATALOG as BEHAVIOURS
from tests.kit.deployment.faults import redirects_elsewhere as redirects

__all__ = [
    "BEHAVIOURS",
    "BOMB_BYTES",
    "PEOPLE",
    "PORTAL",
    "RETRY_AFTER",
    "Behaviour",
    "answers",
    "answers_json",
    "asks_to_wait",
    "drips",
    "floods",
    "redirects",
    "sends",
    "sends_then_resets",
]


Behaviour = Fault


def answers(status: int, body: bytes = b"", *headers: tuple[str, str], times: int | None = None) -> Fault:
    """An orderly answer, for the first `times` requests."""
    fault = faults.answers(status, body, *headers)
    return fault if times is None else at_first(times, fault)
