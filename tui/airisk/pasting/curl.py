"""A pasted curl command as a draft for this deployment."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tui.airisk.endpoints.parameter_values import is_text
from tui.airisk.endpoints.raw_request import encoded, has_scheme, target_of, with_target
from tui.airisk.errors import Refused
from tui.airisk.http.request import OWN_HEADERS, OWN_VALUES, refuse_unsendable_draft
from tui.airisk.models import Draft, Headers
from tui.airisk.pasting import data, forms
from tui.airisk.pasting.cmd import is_for_windows, windows_command_of
from tui.airisk.pasting.options import ADDRESS, SIGNING_IN, Given, read_options
from tui.airisk.pasting.words import Command, Word, command_of
from tui.config.origin import Origin

_PROMPT = re.compile(r"(?:[$%>#]|C:\\[^>\n]*>)\s+(?=curl)|\s+")
_NAMED_HEADERS = {"user-agent": "User-Agent", "referer": "Referer", "range": "Range"}
_FORM_TYPE = ("Content-Type", "application/x-www-form-urlencoded")
_JSON = (("Content-Type", "application/json"), ("Accept", "application/json"))


@dataclass(frozen=True, slots=True)
class Pasted:
    """A command as a draft, and what of it was left out or read from this machine, each in a sentence.

    `files` are those that it names, by their whole paths.
    """

    draft: Draft
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def read_curl(text: str, origin: Origin, *, reads: bool = True) -> Pasted:
    """The request of a curl command, without a token; files that it names are read, so call it in a thread.

    Args:
        text: the command.
        origin: of the deployment it has to be for.
        reads: whether files may be read; else they are only named, and taken for empty.

    Raises:
        Refused: it is for another host, no curl command, or holds what cannot be read; the text is not quoted.
    """
    command = _command(text)
    given, notes = read_options(command.words[1:])
    reading = _Reading(given, data.Sources(command.fed, reads=reads))
    draft = reading.draft(origin)
    refuse_unsendable_draft(draft)
    more = ["What follows the command was left out."] if command.has_more else []
    told = tuple(dict.fromkeys([*notes, *reading.notes, *reading.sources.notes, *more]))
    return Pasted(draft, told, tuple(dict.fromkeys(reading.sources.files)))


def _command(text: str) -> Command:
    if not is_text(text):
        raise Refused("The command holds half a character, which cannot be sent.", advice="Copy it again.")
    text = text.replace("\r\n", "\n").strip()
    prompt = _PROMPT.match(text)
    text = text[prompt.end() :] if prompt else text
    command = windows_command_of(text) if is_for_windows(text) else command_of(text)
    if not command.words or command.words[0].content.lower() not in {b"curl", b"curl.exe"}:
        raise Refused("This is not a curl command.", advice="Copy the request as cURL, and paste all of it.")
    return command


@dataclass
class _Reading:
    """What the options say together."""

    given: list[Given]
    sources: data.Sources
    notes: list[str] = field(default_factory=list)

    def draft(self, origin: Origin) -> Draft:
        address = self._address(origin)
        body = data.joined([(each.name, _whole(each.value)) for each in self._all(*data.KINDS)], self.sources)
        files = tuple(
            forms.plain_part(_whole(each.value))
            if each.name == "form-string"
            else forms.part(_whole(each.value), self.sources)
            for each in self._all("form", "form-string")
        )
        if files and self._all(*data.KINDS):
            raise Refused("The command has a body and a form, which cannot go together.")
        target = self._target(address, body)
        draft = Draft(self._method(), target, (), self._headers(), b"" if self._all("get") else body, files)
        return with_target(draft, target)

    def _all(self, *names: str) -> list[Given]:
        return [each for each in self.given if each.name in names]

    def _method(self) -> str:
        asked = self._all("request")
        if asked:
            return _whole(asked[-1].value).decode(errors="replace").upper()
        if self._all("head"):
            return "HEAD"
        return "POST" if self._has_content and not self._all("get") else "GET"

    @property
    def _has_content(self) -> bool:
        return bool(self._all(*data.KINDS, "form", "form-string"))

    def _address(self, origin: Origin) -> str:
        """The target of the only address, which is this deployment's."""
        addresses = self._all(ADDRESS)
        if len(addresses) != 1:
            raise Refused(f"The command has {len(addresses) or 'no'} addresses.", advice="It must have one.")
        address = data.text_of(_whole(addresses[0].value), "The address").partition("#")[0]
        if not self._all("globoff"):
            address = re.sub(r"\\([\[\]{}])", r"\1", address)
        if not has_scheme(address):
            if not address.lower().startswith(origin.name):
                raise Refused("The address has no host that can be read.", advice=f"It looks like {origin}/api/…")
            address = f"{origin.scheme}://{address}"
        if re.match("[^/?#]*@", address.partition("://")[2]):
            self.notes.append(SIGNING_IN)
        return target_of(address, origin)

    def _target(self, target: str, body: bytes) -> str:
        """The target with the queries that are added to it: with -G, the body is one."""
        for asked in self._all("request-target"):
            target = data.text_of(_whole(asked.value), "The target")
        queries = [data.urlencoded(_whole(each.value), self.sources) for each in self._all("url-query")]
        queries += [body] if self._all("get") and body else []
        for query in queries:
            target += ("&" if "?" in target else "?") + data.text_of(query, "The query")
        return encoded(target)

    def _headers(self) -> Headers:
        lines = [found for each in self._all("header") if (found := self._header(each.value))]
        given = [(name, value) for name, value in lines if value is not None]
        given += [(_NAMED_HEADERS[each.name], _latin(_whole(each.value))) for each in self._all(*_NAMED_HEADERS)]
        named = {name.lower() for name, _ in (*lines, *given)}
        implied: Headers = _JSON if self._all("json") else ()
        if not implied and self._all(*data.KINDS) and not self._all("get"):
            implied = (_FORM_TYPE,)
        given += [each for each in implied if each[0].lower() not in named]
        return tuple(each for each in given if each not in OWN_VALUES)

    def _header(self, word: Word) -> tuple[str, str | None] | None:
        """The name and the value; no value where curl takes it away, and nothing where the program sets it itself."""
        line = _latin(word.content)
        name, sign, value = line.partition(":")
        name, value = name.strip(" \t"), value.strip(" \t")
        if name.lower() in OWN_HEADERS and (value or word.is_unfinished):
            if (name.title(), value) not in OWN_VALUES:
                self.notes.append(f"The header {name.title()} was left out: it is the program's own to set.")
            return None
        if line.startswith(":"):  # what HTTP/2 has instead of a request line
            return None
        if not sign and line.endswith(";"):
            name, value = line[:-1], ""
        elif not sign:
            raise Refused("A header of the command has no colon.", advice="Quote it: -H 'Name: value'.")
        elif not value:
            return name, None
        _whole(word)
        return name, value


def _whole(word: Word) -> bytes:
    if word.is_unfinished:
        raise Refused("The command holds a $ that only a shell can fill in.", advice="Put the value in its place.")
    return word.content


def _latin(content: bytes) -> str:
    """A header's bytes: the wire sends each character of it as one byte."""
    return content.decode("latin-1")
