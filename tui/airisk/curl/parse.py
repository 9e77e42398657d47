"""Parse a pasted curl command into a draft for this deployment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from urllib.parse import quote_plus

from tui.airisk.curl.options import ADDRESS, SIGNING_IN, CurlOption, read_options
from tui.airisk.curl.shell_words import Command, ShellWord, command_of
from tui.airisk.endpoints.raw_request import encoded, has_scheme, target_of, with_target
from tui.airisk.endpoints.uploads import read_upload
from tui.airisk.http.request import OWN_VALUES, file_type, refuse_unsendable_draft, written_in_form
from tui.airisk.models import Draft, Headers, Upload
from tui.config.origin import Origin
from tui.config.settings import OWN_HEADERS, header_setting
from tui.errors import RequestRejectedError
from tui.plain_names import is_text

_PROMPT = re.compile(r"(?:[$%>#]|C:\\[^>\n]*>)\s+(?=curl)|\s+")
_FOR_WINDOWS = re.compile(r"curl(?:\.exe)?\s[^'\n]*?\^(?:\"|\n)", re.IGNORECASE)
"""Carets where only the command prompt has them: before a first quote, or at the end of the first line."""

_NAMED_HEADERS = {"user-agent": "User-Agent", "referer": "Referer", "range": "Range"}
_FORM_TYPE = ("Content-Type", "application/x-www-form-urlencoded")
_JSON = (("Content-Type", "application/json"), ("Accept", "application/json"))


@dataclass(frozen=True, slots=True)
class ImportedRequest:
    """A command as a draft, with a sentence on each part that was skipped or read from this machine.

    `files` are the absolute paths of the files that it names.
    """

    draft: Draft
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def read_curl(text: str, origin: Origin, *, reads: bool = True) -> ImportedRequest:
    """Parse a curl command, without its token. It may read the named files, so call it in a thread.

    Args:
        text: the command.
        origin: origin of the deployment that it must be for.
        reads: whether files may be read; otherwise they are only named, and count as empty.

    Raises:
        RequestRejectedError: it is for another host, not a curl command, or unreadable; it is not quoted.
    """
    command = _command(text)
    given, notes = read_options(command.words[1:])
    reading = _CurlReader(given, LocalFiles(command.fed, reads=reads))
    draft = reading.draft(origin)
    refuse_unsendable_draft(draft)
    more = ["What follows the command was skipped."] if command.has_more else []
    all_notes = tuple(dict.fromkeys([*notes, *reading.notes, *reading.sources.notes, *more]))
    return ImportedRequest(draft, all_notes, tuple(dict.fromkeys(reading.sources.files)))


def _command(text: str) -> Command:
    if not is_text(text):
        raise RequestRejectedError(
            "The command contains invalid Unicode (an unpaired surrogate).", advice="Copy it again."
        )
    text = text.replace("\r\n", "\n").strip()
    prompt = _PROMPT.match(text)
    text = text[prompt.end() :] if prompt else text
    if _FOR_WINDOWS.match(text):
        raise RequestRejectedError(
            "This command is for the Windows command prompt.", advice="In the browser, choose Copy as cURL (bash)."
        )
    command = command_of(text)
    if not command.words or command.words[0].content.lower() not in {b"curl", b"curl.exe"}:
        raise RequestRejectedError(
            "Not a curl command.", advice="In the browser's network tab, choose Copy as cURL, and paste all of it."
        )
    return command


@dataclass
class _CurlReader:
    """Interprets all options together."""

    given: list[CurlOption]
    sources: LocalFiles
    notes: list[str] = field(default_factory=list)

    def draft(self, origin: Origin) -> Draft:
        address = self._address(origin)
        body = _join_data([(each.name, _whole(each.value)) for each in self._all(*_DATA_OPTIONS)], self.sources)
        files = tuple(
            _text_part(_whole(each.value))
            if each.name == "form-string"
            else _form_part(_whole(each.value), self.sources)
            for each in self._all("form", "form-string")
        )
        if files and self._all(*_DATA_OPTIONS):
            raise RequestRejectedError("The command has both a body and a form.")
        target = self._target(address, body)
        draft = Draft(self._method(), target, (), self._headers(), b"" if self._all("get") else body, files)
        return with_target(draft, target)

    def _all(self, *names: str) -> list[CurlOption]:
        return [each for each in self.given if each.name in names]

    def _method(self) -> str:
        given = self._all("request")
        if given:
            return _whole(given[-1].value).decode(errors="replace").upper()
        if self._all("head"):
            return "HEAD"
        return "POST" if self._has_content and not self._all("get") else "GET"

    @property
    def _has_content(self) -> bool:
        return bool(self._all(*_DATA_OPTIONS, "form", "form-string"))

    def _address(self, origin: Origin) -> str:
        """Return the target of the only address, which must be this deployment's."""
        addresses = self._all(ADDRESS)
        if len(addresses) != 1:
            raise RequestRejectedError(
                f"The command has {len(addresses) or 'no'} addresses.", advice="Keep exactly one."
            )
        address = _decode_text(_whole(addresses[0].value), "The address").partition("#")[0]
        if not self._all("globoff"):
            address = re.sub(r"\\([\[\]{}])", r"\1", address)
        if not has_scheme(address):
            if not address.lower().startswith(origin.name):
                raise RequestRejectedError("The address has no valid host.", advice=f"Example: {origin}/api/…")
            address = f"{origin.scheme}://{address}"
        if re.match("[^/?#]*@", address.partition("://")[2]):
            self.notes.append(SIGNING_IN)
        return target_of(address, origin)

    def _target(self, target: str, body: bytes) -> str:
        """Add the queries to the target: with -G, the body is one."""
        for given in self._all("request-target"):
            target = _decode_text(_whole(given.value), "The target")
        queries = [_urlencode(_whole(each.value), self.sources) for each in self._all("url-query")]
        queries += [body] if self._all("get") and body else []
        for query in queries:
            target += ("&" if "?" in target else "?") + _decode_text(query, "The query")
        return encoded(target)

    def _headers(self) -> Headers:
        lines = [found for each in self._all("header") if (found := self._header(each.value))]
        given = [(name, value) for name, value in lines if value is not None]
        given += [(_NAMED_HEADERS[each.name], _latin1(_whole(each.value))) for each in self._all(*_NAMED_HEADERS)]
        named = {name.lower() for name, _ in (*lines, *given)}
        implied: Headers = _JSON if self._all("json") else ()
        if not implied and self._all(*_DATA_OPTIONS) and not self._all("get"):
            implied = (_FORM_TYPE,)
        given += [each for each in implied if each[0].lower() not in named]
        return tuple(each for each in given if each not in OWN_VALUES)

    def _header(self, word: ShellWord) -> tuple[str, str | None] | None:
        """Return name and value: no value where curl removes the header, None where the program sets it itself."""
        line = _latin1(word.content)
        name, sign, value = line.partition(":")
        name, value = name.strip(" \t"), value.strip(" \t")
        if name.lower() in OWN_HEADERS and (value or word.is_unfinished):
            if (name.title(), value) not in OWN_VALUES:
                self.notes.append(f"The header {name.title()} was skipped: only airisk-tui may set it.")
            return None
        if word.is_unfinished and value == f"${header_setting(name)}":  # as copied here: the settings add it
            return None
        if line.startswith(":"):  # what HTTP/2 has instead of a request line
            return None
        if not sign and line.endswith(";"):
            name, value = line[:-1], ""
        elif not sign:
            raise RequestRejectedError("A header of the command has no colon.", advice="Quote it: -H 'Name: value'.")
        elif not value:
            return name, None
        _whole(word)
        return name, value


def _whole(word: ShellWord) -> bytes:
    if word.is_unfinished:
        raise RequestRejectedError(
            "The command contains a $ that only a shell can expand.", advice="Replace it with its value."
        )
    return word.content


def _latin1(content: bytes) -> str:
    """Decode a header, of which each character is sent as one byte."""
    return content.decode("latin-1")


_DATA_OPTIONS = frozenset({"data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json"})


class LocalFiles:
    """Sources of a command's data: files of this machine, and its standard input.

    `files` are the absolute paths of the files that it names; `notes` says what was read. Unless it `reads`, all files
    count as empty.
    """

    def __init__(self, fed: bytes | None, *, reads: bool) -> None:
        self._fed = fed
        self._reads = reads
        self.files: list[str] = []
        self.notes: list[str] = []

    def read(self, path: bytes) -> bytes:
        """Return the content of a file, or of the standard input for `-`.

        Raises:
            RequestRejectedError: it cannot be read.
        """
        if path == b"-":
            if self._fed is None:
                raise RequestRejectedError(
                    "The command reads the output of another one.", advice="Put that output into the command itself."
                )
            return self._fed
        name = _decode_text(path, "The file name")
        # Absolute, because curl does not expand a ~ to a home directory.
        self.files.append(str(Path(name).absolute()))
        if not self._reads:
            return b""
        content = read_upload(self.files[-1]).content
        self.notes.append(f"{name} was read from this machine: {len(content):,} bytes.")
        return content


def _decode_text(content: bytes, what: str) -> str:
    """Decode a value.

    Raises:
        RequestRejectedError: it is not UTF-8.
    """
    text = _decoded(content)
    if text is None:
        raise RequestRejectedError(f"{what} is not UTF-8.", advice="Encode it in UTF-8.")
    return text


def _decoded(content: bytes) -> str | None:
    """Return None instead of raising an error, which would contain the content."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def _join_data(pieces: Sequence[tuple[str, bytes]], sources: LocalFiles) -> bytes:
    """Join the values to a body, each with its option's long name: curl puts & between all but JSON."""
    body = b""
    for index, (kind, value) in enumerate(pieces):
        body += (b"&" if index and kind != "json" else b"") + _content(kind, value, sources)
    return body


def _content(kind: str, value: bytes, sources: LocalFiles) -> bytes:
    if kind == "data-raw":
        return value
    if kind == "data-urlencode":
        return _urlencode(value, sources)
    if not value.startswith(b"@"):
        return value
    content = sources.read(value[1:])
    return content.translate(None, b"\r\n\0") if kind in {"data", "data-ascii"} else content


def _urlencode(value: bytes, sources: LocalFiles) -> bytes:
    """Encode `content`, `=content`, `name=content`, `@file` or `name@file`; the name is sent unchanged."""
    name, sign, content = min(value.partition(b"="), value.partition(b"@"), key=lambda parts: len(parts[0]))
    if not sign:
        name, content = b"", value
    elif sign == b"@":
        content = sources.read(content)
    encoded = quote_plus(content).encode()
    return name + b"=" + encoded if name else encoded


_VALUE = rb'(?:"(?P<quoted>(?:[^"\\]|\\.)*+)"[^;]*|(?P<plain>[^;]*))'
_CONTENT = re.compile(_VALUE, re.DOTALL)
_PARAMETER = re.compile(rb";\s*(?:(?P<name>type|filename|headers|encoder)=)?" + _VALUE, re.DOTALL)


def _text_part(value: bytes) -> Upload:
    """Parse `name=value`, whatever the value begins with.

    Raises:
        RequestRejectedError: there is no name, or it is not text.
    """
    name, sign, content = value.partition(b"=")
    if not (name and sign):
        raise RequestRejectedError("A form part has no name.", advice="Write -F name=value.")
    return Upload(_name(name), "", content)


def _form_part(value: bytes, sources: LocalFiles) -> Upload:
    """Parse `name=value`, `name=<file` or `name=@file`, with the parameters after semicolons.

    Raises:
        RequestRejectedError: it is not of that form, or the file cannot be read.
    """
    plain = _text_part(value)
    kind, rest = plain.content[:1], plain.content
    content = _CONTENT.match(rest, 1 if kind in {b"@", b"<"} else 0)
    assert content  # noqa: S101 - it takes the empty text, too
    if kind == b"(" or (kind == b"@" and b"," in (content["plain"] or b"")):
        raise RequestRejectedError("A form part with several files or parts is not supported.", advice="Remove it.")
    parameters = {each["name"]: _unquoted(each) for each in _PARAMETER.finditer(rest, content.end())}
    filename = _name(parameters.get(b"filename", b""))
    if kind == b"@":
        read = _file(plain.name, filename, _unquoted(content), sources)
    else:
        read = Upload(plain.name, filename, (sources.read if kind == b"<" else bytes)(_unquoted(content)))
    usual = file_type(read.filename).encode() if read.filename else b""
    if parameters.get(b"type", usual) != usual:
        sources.notes.append(f"The type of {read.name} was skipped: it follows from the file name.")
    return read


def _file(name: str, filename: str, path: bytes, sources: LocalFiles) -> Upload:
    # A name may be escaped as in a form. The file has the original.
    basename = PurePath(_decode_text(path, "The file name")).name
    written = _name(written_in_form(basename).encode())
    name, filename = (basename if each == written else each for each in (name, filename or basename))
    return Upload(name, filename, sources.read(path))


def _unquoted(value: re.Match[bytes]) -> bytes:
    return value["plain"] if value["quoted"] is None else re.sub(rb'\\(["\\])', rb"\1", value["quoted"])


def _name(name: bytes) -> str:
    """Return the name of a form's part; the client doubles every backslash in it."""
    return _decode_text(name, "The name of a form part").replace(r"\\", "\\")
