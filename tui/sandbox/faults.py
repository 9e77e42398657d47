"""Faults that a sandbox can inject, as data, and the set of those that are on."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Fault(NamedTuple):
    """A fault to inject; `value` names the meaning of its value, "" if it takes none."""

    name: str
    does: str
    value: str = ""
    highest: float = 1


FAULTS = (
    Fault("list-empty", "the user list is []"),
    Fault("list-html", "the user list is 200 with an HTML page"),
    Fault("list-broken", "the user list is truncated JSON"),
    Fault("list-500", "the user list responds with 500"),
    Fault("slow-list", "each piece of the user list is delayed by MS milliseconds", "MS", 3_600_000),
    Fault("authorize-500", "the authorize step responds with 500"),
    Fault("authorize-no-code", "the redirect has no code"),
    Fault("refused-by-redirect", "a refusal is error=access_denied in the redirect"),
    Fault("state-first", "the redirect has state before code"),
    Fault("state-wrong", "the redirect has another state"),
    Fault("state-missing", "the redirect has no state"),
    Fault("token-500", "the token endpoint responds with 500"),
    Fault("token-empty", "access_token is empty"),
    Fault("token-past", "the token expired an hour ago"),
    Fault("token-other-user", "the token's claims name another user"),
    Fault("revoke", "a token is revoked after its first use"),
    Fault("flaky", "this share of API responses, except sign-in, is 500", "RATE", 1),
    Fault("rate-limit", "429 with Retry-After after N requests in one second", "N", 1_000_000),
    Fault("error-in-200", '401 and 403, except sign-in, are 200 with {"error": …}'),
    Fault("ask-incomplete", "the agent stops in the middle of its reply"),
    Fault("hang", "no request gets a response"),
)

_BY_NAME = {fault.name: fault for fault in FAULTS}


class Faults:
    """The faults that are on, with their values. They can be switched from any thread while the sandbox runs."""

    def __init__(self, specifications: Iterable[str] = ()) -> None:
        self._values: dict[str, float] = {}
        for specification in specifications:
            self.switch_on(specification)

    def switch_on(self, specification: str) -> None:
        """Switch `NAME` or `NAME=VALUE` on; raise ValueError with a message for the user."""
        name, _, value = specification.partition("=")
        fault = _BY_NAME.get(name)
        if fault is None:
            raise ValueError(f"unknown fault {name}; --fault help lists them")
        if not fault.value:
            if value:
                raise ValueError(f"{name} takes no value")
            self._values[name] = 1
        else:
            self._values[name] = _number(fault, value)

    def switch_off(self, name: str) -> None:
        """Switch a fault off, if it is on."""
        self._values.pop(name, None)

    def clear(self) -> None:
        """Switch all faults off."""
        self._values.clear()

    def value(self, name: str) -> float:
        """Return the value of a fault, 0 while it is off."""
        return self._values.get(name, 0)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._values))


def listing() -> str:
    """Return a line for each fault, as a list for the user."""
    rows = [(f"{fault.name}={fault.value}" if fault.value else fault.name, fault.does) for fault in FAULTS]
    width = max(len(name) for name, _ in rows)
    return "".join(f"  {name:{width}}  {does}\n" for name, does in rows)


def _number(fault: Fault, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1
    if not 0 <= number <= fault.highest:
        raise ValueError(f"{fault.name} needs a value, 0 to {fault.highest:g}: {fault.name}={fault.value}")
    return number
