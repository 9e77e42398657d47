"""What the program is told: the process environment, else one `.env`, checked once, no secret in it."""

from __future__ import annotations

import difflib
import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from tui.airisk.envfile import read_env_file
from tui.airisk.errors import SettingsError
from tui.airisk.vault import Secret

DEFAULT_REDIRECT_URI = "https://localhost/callback"

NAMES = (
    "AIRISK_URL",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "REDIRECT_URI",
    "USER_ID",
    "SINGLE_USER",
    "AIRISK_CA_FILE",
    "AIRISK_LABEL",
    "AIRISK_LIST_USERS",
    "AIRISK_PROXY",
    "AIRISK_READ_ONLY",
    "AIRISK_TIMEOUT",
)
"""Every setting there is. Other names are left alone, except AIRISK_…, which is then a mistake."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where AIRisk is: the one place to which a token or a secret may go."""

    scheme: str
    host: str
    port: int | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port else "")

    @property
    def name(self) -> str:
        """The host as people say it: with its port where that is not the usual one."""
        return str(self).partition("://")[2]


@dataclass(frozen=True, slots=True)
class Settings:
    """One deployment, and how to work with it. `timeout` is seconds for a whole exchange."""

    origin: Origin
    client_id: str
    redirect_uri: str = DEFAULT_REDIRECT_URI
    user_id: str = ""
    single_user: bool = False
    list_users: str = ""
    label: str = ""
    read_only: bool = False
    ca_file: Path | None = None
    proxy: str = ""
    timeout: float = 30.0


@dataclass(frozen=True, slots=True)
class Told:
    """The values as they were given, not yet checked: what is `missing` can still be asked for.

    `warnings` are lines for the person; `secret_file` is the `.env` that holds the secret, if one does.
    """

    values: Mapping[str, str]
    secret: Secret
    warnings: tuple[str, ...] = ()
    secret_file: Path | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """Names without which nothing can start; the secret may still be in the keyring."""
        needed = ["AIRISK_URL", "CLIENT_ID"]
        if _is_yes(self.values, "SINGLE_USER"):
            needed.append("USER_ID")
        return tuple(name for name in needed if not self.values.get(name))

    def with_secret(self, secret: Secret) -> Told:
        """The same with the client secret that was found elsewhere."""
        return replace(self, secret=secret)

    def settings(self) -> Settings:
        """Check everything.

        Raises:
            SettingsError: names the setting that is missing or wrong, never its value where that may be secret.
        """
        if self.missing:
            raise SettingsError(
                f"{' and '.join(self.missing)} {'is' if len(self.missing) == 1 else 'are'} not set.",
                advice="Set it in the environment or in .env (see .env.example), or run `airisk-tui` to be asked.",
            )
        values = self.values
        ca_file = values.get("AIRISK_CA_FILE")
        return Settings(
            origin=parse_origin(values["AIRISK_URL"]),
            client_id=_printable(values, "CLIENT_ID"),
            redirect_uri=_redirect_uri(values.get("REDIRECT_URI") or DEFAULT_REDIRECT_URI),
            user_id=_printable(values, "USER_ID"),
            single_user=_is_yes(values, "SINGLE_USER"),
            list_users=_path(values, "AIRISK_LIST_USERS"),
            label=values.get("AIRISK_LABEL", ""),
            read_only=_is_yes(values, "AIRISK_READ_ONLY"),
            ca_file=Path(ca_file).expanduser() if ca_file else None,
            proxy=_proxy(values.get("AIRISK_PROXY", "")),
            timeout=_seconds(values, "AIRISK_TIMEOUT", default=30.0),
        )


def read(environment: Mapping[str, str], env_file: Path | None = None) -> Told:
    """Gather the settings: the environment first, then `env_file`, or `.env` in the working directory.

    Raises:
        SettingsError: the file cannot be read or understood (with its line), or a name is misspelt.
    """
    path = env_file or Path(".env")
    written = read_env_file(path) if env_file or path.exists() or path.is_symlink() else {}
    for names, place in ((environment, "the environment"), (written, str(path))):
        _refuse_unknown(names, place)
    values = {name: environment.get(name) or written.get(name) or "" for name in NAMES}
    secret = Secret(values.pop("CLIENT_SECRET"))
    has_secret = bool(written.get("CLIENT_SECRET"))
    warnings = _exposure(path) if has_secret else ()
    return Told(values, secret, warnings, path if has_secret else None)


def parse_origin(url: str) -> Origin:
    """Read AIRISK_URL.

    Raises:
        SettingsError: it is not https (or http on loopback), or holds more than a host and a port.
    """
    parts = _split(url.strip(), "AIRISK_URL")
    port = _port(parts, "AIRISK_URL")
    host = parts.hostname or ""
    if not re.fullmatch(r"[a-z0-9_.:-]+", host) or len(host) > 253:
        raise _wrong("AIRISK_URL", "has no host that can be used", "It looks like https://demo.aicrisk.com.")
    if parts.username is not None or parts.password is not None:
        raise _wrong("AIRISK_URL", "must not hold a user name or password", "Leave out what stands before the @.")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise _wrong("AIRISK_URL", "must end after the host", "Leave out the path, ? and #: https://demo.aicrisk.com.")
    if parts.scheme not in {"https", "http"}:
        raise _wrong("AIRISK_URL", "must begin with https://", "It looks like https://demo.aicrisk.com.")
    if parts.scheme == "http" and not _is_loopback(host):
        raise _wrong("AIRISK_URL", "must be https:// for a host that is not this machine", "Use https://.")
    usual = {"https": 443, "http": 80}[parts.scheme]
    return Origin(parts.scheme, host, None if port == usual else port)


def _split(url: str, name: str) -> SplitResult:
    if not url.isascii() or re.search(r"[\x00-\x20\x7f\\]", url):
        raise _wrong(name, "holds a character that an address cannot hold", "Write a foreign host name as xn--….")
    try:
        return urlsplit(url)
    except ValueError:
        raise _wrong(name, "is not an address", "It looks like https://demo.aicrisk.com.") from None


def _port(parts: SplitResult, name: str) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise _wrong(name, "has a port that is not a number up to 65535", "It looks like https://host:8443.") from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _redirect_uri(value: str) -> str:
    if re.search(r"[\x00-\x20\x7f]", value) or ":" not in value or "#" in value:
        raise _wrong("REDIRECT_URI", "is not an address", f"Use the registered one; usually {DEFAULT_REDIRECT_URI}.")
    return value


def _proxy(value: str) -> str:
    if value:
        parts = _split(value, "AIRISK_PROXY")
        _port(parts, "AIRISK_PROXY")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise _wrong("AIRISK_PROXY", "is not a proxy's address", "It looks like http://proxy.example:3128.")
    return value


def _path(values: Mapping[str, str], name: str) -> str:
    value = values.get(name, "")
    if value and not re.fullmatch(r"/(?!/)[!$-;=?-\[\]_a-z~]*", value):
        raise _wrong(name, "is not a path", "It looks like /api/ListUsers.")
    return value


def _printable(values: Mapping[str, str], name: str) -> str:
    value = values.get(name, "")
    if not value.isprintable():
        raise _wrong(name, "holds a control character", "Write it anew, by hand.")
    return value


def _seconds(values: Mapping[str, str], name: str, *, default: float) -> float:
    value = values.get(name) or str(default)
    return _number(value, name, float, at_least=0.1, at_most=3600)


def _number(value: str, name: str, kind: Callable[[str], float], *, at_least: float, at_most: float) -> float:
    try:
        number = kind(value)
    except ValueError:
        number = -1.0
    if not at_least <= number <= at_most:
        raise _wrong(name, f"is not a number from {at_least:g} to {at_most:g}", "Leave it out for the usual.")
    return number


def _is_yes(values: Mapping[str, str], name: str) -> bool:
    value = values.get(name, "").strip().lower()
    if value not in {"", "0", "1", "false", "true", "no", "yes", "off", "on"}:
        raise _wrong(name, "is neither true nor false", "Write true or false.")
    return value in {"1", "true", "yes", "on"}


def _refuse_unknown(names: Mapping[str, str], place: str) -> None:
    """A misspelt AIRISK_READ_ONLY must not pass for "not read-only"."""
    for name in sorted(names):
        if name.startswith("AIRISK_") and name not in NAMES and name not in HANDED_TO_CHILDREN:
            near = difflib.get_close_matches(name, NAMES, n=1, cutoff=0.0)[0]
            raise SettingsError(f"{name} in {place} is not a setting.", advice=f"Did you mean {near}?")


HANDED_TO_CHILDREN = frozenset({"AIRISK_TOKEN", "AIRISK_USER_ID"})
"""Names that a command started in a user's name may find in its environment; they set nothing here."""


def _exposure(path: Path) -> tuple[str, ...]:
    if path.stat().st_mode & 0o077:
        fault = f"{path} holds the client secret and others on this machine can read it"
        return (f"{fault}: `chmod 600 {path}`, or better `airisk-tui setup --from-env`.",)
    return ()


def _wrong(name: str, fault: str, advice: str) -> SettingsError:
    return SettingsError(f"{name} {fault}.", advice=advice)
