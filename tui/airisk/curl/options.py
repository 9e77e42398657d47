"""curl's options: which take a value, which are supported, and which are skipped with a note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui.airisk.curl.shell_words import ShellWord
from tui.errors import RequestRejectedError

ADDRESS = "url"
_NOTHING = ShellWord(b"")

_SHORT = {
    "A": "user-agent", "b": "cookie", "c": "cookie-jar", "d": "data", "D": "dump-header", "e": "referer",
    "E": "cert", "f": "fail", "F": "form", "g": "globoff", "G": "get", "H": "header", "i": "include", "I": "head",
    "k": "insecure", "L": "location", "m": "max-time", "N": "no-buffer", "n": "netrc", "o": "output",
    "O": "remote-name", "r": "range", "s": "silent", "S": "show-error", "T": "upload-file", "u": "user",
    "v": "verbose", "w": "write-out", "x": "proxy", "X": "request", "#": "progress-bar", "K": "config", ":": "next",
}  # fmt: skip
_UNDERSTOOD = frozenset({"get", "globoff", "head"})
_UNDERSTOOD_WITH_VALUE = frozenset({
    "data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "form", "form-string", "header", "json",
    "range", "referer", "request", "request-target", "url", "url-query", "user-agent",
})  # fmt: skip
_HARMLESS = frozenset({
    "compressed", "fail", "fail-with-body", "http1.1", "http2", "include", "no-buffer", "no-progress-meter",
    "path-as-is", "progress-bar", "remote-name", "show-error", "silent", "verbose",
})  # fmt: skip
"""Options that change curl's output or connection, but not the request."""

_HARMLESS_WITH_VALUE = frozenset({
    "connect-timeout", "cookie-jar", "dump-header", "max-time", "output", "retry", "write-out",
})  # fmt: skip
_NO_REDIRECTS = "redirects are not followed."
_CHECKED = "the deployment's certificate is always verified."
_ROUTE = "the settings determine how the deployment is reached."
_SIGNS_IN = "airisk-tui sends its own token."
_SKIPPED = {
    "insecure": _CHECKED, "location": _NO_REDIRECTS, "netrc": _SIGNS_IN, "basic": _SIGNS_IN, "digest": _SIGNS_IN,
    "ntlm": _SIGNS_IN, "negotiate": _SIGNS_IN,
}  # fmt: skip
_SKIPPED_WITH_VALUE = {
    "user": _SIGNS_IN, "oauth2-bearer": _SIGNS_IN, "cookie": "airisk-tui sends no cookies.", "proxy": _ROUTE,
    "proxy-user": _ROUTE, "resolve": _ROUTE, "cacert": _ROUTE, "cert": _ROUTE, "key": _ROUTE,
}  # fmt: skip
_REFUSED = frozenset({"config", "next", "upload-file"})
_WITH_VALUE = _UNDERSTOOD_WITH_VALUE | _HARMLESS_WITH_VALUE | _SKIPPED_WITH_VALUE.keys()

SIGNING_IN = f"The user and password in the address were removed: {_SIGNS_IN}"


@dataclass(frozen=True, slots=True)
class CurlOption:
    """An option as given, by its long name; a bare address has the name `url`."""

    name: str
    value: ShellWord = _NOTHING


def read_options(words: Sequence[ShellWord]) -> tuple[list[CurlOption], list[str]]:
    """Return the options that affect the request, and a note on each skipped one.

    Raises:
        RequestRejectedError: an option is unknown or invalid; its text, which may be a secret, is not quoted.
    """
    given: list[CurlOption] = []
    notes: list[str] = []
    for each in _options(iter(words)):
        reason = _SKIPPED.get(each.name) or _SKIPPED_WITH_VALUE.get(each.name)
        if reason:
            notes.append(f"--{each.name} was skipped: {reason}")
        elif each.name in _UNDERSTOOD or each.name in _UNDERSTOOD_WITH_VALUE:
            given.append(each)
    return given, notes


def _options(words: Iterator[ShellWord]) -> Iterator[CurlOption]:
    for word in words:
        text = word.content.decode(errors="replace")
        if text.startswith("--") and len(text) > 2:
            yield _given(text[2:], words)
        elif text.startswith("-") and len(text) > 1 and text != "--":
            yield from _short(word, words)
        elif text != "--":
            yield CurlOption(ADDRESS, word)


def _short(word: ShellWord, words: Iterator[ShellWord]) -> Iterator[CurlOption]:
    """Parse letters that may be combined; the last one's value may follow directly."""
    letters = word.content[1:]
    while letters:
        name = _SHORT.get(chr(letters[0]), "")
        letters = letters[1:]
        if name in _WITH_VALUE and letters:
            yield CurlOption(name, ShellWord(letters, word.is_unfinished))
            return
        yield _given(name, words)


def _given(name: str, words: Iterator[ShellWord]) -> CurlOption:
    if name in _REFUSED:
        raise RequestRejectedError(f"The option --{name} is not supported.", advice="Remove it.")
    if name in _WITH_VALUE:
        value = next(words, None)
        if value is None:
            raise RequestRejectedError(f"The option --{name} has no value.", advice="Copy the whole command.")
        return CurlOption(name, value)
    if name in _UNDERSTOOD or name in _HARMLESS or name in _SKIPPED:
        return CurlOption(name)
    raise RequestRejectedError(
        "The command has an unsupported option.", advice="Remove what the request does not need."
    )
