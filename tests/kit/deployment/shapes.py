"""People, and the shapes in which deployments may list them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

ListShape = Literal["array", "users", "data_items", "result_count", "among_others"]
KeyCase = Literal["camel", "pascal", "snake"]

ID_KEYS = ("id", "Id", "ID", "userId", "userID", "UserID", "user_id")
NAME_KEYS = (
    ("name",),
    ("displayName",),
    ("userName",),
    ("firstName", "lastName"),
    ("FirstName", "LastName"),
    ("given_name", "family_name"),
)
NOT_PEOPLE: tuple[object, ...] = (None, "u-lost", 17, 4.5, True, [], {}, {"name": "Without Id"})


@dataclass(frozen=True)
class Person:
    """A user of the foreign deployment; a numeric id is a number in JSON, too."""

    id: str | int
    first: str
    last: str = ""
    role: str = "User"
    groups: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """The id as it travels in a query or a form."""
        return str(self.id)

    @property
    def name(self) -> str:
        """First and last name in one."""
        return f"{self.first} {self.last}".strip()


PLAIN_PEOPLE = (
    Person("u-1", "Ada", "Lovelace", "Admin", ("engines",)),
    Person("u-2", "Grace", "Hopper", "User", ("navy", "compilers")),
    Person("u-3", "Edsger", "Dijkstra", "Monitor"),
)
NUMERIC_PEOPLE = (
    Person(7, "Seven", "Of Nine"),
    Person(0, "Zero", "First"),
    Person(2**53 + 1, "Large", "Number"),
)
AWKWARD_PEOPLE = (
    Person("a/b", "Slash"),
    Person("../c", "Dots"),
    Person("d?e=f&g#h", "Query"),
    Person("50%25", "Percent"),
    Person("i + j", "Plus", "And Space"),
    Person("名前-ü-🦉", "Unicode"),
    Person("007", "Zeros"),
    Person(7, "Seven"),
)
GUID = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
GUID_PEOPLE = (Person("0f8fad5b-d9cb-469f-a165-70867728950e", "Ada", "Lovelace"), Person(GUID, "Grace", "Hopper"))
GUID_SPELLINGS = {
    "as it is": GUID,
    "upper case": GUID.upper(),
    "braces": f"{{{GUID}}}",
    "a URN": f"urn:uuid:{GUID}",
    "a blank after it": f"{GUID} ",
    "no dashes": GUID.replace("-", ""),
}
DUPLICATE_PEOPLE = (Person("u-1", "Ada"), Person("u-1", "Ada"), Person("u-1", "Beda"), Person("u-2", "Ada"))


@dataclass(frozen=True, kw_only=True)
class ListStyle:
    """How one list of users is written.

    `id_key` and `name_keys` are used as they are (two name keys: first and last name apart), `key_case` is
    for all other keys. `other_entries` are put among the people; `other_fields` are added to each of them.
    An `is_no_content` list is answered 204, whoever there is. `misleading_keys` stand before the id, and hold the
    number of the person after: .NET's `$id`, a database's `_id`. An `is_preserved` list is as .NET's serializer writes
    it where it preserves references.
    """

    shape: ListShape = "array"
    key_case: KeyCase = "camel"
    id_key: str = "id"
    name_keys: tuple[str, ...] = ("name",)
    other_entries: tuple[object, ...] = ()
    other_fields: Mapping[str, object] = field(default_factory=dict)
    is_no_content: bool = False
    misleading_keys: tuple[str, ...] = ()
    is_preserved: bool = False


def listing(people: Iterable[Person], style: ListStyle) -> object:
    """The JSON value that lists `people`."""
    numbered = enumerate(people, start=2)
    entries = interleaved(
        [dict.fromkeys(style.misleading_keys, str(number)) | entry(person, style) for number, person in numbered],
        style.other_entries,
    )
    shaped = in_shape(entries, style)
    return preserved(shaped, count(1)) if style.is_preserved else shaped


def in_shape(entries: list[object], style: ListStyle) -> object:
    """The entries as an array, or in an object."""
    match style.shape:
        case "array":
            return entries
        case "users":
            return {"users": entries}
        case "data_items":
            return {"Data": {"Items": entries}}
        case "result_count":
            return {"result": entries, "count": len(entries)}
        case "among_others":
            return {"errors": [], "links": ["self"], "people": entries, "tags": [{"id": "t", "name": "Tag"}]}


def preserved(value: object, numbers: Iterator[int]) -> object:
    """The value with each object numbered and each array wrapped."""
    if isinstance(value, list):
        number = str(next(numbers))
        return {"$id": number, "$values": [preserved(each, numbers) for each in value]}
    if isinstance(value, dict):
        return {"$id": str(next(numbers))} | {key: preserved(each, numbers) for key, each in value.items()}
    return value


def entry(person: Person, style: ListStyle) -> dict[str, Any]:
    """One person as an object of the list."""
    names = (person.name,) if len(style.name_keys) == 1 else (person.first, person.last)
    return {
        style.id_key: person.id,
        **dict(zip(style.name_keys, names, strict=True)),
        cased("email address", style.key_case): f"{person.first.lower()}@example.com",
        cased("role", style.key_case): person.role,
        cased("user groups", style.key_case): list(person.groups),
        **style.other_fields,
    }


def cased(words: str, case: KeyCase) -> str:
    """`email address` as emailAddress, EmailAddress or email_address."""
    if case == "snake":
        return words.replace(" ", "_")
    pascal = words.title().replace(" ", "")
    return pascal if case == "pascal" else pascal[0].lower() + pascal[1:]


def interleaved(entries: list[dict[str, Any]], others: tuple[object, ...]) -> list[object]:
    """`others` spread among `entries`, the first of each first."""
    mixed: list[object] = []
    for position in range(max(len(entries), len(others))):
        mixed += entries[position : position + 1]
        mixed += others[position : position + 1]
    return mixed
