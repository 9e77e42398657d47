"""Which options of curl take a value, which are understood, and which are left out and named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui.airisk.curl.shell_words import ShellWord
from tui.airisk.errors import Refused

ADDRESS = "url"
_NOTHING = ShellWord(b"")

_SHORT = {
    "A": "user-agent", "b": "cookie", "c": "cookie-jar", "d": "data", "D": "dump-header", "e": "referer",
    "E": "cert", "f": "fail", "F": "form", "g": "globoff", "G": "get", "H": "header", "i": "include", "I": "head",
    "k": "insecure", "L": "location", "m": "max-time", "N": "no-buffer", "o": "output", "O": "remote-name",
    "q": "disable", "r": "range", "s": "silent", "S": "show-error", "T": "upload-file", "u": "user", "v": "verbose",
    "w": "write-out", "x": "proxy", "X": "request", "#": "progress-bar", "0": "http1.0", "4": "ipv4", "6": "ipv6",
    "1": "tlsv1", "K": "config", "U": "proxy-user", "z": "time-cond", ":": "next", "Z": "parallel", "n": "netrc",
    "y": "speed-time", "Y": "speed-limit",
}  # fmt: skip

_UNDERSTOOD = frozenset({
    "get", "globoff", "head",
})  # fmt: skip
_UNDERSTOOD_WITH_VALUE = frozenset({
    "data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "form", "form-string", "header", "json",
    "range", "referer", "request", "request-target", "url", "url-query", "user-agent",
})  # fmt: skip
_HARMLESS = frozenset({
    "buffer", "compressed", "disable", "fail", "fail-early", "fail-with-body", "http0.9", "http1.0", "http1.1",
    "http2", "http2-prior-knowledge", "http3", "http3-only", "include", "ipv4", "ipv6", "keepalive", "no-buffer",
    "no-keepalive", "no-progress-meter", "no-sessionid", "no-styled-output", "path-as-is", "post301", "post302",
    "post303", "progress-bar", "progress-meter", "remote-header-name", "remote-name", "retry-all-errors",
    "retry-connrefused", "show-error", "silent", "ssl-no-revoke", "styled-output", "tcp-fastopen", "tcp-nodelay",
    "tlsv1", "tlsv1.0", "tlsv1.1", "tlsv1.2", "tlsv1.3", "tr-encoding", "trace-time", "verbose",
})  # fmt: skip
_HARMLESS_WITH_VALUE = frozenset({
    "connect-timeout", "cookie-jar", "create-file-mode", "dump-header", "expect100-timeout", "keepalive-time",
    "limit-rate", "max-filesize", "max-redirs", "max-time", "output", "output-dir", "rate", "retry", "retry-delay",
    "retry-max-time", "speed-limit", "speed-time", "stderr", "tls-max", "trace", "trace-ascii", "trace-config",
    "write-out",
})  # fmt: skip
_NO_REDIRECTS = "Redirects are not followed."
_CHECKED = "The certificate of the deployment is checked all the same."
_WAY = "How the deployment is reached was left out: that is for the settings to say."
SIGNING_IN = "What the command signs in with was left out: the token is the program's own to send."
_LEFT_OUT = {
    "insecure": _CHECKED, "location": _NO_REDIRECTS, "location-trusted": _NO_REDIRECTS, "netrc": SIGNING_IN,
    "netrc-optional": SIGNING_IN, "basic": SIGNING_IN, "digest": SIGNING_IN, "anyauth": SIGNING_IN,
    "ntlm": SIGNING_IN, "negotiate": SIGNING_IN, "proxy-insecure": _WAY, "proxytunnel": _WAY,
}  # fmt: skip
_LEFT_OUT_WITH_VALUE = {
    "user": SIGNING_IN, "oauth2-bearer": SIGNING_IN, "aws-sigv4": SIGNING_IN, "netrc-file": SIGNING_IN,
    "cookie": "Cookies were left out: the program sends none.", "proxy": _WAY, "preproxy": _WAY, "proxy-user": _WAY,
    "noproxy": _WAY, "resolve": _WAY, "connect-to": _WAY, "interface": _WAY, "unix-socket": _WAY, "socks5": _WAY,
    "socks5-hostname": _WAY, "cacert": _WAY, "capath": _WAY, "cert": _WAY, "cert-type": _WAY, "key": _WAY,
    "key-type": _WAY, "pass": _WAY, "ciphers": _WAY, "pinnedpubkey": _WAY, "proxy-header": _WAY,
}  # fmt: skip
_REFUSED = frozenset({
    "config", "expand-data", "expand-url", "next", "parallel", "time-cond", "upload-file", "variable",
})  # fmt: skip
_WITH_VALUE = _UNDERSTOOD_WITH_VALUE | _HARMLESS_WITH_VALUE | _LEFT_OUT_WITH_VALUE.keys()


@dataclass(frozen=True, slots=True)
class CurlOption:
    """An option as it was given, by its long name; an address that stands alone has the name `url`."""

    name: str
    value: ShellWord = _NOTHING


def read_options(words: Sequence[ShellWord]) -> tuple[list[CurlOption], list[str]]:
    """The options that say what is sent, and a note on each other one that matters.

    Raises:
        Refused: an option is not known, or one that cannot be read; its text, which may be a secret, is not quoted.
    """
    given: list[CurlOption] = []
    notes: list[str] = []
    for each in _options(iter(words)):
        note = _LEFT_OUT.get(each.name) or _LEFT_OUT_WITH_VALUE.get(each.name)
        if note:
            notes.append(note)
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
    """Letters that may stand together; the value of the last may stand with it."""
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
        raise Refused(f"The command has the option --{name}, which cannot be read here.", advice="Leave it out.")
    if name in _WITH_VALUE:
        value = next(words, None)
        if value is None:
            raise Refused(f"The command's option --{name} has no value.", advice="Copy all of it.")
        return CurlOption(name, value)
    if name in _UNDERSTOOD or name in _HARMLESS or name in _LEFT_OUT:
        return CurlOption(name)
    raise Refused("The command has an option that cannot be read here.", advice="Leave out what is not needed.")
