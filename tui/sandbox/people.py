"""The people of the stand-in deployment: each computed from a number when asked for, none kept."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import chain

import msgspec

from tui.sandbox.chance import draw
from tui.sandbox.names import pairs

ROLES = ("Admin", "Risk Manager", "Auditor", "Monitor", "User")
FUNCTIONS = (
    "Vendor Risk",
    "Model Governance",
    "Incident Response",
    "Privacy",
    "Internal Audit",
    "Data Science",
    "Clinical Safety",
    "Works Council",
)
REGIONS = ("EMEA", "Americas", "APAC")
DEPARTMENTS = (
    "Procurement",
    "Legal",
    "Compliance",
    "Information Security",
    "Research",
    "Finance",
    "Human Resources",
    "Customer Care",
    "Claims",
    "Underwriting",
    "Operations",
    "Data Platform",
    "Product",
    "Marketing",
    "Internal Audit",
    "Executive Office",
)

# Fixed, so that the same seed gives the same list on any day.
LAST_SEEN_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
# Written out once: a date made for each person would take longer than the rest of the person.
_DAYS_SEEN = tuple((LAST_SEEN_BEFORE - timedelta(days=day)).strftime("%Y-%m-%d") for day in range(1, 401))

# Of 64 people; however few there are, the first of them have one of each role and can all sign in.
_ROLE_OF_64 = ("Admin",) * 3 + ("Risk Manager",) * 8 + ("Auditor",) * 5 + ("Monitor",) * 5 + ("User",) * 43
_FIRST_ROLES = ("Admin", "User", "Auditor", "Risk Manager", "Monitor", "User", "User", "Admin")
_ID_DIGITS = 6
_LIKELY_USER = 127


class Person(msgspec.Struct, frozen=True, rename="camel"):
    """A user of the deployment as the list shows one; `last_active` is UTC, ISO 8601."""

    id: str
    name: str
    email: str
    role: str
    groups: tuple[str, ...]
    department: str
    last_active: str
    status: str

    @property
    def is_suspended(self) -> bool:
        """Say whether nobody can be signed in as this person."""
        return self.status == "suspended"


class People:
    """The first `count` people of a seed; person number n is the same in a list of any length."""

    def __init__(self, count: int, seed: int) -> None:
        self._count = count
        self._seed = seed
        self._names = _names(seed)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Person:
        """Return person number `index`, counted from 0; raises IndexError beyond the last."""
        if not 0 <= index < self._count:
            raise IndexError(index)
        namesakes, place = divmod(index, len(self._names))
        name, mail = self._names[place]
        chance = draw(self._seed, index)
        return Person(
            id=id_of(index),
            name=name,
            email=f"{mail}{namesakes + 1 if namesakes else ''}@meridian.example",
            role=_FIRST_ROLES[index] if index < len(_FIRST_ROLES) else _ROLE_OF_64[chance & 63],
            groups=_groups(chance >> 6),
            department=DEPARTMENTS[chance >> 16 & 15],
            last_active=_last_active(chance >> 20),
            status="suspended" if chance >> 59 == 0 and index >= len(_FIRST_ROLES) else "active",
        )

    def __iter__(self) -> Iterator[Person]:
        return (self[index] for index in range(self._count))

    def index(self, user_id: str) -> int | None:
        """Return the number of the person with this id, None if there is nobody."""
        if not re.fullmatch(rf"u-[0-9]{{{_ID_DIGITS}}}", user_id):
            return None
        index = int(user_id[2:])
        return index if index < self._count else None

    def likely_user(self) -> Person:
        """Return an active Admin, not the first person where there is another."""
        numbers = range(self._count)
        start = _LIKELY_USER % self._count
        candidates = (self[index] for index in chain(numbers[start:], numbers[:start]))
        return next(person for person in candidates if person.role == "Admin" and not person.is_suspended)


def id_of(index: int) -> str:
    """Return the id of person number `index`."""
    return f"u-{index:0{_ID_DIGITS}}"


@lru_cache(maxsize=4)
def _names(seed: int) -> list[tuple[str, str]]:
    named = pairs()
    return [named[n] for n in sorted(range(len(named)), key=lambda n: draw(seed, -n - 1))]


def _groups(chance: int) -> tuple[str, ...]:
    first, second, region = chance & 7, chance >> 3 & 7, REGIONS[(chance >> 6) % len(REGIONS)]
    if second & 1 or second == first:
        return (FUNCTIONS[first], region)
    return (FUNCTIONS[first], FUNCTIONS[second], region)


def _last_active(chance: int) -> str:
    clock = chance // len(_DAYS_SEEN)
    return f"{_DAYS_SEEN[chance % len(_DAYS_SEEN)]}T{clock % 24:02}:{clock // 24 % 60:02}:{clock // 1440 % 60:02}Z"
