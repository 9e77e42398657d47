r"""Placeholders for known values in typed text: `{{user.id}}`, `{{agent.id}}`, `{{response.0.id}}`, `{{saved}}`.

A name may have spaces around it. `\{{` stands for two literal braces. Any other `{{` must begin a known name, since an
unknown one would be sent literally. Values are filled in once, and not expanded again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal, Self
from urllib.parse import quote

from tui.airisk.endpoints.extraction import NOUNS, RULES, IdentityVariables, as_json, get_member
from tui.airisk.identity import Identity
from tui.airisk.models import Exchange, User
from tui.errors import RequestRejectedError
from tui.plain_names import is_text

Into = Literal["value", "target", "headers", "json"]
"""Kind of text to fill in: a value that will be encoded, a path with its query, header lines, or a JSON document."""

_OPENING = re.compile(r"(\\*)\{\{")
_NAME = re.compile(r"\s*([^{}]*?)\s*\}\}")
_SAVED_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_STEP = re.compile(r"[^.{}\s]+")
_RESERVED = frozenset({"user", "response", *NOUNS})
_USER_FIELDS = ("id", "name", "email", "role")
_LONGEST_SAVED = 64 * 1024
_MOST_SAVED = 100
_IDENTITIES = 5
"""Identities whose latest responses are remembered."""
_OFFERED = 40
_PREVIEW = 60


@dataclass(frozen=True, slots=True)
class Variables:
    """Values of placeholders. Immutable: each method that adds something returns a copy.

    Values from responses are known only to the identity that received them. Values that the user stored under a name
    are known to all.
    """

    _user: User | None = None
    _saved: Mapping[str, str] = field(default_factory=dict, repr=False)
    _learnt: Mapping[tuple[str, str], IdentityVariables] = field(default_factory=dict, repr=False)

    def choose(self, user: User | None) -> Self:
        """Set the user of `{{user.…}}`; a request as another user takes that user instead."""
        return replace(self, _user=user)

    def keep(self, name: str, value: str) -> Self:
        """Store a value under a name; an empty one removes the name.

        Raises:
            RequestRejectedError: the name is invalid, or the value is too long or not text.
        """
        if not _SAVED_NAME.fullmatch(name) or name in _RESERVED:
            raise RequestRejectedError(
                "A variable cannot have this name.",
                advice=f"Use letters, digits, - and _, but none of {', '.join(sorted(_RESERVED))}.",
            )
        if len(value) > _LONGEST_SAVED or not is_text(value):
            raise RequestRejectedError("This value cannot be saved: it is too long or contains invalid Unicode.")
        kept = {each: text for each, text in self._saved.items() if each != name}
        if len(kept) >= _MOST_SAVED:
            raise RequestRejectedError(f"There are {_MOST_SAVED} saved values, the maximum.", advice="Remove one.")
        return replace(self, _saved=kept | ({name: value} if value else {}))

    def learn(self, exchange: Exchange) -> Self:
        """Store the values in a response, for the identity it was sent to."""
        return self._with(exchange.identity, self._of(exchange.identity).learn(exchange))

    def pick(self, noun: str, thing: Mapping[str, object], identity: Identity) -> Self:
        """Select the object of `{{agent.…}}` or another noun among many, from a response to that identity."""
        return self._with(identity, self._of(identity).pick(noun, thing))

    def _of(self, identity: Identity) -> IdentityVariables:
        return self._learnt.get((identity.kind, identity.id), IdentityVariables())

    def _with(self, identity: Identity, learnt: IdentityVariables) -> Self:
        key = (identity.kind, identity.id)
        others = [(each, known) for each, known in self._learnt.items() if each != key]
        return replace(self, _learnt=dict([*others, (key, learnt)][-_IDENTITIES:]))

    # Filling in

    def fill(self, text: str, identity: Identity, into: Into = "value") -> str:
        """Replace every placeholder in the text by its value, for a request as that identity.

        In a target, values are percent-encoded. In JSON, they are escaped within a string, and are JSON elsewhere.

        Raises:
            RequestRejectedError: a name is unknown to that identity, or its value cannot be used there.
        """
        filled: list[str] = []
        values: dict[str, object] = {}
        is_in_string = False
        for plain, name in _pieces(text):
            filled.append(plain)
            # A quote after a backslash does not end a string.
            is_in_string ^= re.findall(r'\\.|"', plain, re.DOTALL).count('"') % 2 == 1
            if name is not None:
                values[name] = values[name] if name in values else self._value(name, identity)
                filled.append(_written(name, values[name], into, is_in_string=is_in_string))
        return "".join(filled)

    def named(self, text: str, identity: Identity) -> Mapping[str, str]:
        """Return the ids in the filled-in text that have a name, such as those of `{{agent.id}}`, with that name.

        Raises:
            RequestRejectedError: a name of a placeholder is unknown to that identity.
        """
        found: dict[str, str] = {}
        for _, placeholder in _pieces(text):
            root, _, step = (placeholder or "").rpartition(".")
            if step == "id" and root in {"user", *NOUNS}:
                found[self.fill(f"{{{{{placeholder}}}}}", identity)] = self._title(root, identity)
        return {each: title for each, title in found.items() if title}

    def _title(self, root: str, identity: Identity) -> str:
        thing = self._user_fields(identity) if root == "user" else self._of(identity).thing(root)
        titles = (get_member(thing, each) for each in ("name", "title"))
        return next((each for each in titles if isinstance(each, str) and is_text(each)), "")

    def _value(self, name: str, identity: Identity) -> object:
        root, *steps = name.split(".")
        if name in self._saved:
            return _Typed(self._saved[name])
        if root == "user":
            value: object = self._user_fields(identity).get(".".join(steps)) or None
        elif root == "response":
            last = self._of(identity).last
            value = _follow(last.document() if last else None, steps)
        elif root in NOUNS:
            value = _follow_thing(root, self._of(identity).thing(root), steps)
        else:
            value = None
        if value is None or not _is_whole(value):
            raise RequestRejectedError(f"{{{{{name[:_PREVIEW]}}}}} is not known yet: {_advice(root)}.")
        return value

    def _user_fields(self, identity: Identity) -> dict[str, str]:
        if identity.is_user and (self._user is None or self._user.id != identity.id):
            return {"id": identity.id, "name": identity.name}
        return {each: getattr(self._user, each) for each in _USER_FIELDS} if self._user else {}

    # Offering

    def names(self, identity: Identity) -> tuple[tuple[str, str], ...]:
        """Return the names known for that identity, each with the beginning of its value, uncleaned."""
        learnt = self._of(identity)
        found = [(f"user.{each}", value) for each, value in self._user_fields(identity).items() if value]
        for noun in NOUNS:
            found += islice(_members(noun, learnt.thing(noun), depth=1), _OFFERED)
        found += sorted(self._saved.items())
        if learnt.last:
            found += islice(_members("response", learnt.last.document(), depth=3), _OFFERED)
        return tuple((name, value[:_PREVIEW]) for name, value in found)


class _Typed(str):
    """A typed value: outside a JSON string it may be a number, true, false or null."""

    __slots__ = ()


def escaped(text: str) -> str:
    """Return a text that stands for itself: with a backslash before literal braces."""
    return text.replace("{{", r"\{{")


def _pieces(text: str) -> Iterator[tuple[str, str | None]]:
    """Yield the plain text before each placeholder, with its name; finally the rest, with None."""
    start, plain = 0, ""
    while opening := _OPENING.search(text, start):
        plain += text[start : opening.start()] + opening[1]
        start = opening.end()
        if len(opening[1]) % 2:
            plain = plain[:-1] + "{{"
            continue
        name = _NAME.match(text, start)
        if not (name and name[1]):
            raise RequestRejectedError(
                "After {{ a name and }} must follow, as in {{user.id}}.", advice=r"Type \{{ for literal braces."
            )
        yield plain, name[1]
        start, plain = name.end(), ""
    yield plain + text[start:], None


def _written(name: str, value: object, into: Into, *, is_in_string: bool) -> str:
    if into == "json" and not is_in_string:
        is_json = isinstance(value, _Typed) and re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?|true|false|null", value, re.ASCII)
        return str(value) if is_json else as_json(value)
    if isinstance(value, list | dict):
        raise RequestRejectedError(
            f"{{{{{name[:_PREVIEW]}}}}} is a list or an object.",
            advice="Name one of its values, as in {{response.0.id}}.",
        )
    text = value if isinstance(value, str) else as_json(value)
    if into == "headers" and re.search(r"[\x00-\x08\x0a-\x1f\x7f]", text):
        raise RequestRejectedError(f"{{{{{name[:_PREVIEW]}}}}} contains a character that a header cannot.")
    if into == "target":
        return _percent_encoded(name, text)
    return as_json(text)[1:-1] if into == "json" else str(text)


def _is_whole(value: object) -> bool:
    """Return whether a value can be sent unchanged: invalid Unicode and infinite numbers cannot."""
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        return False
    return True


def _percent_encoded(name: str, text: str) -> str:
    if not is_text(text):
        raise RequestRejectedError(f"{{{{{name[:_PREVIEW]}}}}} contains invalid Unicode (an unpaired surrogate).")
    return quote(text, safe="")


def _follow(value: object, steps: list[str]) -> object:
    for step in steps:
        value = get_member(value, step)
    return value


def _follow_thing(noun: str, thing: object, steps: list[str]) -> object:
    """Return a member of an object; its id may have the object's name before it, as in `conversationID`."""
    found = _follow(thing, steps)
    return _follow(thing, [f"{noun}id"]) if found is None and steps == ["id"] else found


def _members(name: str, value: object, *, depth: int) -> Iterator[tuple[str, str]]:
    """Yield the single values within a value, each with its name."""
    inner: Iterator[tuple[object, object]] = iter(())
    if isinstance(value, dict):
        inner = ((key, member) for key, member in value.items() if _STEP.fullmatch(key))
    elif isinstance(value, list):
        inner = enumerate(value)
    elif value is not None and _is_whole(value):
        yield name, value if isinstance(value, str) else as_json(value)
    for step, member in inner if depth else ():
        yield from _members(f"{name}.{step}", member, depth=depth - 1)


def _advice(root: str) -> str:
    if root == "user":
        return "choose a user who has it first"
    if root == "response":
        return "send a request whose response contains it first"
    if root in NOUNS:
        return "send " + " or ".join(rule.title for rule in RULES if rule.noun == root) + " first"
    return "save a value under that name first"
