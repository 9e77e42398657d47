"""Responses that are no list of users, or an unusual one, and what the program shows of each."""

import json
from dataclasses import dataclass

from tests.kit.deployment.dialect import LONG_LIST_PATH, SHORT_LIST_PATH

HOLDS_NONE = "contains no list", "Check AIRISK_LIST_USERS."
NO_USERS = "contains a list, but no users", "Check AIRISK_LIST_USERS."
NOT_JSON = "is not JSON", "Try again."
NOBODY_LISTED = "AIRisk lists no users. The deployment may be empty, or this client may not be allowed to list users."


def at_both_paths(found: str, advice: str) -> str:
    """Return the error if both documented paths return the same."""
    return f"Not a user list: {SHORT_LIST_PATH} {found}, {LONG_LIST_PATH} {found}. {advice}"


@dataclass(frozen=True)
class NoList:
    """A body without a list of users, and what the program says about it: what it found, and the advice."""

    name: str
    body: bytes
    said: tuple[str, str]

    @property
    def kind(self) -> str:
        """The words tell apart what the code tells apart."""
        return {NOT_JSON: "not JSON", HOLDS_NONE: "no list", NO_USERS: "no users"}[self.said]

    @property
    def words(self) -> str:
        """The whole error, if both paths return this body."""
        return at_both_paths(*self.said)


@dataclass(frozen=True)
class OddList:
    """An unusual list: the screen shows `shown`; `airisk-tui users` prints `ids`, and the `remark` on stderr."""

    name: str
    body: bytes
    shown: tuple[str, ...]
    ids: tuple[str, ...]
    remark: str = ""

    @property
    def kind(self) -> str:
        """Whether it holds users, and anything else."""
        return "nobody" if not self.ids else "strangers" if self.remark else "users"


def of(name: str, value: object, shown: tuple[str, ...], *ids: str, remark: str = "") -> OddList:
    """Return a list as JSON."""
    return OddList(name, json.dumps(value).encode(), shown, ids, remark)


ADA = {"id": "u-1", "name": "Ada"}
LONG = "A" * 1_000_000
THRONG = [{"id": f"u-{number}", "name": f"User {number}"} for number in range(100_000)]
CHANGED = json.dumps(
    [{"id": f"u-{number}", "name": name} for number, name in ((9, "New"), (3, "Edsger"), (2, "Grace"), (8, "Newer"))]
).encode()

NO_LISTS = (
    NoList("not JSON", b"oops", NOT_JSON),
    NoList("truncated", b'[{"id": "u-1"}, {"id": "u-', NOT_JSON),
    NoList("a deep nest", b"[" * 30_000 + b"]" * 30_000, NOT_JSON),
    NoList("a deep nest of objects", b'{"a":' * 50_000 + b"1" + b"}" * 50_000, NOT_JSON),
    NoList("a number of 5,000 digits", b'[{"id": ' + b"9" * 5000 + b"}]", NOT_JSON),
    NoList("two documents", b'[{"id": "u-1"}][{"id": "u-2"}]', NOT_JSON),
    NoList("an object without a list", b'{"message": "nothing here"}', HOLDS_NONE),
    NoList("a text", b'"u-1"', HOLDS_NONE),
    NoList("null", b"null", HOLDS_NONE),
    NoList("texts", b'["u-1", "u-2"]', NO_USERS),
    NoList("nulls", b"[null, null]", NO_USERS),
    NoList("users by their ids", b'{"u-1": {"name": "Ada"}, "u-2": {"name": "Grace"}}', HOLDS_NONE),
    NoList("an error with 200", b'{"error": "invalid", "error_description": "no"}', HOLDS_NONE),
    NoList("null instead of a list", b'{"users": null}', HOLDS_NONE),
    NoList("lists in a list", b'[[{"id": "u-1"}]]', NO_USERS),
    NoList("ids that are none", b'[{"id": true}, {"id": 1.5}, {"id": {}}, {"id": []}, {"id": ""}]', NO_USERS),
    NoList("not a number", b'[{"id": NaN, "name": Infinity}]', NO_USERS),
    NoList("JSONP", b'callback([{"id": "u-1"}])', NOT_JSON),
    NoList("a guard before it", b')]}\',\n[{"id": "u-1"}]', NOT_JSON),
    NoList("a document a line", b'{"id": "u-1"}\n{"id": "u-2"}\n', NOT_JSON),
    NoList("a comma too many", b'[{"id": "u-1"},]', NOT_JSON),
    NoList("NUL in a text", b'[{"id": "u\0"}]', NOT_JSON),
    NoList("nobody with an id", b'[{"name": "Ada"}, {"name": "Grace"}]', NO_USERS),
)

ODD_LISTS = (
    OddList("nobody", b"[]", ("No users.", "not be allowed to list users.", "0 users"), (), NOBODY_LISTED),
    OddList("nothing at all", b"", ("No users.", "0 users"), (), NOBODY_LISTED),
    of("under any key", {"staff": [ADA], "count": 1}, ("1 user ─", "Ada"), "u-1"),
    of(
        "Pascal case",
        {"Data": {"Users": [{"UserID": "u-1", "FirstName": "Ada", "LastName": "L."}]}},
        ("Ada L.",),
        "u-1",
    ),
    of("snake case", [{"user_id": "u-1", "first_name": "Ada", "last_name": "L."}], ("Ada L.",), "u-1"),
    of(
        "strangers among them",
        [ADA, None, 7, "u-2", {}, {"name": "nobody"}, []],
        ("1 user · 6 of 7 entries were not users",),
        "u-1",
        remark="Skipped 6 of 7 entries that are not users.",
    ),
    OddList("the same key twice", b'[{"id": "u-1", "id": "u-2", "name": "Ada"}]', ("1 user ─", "u-2"), ("u-2",)),
    OddList("UTF-16 without its mark", json.dumps([ADA]).encode("utf-16-le"), ("1 user ─", "Ada"), ("u-1",)),
    OddList("UTF-32", json.dumps([ADA]).encode("utf-32"), ("1 user ─", "Ada"), ("u-1",)),
    of("ids like steps of a path", [{"id": ".."}, {"id": "."}, {"id": "a/../b"}], ("3 users ─",), "..", ".", "a/../b"),
    of("twice the same", [ADA, ADA, {"id": "u-2", "name": "Ada"}], ("3 users ─",), "u-1", "u-1", "u-2"),
    of("007 and 7", [{"id": "007", "name": "Bond"}, {"id": 7, "name": "Seven"}], ("2 users ─", "007", "7"), "007", "7"),
    of("100,000 users", THRONG, ("100,000 users ─", "› u-1 "), *(each["id"] for each in THRONG)),
    of("signs", [{"id": "a/b?c#d&e%f", "name": "Signs"}], ("a/b?c#d&e%f",), "a/b?c#d&e%f"),
    of("a name of 1 MB", [{"id": "u-1", "name": LONG}], ("1 user ─", "AAAA"), "u-1"),
    of("a homoglyph twin", [ADA, {"id": "u-1\u0430", "name": "\u0410da"}], ("2 users ─",), "u-1", "u-1\u0430"),
    OddList("half a character", b'[{"id": "u-\\ud800", "name": "Half"}]', ("Half", "1 user ─"), ("u-\ud800",)),
    OddList("bytes that are no text", b'[{"id": "u-1", "name": "Zo\xff\xc3"}]', ("Zo", "1 user ─"), ("u-1",)),
)
