"""Invalid settings, in a file or in the environment, and the line that reports each."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

CANARY = "canary-6b1f0c2e"
GOOD = "AIRISK_URL=https://demo.example\nCLIENT_ID=demo\n"

Kind = Literal["file", "name", "value", "late"]


@dataclass(frozen=True)
class SettingsFault:
    """Content of `.env` (or a function that makes it), environment variables, and the beginning of the error.

    The program finds a fault of the kind "late" only when it connects.
    """

    name: str
    kind: Kind
    words: str
    env: str | bytes | Callable[[Path], object] = ""
    environment: Mapping[str, str] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write `.env`."""
        if callable(self.env):
            self.env(path)
        elif self.env:
            path.write_bytes(self.env if isinstance(self.env, bytes) else self.env.encode())


def written(name: str, env: str | bytes | Callable[[Path], object], words: str) -> SettingsFault:
    """A fault of `.env`."""
    return SettingsFault(name, "file", f".env{words}", env)


def told(name: str, setting: str, value: str, words: str, kind: Kind = "value") -> SettingsFault:
    """A fault of one environment variable."""
    good = {"AIRISK_URL": "https://demo.example", "CLIENT_ID": "demo", "CLIENT_SECRET": CANARY}
    return SettingsFault(name, kind, words, environment=good | {setting: value})


FAULTS = (
    written("a directory", Path.mkdir, " is a directory, not a settings file"),
    written("a loop", lambda path: path.symlink_to(path), " is a link to another file"),
    written("a pipe", os.mkfifo, " is a pipe or a device, not a settings file"),
    written("a device", lambda path: path.symlink_to("/dev/zero"), " is a link to another file"),
    written("a link to nowhere", lambda path: path.symlink_to("nowhere"), " is a link to another file"),
    written("UTF-16", GOOD.encode("utf-16"), ", line 1 is not UTF-8"),
    written("UTF-16 without a mark", GOOD.encode("utf-16-le"), ", line 1 contains a NUL"),
    written("Latin-1", f"{GOOD}AIRISK_LABEL=Zürich\n".encode("latin-1"), ", line 3 is not UTF-8"),
    written("1 MB", GOOD + "#" * 1_000_000, " is larger than"),
    written(
        "merge markers", f"{GOOD}<<<<<<< ours\nCLIENT_SECRET={CANARY}\n", ", line 3 is a marker of a merge conflict"
    ),
    written(
        "the same key twice", f"{GOOD}CLIENT_SECRET={CANARY}\nCLIENT_ID=x\n", ", line 4 sets a name for the second time"
    ),
    written("an unterminated quote", f"{GOOD}CLIENT_SECRET='{CANARY}\n", ", line 3 is not NAME=VALUE"),
    written("a name alone", f"{GOOD}{CANARY}\n", ", line 3 has no = sign"),
    written("NUL", f"{GOOD}CLIENT_SECRET={CANARY}\0\n", ", line 3 contains a NUL"),
    written("a page instead", f"<!DOCTYPE html>\n<p>{CANARY}</p>\n", ", line 1"),
    written("JSON instead", f'{{"CLIENT_SECRET": "{CANARY}"}}\n', ", line 1"),
    SettingsFault(
        "a misspelt name in the file",
        "name",
        "Unknown setting AIRISK_READONLY in .env. Did you mean AIRISK_READ_ONLY?",
        f"{GOOD}AIRISK_READONLY={CANARY}\n",
    ),
    told("a misspelt name", "AIRISK_TIMEOUTS", CANARY, "Unknown setting AIRISK_TIMEOUTS in the environment.", "name"),
    told("http beyond loopback", "AIRISK_URL", "http://demo.example", "AIRISK_URL must use https:// for any host"),
    told(
        "a user in the address", "AIRISK_URL", f"https://{CANARY}@a.example", "AIRISK_URL must not contain a user name"
    ),
    told(
        "a query in the address", "AIRISK_URL", f"https://a.example/?x={CANARY}", "AIRISK_URL must end after the host"
    ),
    told("no address", "AIRISK_URL", "ftp://demo.example", "AIRISK_URL must begin with https://"),
    told("a line break in the secret", "CLIENT_SECRET", f"{CANARY}\n", "CLIENT_SECRET contains an invisible character"),
    told("no number", "AIRISK_TIMEOUT", "soon", "AIRISK_TIMEOUT must be a number"),
    told("a number that is none", "AIRISK_TIMEOUT", "nan", "AIRISK_TIMEOUT must be a number from"),
    told("an endless act", "AIRISK_ACT_MINUTES", "inf", "AIRISK_ACT_MINUTES must be a number from"),
    told("no such port", "AIRISK_URL", "https://a.example:99999", "AIRISK_URL has a port that is not between"),
    told("half an address", "AIRISK_URL", "https://[::1", "AIRISK_URL is not a valid address"),
    told("a foreign host", "AIRISK_URL", "https://bücher.example", "AIRISK_URL contains a character that an address"),
    told("neither yes nor no", "AIRISK_READ_ONLY", "ture", "AIRISK_READ_ONLY must be true or false"),
    told("no path", "AIRISK_LIST_USERS", "https://evil.example", "AIRISK_LIST_USERS is not a valid path"),
    told("no redirect address", "REDIRECT_URI", "callback", "REDIRECT_URI is not a valid address"),
    told(
        "no such authority",
        "AIRISK_CA_FILE",
        "none.pem",
        "AIRISK_CA_FILE is not a readable PEM file",
        "late",
    ),
    told("no such proxy", "AIRISK_PROXY", f"socks5://u:{CANARY}@proxy", "AIRISK_PROXY must begin with http"),
)

VERBATIM = "a$HOME${X}#b%20%PATH%`id`=="
OPEN_TO_ALL = ".env contains the client secret and is readable"
_GOOD = f"AIRISK_URL={{url}}\nCLIENT_ID=demo\nCLIENT_SECRET={VERBATIM}\n"


@dataclass(frozen=True)
class FineFile:
    """An unusual `.env` that is valid; `above` is one in the parent directory, which is not read."""

    name: str
    text: str = _GOOD
    encoding: str = "utf-8"
    above: str = ""

    def write(self, path: Path, url: str) -> None:
        """Write it, readable only by its owner."""
        path.write_bytes(self.text.replace("{url}", url).encode(self.encoding))
        path.chmod(0o600)
        if self.above:
            (path.parents[1] / ".env").write_text(self.above)


FINE = (
    FineFile("signs in the secret"),
    FineFile("signs in quotes", _GOOD.replace(VERBATIM, f"'{VERBATIM}'")),
    FineFile("a byte order mark", encoding="utf-8-sig"),
    FineFile("Windows line ends", _GOOD.replace("\n", "\r\n")),
    FineFile("both", _GOOD.replace("\n", "\r\n"), "utf-8-sig"),
    FineFile("no line end", _GOOD.rstrip()),
    FineFile("exported, with comments", "# ours\n\n" + _GOOD.replace("CLIENT_ID", "export CLIENT_ID")),
    FineFile("another above", above="AIRISK_URL=http://thief.example\nAIRISK_NONSENSE=1\n<<<<<<< ours\n"),
)
