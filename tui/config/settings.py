"""Settings from the environment and `.env`, validated once. Contains no secrets."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from tui.config.env_file import read_env_file
from tui.config.keyring import Secret
from tui.config.origin import DEFAULT_REDIRECT_URI, Origin, check_redirect_uri, parse_origin, split_address, wrong
from tui.errors import SettingsError
from tui.format import SECONDS, read_duration

DEFAULT_ENV_FILE = Path(".env")

ENVIRONMENT, ENV_FILE, KEYRING, TYPED = "the environment", "the .env file", "the keyring", "your input"
"""Possible sources of a secret."""

COMMAND_LINE = "the command line"

SECRET_COMMAND = "CLIENT_SECRET_COMMAND"
"""Setting with a command that prints the client secret; also the source of that secret."""

NAMES = {
    "AIRISK_URL": "address of the deployment: https:// and a host",
    "CLIENT_ID": "client ID registered in AIRisk",
    "CLIENT_SECRET": "client secret; better saved in the OS keyring",
    SECRET_COMMAND: "command that prints the client secret, for a password manager; run without a shell",
    "REDIRECT_URI": "redirect URI registered for the client; nothing needs to listen there",
    "USER_ID": "user to preselect in the list; in single-user mode, user to sign in as",
    "SINGLE_USER": "sign in as USER_ID without listing users",
    "AIRISK_ACT_MINUTES": "maximum minutes per acting session",
    "AIRISK_ACT_READ_ONLY": "begin each acting session read-only; one key allows changes until it ends",
    "AIRISK_CA_FILE": "certificate of a private CA (PEM)",
    "AIRISK_CLIENT_CERT": "client certificate for the deployment, or a gateway in front of it (PEM)",
    "AIRISK_CLIENT_KEY": "private key of the client certificate, if it is in another file (PEM)",
    "AIRISK_KEEP_BODIES": "store request bodies in the history, so that those requests can be resent",
    "AIRISK_LABEL": 'label shown in the bar; "production" is highlighted and must be typed to confirm changes',
    "AIRISK_LIST_USERS": "path of the user list",
    "AIRISK_PROTECTED_USERS": "protected users, which airisk-tui will not act as (comma-separated)",
    "AIRISK_PROXY": "address of an HTTP proxy",
    "AIRISK_READ_ONLY": "allow only GET, HEAD and OPTIONS",
    "AIRISK_REQUIRE_AUDIT": "block acting when the audit trail cannot be written",
    "AIRISK_REQUIRE_REASON": "require a reason for acting",
    "AIRISK_SYSLOG": "send copies of the audit trail to syslog (RFC 5424)",
    "AIRISK_TIMEOUT": "maximum seconds per request",
}
"""All settings except the headers, with their meaning. Other names are ignored, unless they begin with AIRISK_,
which is an error."""

HEADER = "AIRISK_HEADER_"
"""Prefix of settings that are sent as a header with each request: AIRISK_HEADER_X_API_KEY as X-Api-Key."""

OWN_HEADERS = frozenset(
    {"authorization", "connection", "content-length", "cookie", "host", "te", "transfer-encoding", "upgrade"}
    | {"accept-encoding", "expect", "proxy-authorization", "proxy-connection", "trailer", "keep-alive"}
)
"""Header names that only the program may set, in lower case."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one deployment.

    `timeout` is in seconds for a whole exchange, `act_minutes` limits one act. The proxy's address is not shown: it may
    contain a password. `headers` are sent with every request, and each value is a secret.
    """

    origin: Origin
    client_id: str
    secret_command: tuple[str, ...] = ()
    redirect_uri: str = DEFAULT_REDIRECT_URI
    user_id: str = ""
    single_user: bool = False
    list_users: str = ""
    label: str = ""
    read_only: bool = False
    act_read_only: bool = False
    ca_file: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    proxy: str = field(default="", repr=False)
    timeout: float = 30.0
    act_minutes: float = 60.0
    protected_users: frozenset[str] = frozenset()
    require_reason: bool = False
    require_audit: bool = False
    syslog: str = ""
    keep_bodies: bool = False
    headers: tuple[tuple[str, Secret], ...] = ()


@dataclass(frozen=True, slots=True)
class RawSettings:
    """Raw, unvalidated settings; anything `missing` can still be prompted for.

    `warnings` are lines for the user. `secret_file` is the `.env` that holds the secret, if one does. `env_file` is the
    one that settings are read from and written to. `secret_from` says where the secret was found. `is_demo` is true for
    the built-in sandbox only. `sources` says where each value except the secret was found. `headers` are the secrets
    that are sent with each request, by the names of their settings.
    """

    values: Mapping[str, str] = field(repr=False)
    secret: Secret
    warnings: tuple[str, ...] = ()
    secret_file: Path | None = None
    env_file: Path = DEFAULT_ENV_FILE
    secret_from: str = ENVIRONMENT
    is_demo: bool = False
    sources: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, Secret] = field(default_factory=dict)

    @property
    def origins(self) -> str:
        """Where each setting came from, in words."""
        places = dict.fromkeys(self.sources.values())
        named = (
            (place, [name for name in (*NAMES, *self.headers) if self.sources.get(name) == place]) for place in places
        )
        return "; ".join(f"{', '.join(names)} from {place}" for place, names in named)

    def changed(self, values: Mapping[str, str], place: str) -> RawSettings:
        """Return a copy with other values that come from that place."""
        other = {name: place for name, value in values.items() if value != self.values.get(name, "")}
        return replace(self, values={**self.values, **values}, sources={**self.sources, **other})

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of required settings that are missing. The secret may still be in the keyring."""
        needed = ["AIRISK_URL", "CLIENT_ID", *(["USER_ID"] if self.is_single_user else [])]
        return tuple(name for name in needed if not self.values.get(name))

    @property
    def is_single_user(self) -> bool:
        """Whether single-user mode is on, which requires USER_ID."""
        return _plain(self.values, "SINGLE_USER") in _YES

    def with_secret(self, secret: Secret, found: str) -> RawSettings:
        """Return a copy with the client secret and the place where it was found."""
        return replace(self, secret=secret, secret_from=found)

    def settings(self) -> Settings:
        """Validate everything, and return the settings.

        Raises:
            SettingsError: names the missing or invalid setting, never a value that may be secret.
        """
        self._refuse_missing()
        values = self.values
        _refuse_unprintable(self.secret.reveal(), "CLIENT_SECRET")
        return Settings(
            origin=parse_origin(values["AIRISK_URL"]),
            client_id=_printable(values, "CLIENT_ID"),
            secret_command=_secret_command(values),
            redirect_uri=check_redirect_uri(values.get("REDIRECT_URI") or DEFAULT_REDIRECT_URI),
            user_id=_printable(values, "USER_ID"),
            single_user=_is_yes(values, "SINGLE_USER"),
            list_users=_path(values, "AIRISK_LIST_USERS"),
            label=values.get("AIRISK_LABEL", ""),
            read_only=_is_yes(values, "AIRISK_READ_ONLY"),
            act_read_only=_is_yes(values, "AIRISK_ACT_READ_ONLY"),
            ca_file=_file(values, "AIRISK_CA_FILE"),
            client_cert=_file(values, "AIRISK_CLIENT_CERT"),
            client_key=_client_key(values),
            proxy=_proxy(values.get("AIRISK_PROXY", "")),
            timeout=_duration(values, "AIRISK_TIMEOUT", 30.0, "s", at_least=0.1, at_most=3600),
            act_minutes=_duration(values, "AIRISK_ACT_MINUTES", 60.0, "m", at_least=0.1, at_most=24 * 60),
            protected_users=_names(values, "AIRISK_PROTECTED_USERS"),
            require_reason=_is_yes(values, "AIRISK_REQUIRE_REASON"),
            require_audit=_is_yes(values, "AIRISK_REQUIRE_AUDIT"),
            syslog=_printable(values, "AIRISK_SYSLOG"),
            keep_bodies=_is_yes(values, "AIRISK_KEEP_BODIES"),
            headers=tuple((_header_name(name), _header_value(name, value)) for name, value in self.headers.items()),
        )

    def _refuse_missing(self) -> None:
        if self.missing:
            why = "Single-user mode signs in as this user. " if "USER_ID" in self.missing else ""
            are, them = ("is", "it") if len(self.missing) == 1 else ("are", "them")
            raise SettingsError(
                f"{' and '.join(self.missing)} {are} not set.",
                advice=f"{why}Set {them} in .env or in the environment, or run `airisk-tui` to enter {them}.",
            )


def read(environment: Mapping[str, str], env_file: Path | None = None) -> RawSettings:
    """Gather the settings: the environment first, then `env_file`, or `.env` in the working directory.

    Raises:
        SettingsError: the file is unreadable or invalid (with the line), or a name is misspelled.
    """
    path = env_file or DEFAULT_ENV_FILE
    written = read_env_file(path) if env_file or os.path.lexists(path) else {}
    for names, place in ((environment, "the environment"), (written, str(path))):
        _refuse_unknown(names, place)
    if written.get(SECRET_COMMAND):
        _refuse_command_in(path)
    known = (*NAMES, *_headers_in(environment, written))
    values = {name: environment.get(name) or written.get(name) or "" for name in known}
    secret = Secret(values.pop("CLIENT_SECRET"))
    headers = {name: Secret(values[name]) for name in values if name.startswith(HEADER) and values[name]}
    has_secret = bool(written.get("CLIENT_SECRET"))
    warnings = (*(_exposure(path) if has_secret else ()), *_key_exposure(values))
    source = ENV_FILE if has_secret and not environment.get("CLIENT_SECRET") else ENVIRONMENT
    sources = {name: ENVIRONMENT if environment.get(name) else str(path) for name, value in values.items() if value}
    return RawSettings(
        {name: value for name, value in values.items() if not name.startswith(HEADER)},
        secret,
        warnings,
        path if has_secret else None,
        path,
        source,
        sources=sources,
        headers=headers,
    )


def _refuse_command_in(path: Path) -> None:
    """Refuse to run a command that the directory in which the program was started has set."""
    if path.resolve() == DEFAULT_ENV_FILE.resolve():
        raise SettingsError(
            f"{SECRET_COMMAND} in {path} is not run, because a working directory may hold files of others.",
            advice="Set it in the environment, in a saved deployment, or in a file that you pass with --env-file.",
        )


def _secret_command(values: Mapping[str, str]) -> tuple[str, ...]:
    import shlex  # noqa: PLC0415 - not for the first paint

    try:
        return tuple(shlex.split(_printable(values, SECRET_COMMAND)))
    except ValueError:  # its message may quote the command
        raise wrong(SECRET_COMMAND, "has an unclosed quote", "Write it as in a shell.") from None


def _headers_in(*places: Mapping[str, str]) -> list[str]:
    return sorted({name for names in places for name in names if name.startswith(HEADER)})


def header_setting(name: str) -> str:
    """Return the name of the setting that sends this header with each request."""
    return HEADER + name.upper().replace("-", "_")


def _header_name(setting: str) -> str:
    name = setting.removeprefix(HEADER).replace("_", "-").title()
    if not re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)*", name, re.IGNORECASE):
        raise wrong(setting, "does not name a header", f"Example: {HEADER}X_API_KEY for X-Api-Key.")
    if name.lower() in OWN_HEADERS:
        raise wrong(setting, f"names a header that only airisk-tui may set, {name}", "Remove it.")
    return name


def _header_value(setting: str, value: Secret) -> Secret:
    _refuse_unprintable(value.reveal(), setting)
    try:
        value.reveal().encode("latin-1")
    except UnicodeEncodeError:
        error = wrong(setting, "contains a character that a header cannot contain", "Type it again by hand.")
    else:
        return value
    raise error


def _proxy(value: str) -> str:
    if value:
        example = "Example: http://proxy.example:3128."
        if split_address(value, "AIRISK_PROXY", example=example).scheme not in {"http", "https"}:
            raise wrong("AIRISK_PROXY", "must begin with http:// or https://", example)
    return value


def _path(values: Mapping[str, str], name: str) -> str:
    value = values.get(name, "")
    if value and not re.fullmatch(r"/(?!/)[!$-;=?-\[\]_a-z~]*", value):
        raise wrong(name, "is not a valid path", "Example: /api/ListUsers.")
    return value


def _printable(values: Mapping[str, str], name: str) -> str:
    value = values.get(name, "")
    _refuse_unprintable(value, name)
    return value


def _refuse_unprintable(value: str, name: str) -> None:
    if not value.isprintable():
        raise wrong(name, "contains an invisible character (for example a line break)", "Type it again by hand.")


def _file(values: Mapping[str, str], name: str) -> Path | None:
    value = _printable(values, name)
    try:
        return Path(value).expanduser() if value else None
    except RuntimeError:
        raise wrong(name, "begins with a ~ that names no home directory", "Write the full path.") from None


def _client_key(values: Mapping[str, str]) -> Path | None:
    key = _file(values, "AIRISK_CLIENT_KEY")
    if key and not values.get("AIRISK_CLIENT_CERT"):
        raise wrong("AIRISK_CLIENT_KEY", "is set without a certificate", "Set AIRISK_CLIENT_CERT too.")
    return key


def _duration(
    values: Mapping[str, str], name: str, default: float, unit: str, *, at_least: float, at_most: float
) -> float:
    """Return a duration in that unit, which is also the unit of a bare number."""
    try:
        number = read_duration(values[name], unit) / SECONDS[unit] if values.get(name) else default
    except ValueError:
        number = -1.0
    if not at_least <= number <= at_most:
        raise wrong(name, f"must be a number from {at_least:g} to {at_most:g}", "Remove it to use the default.")
    return number


def _names(values: Mapping[str, str], name: str) -> frozenset[str]:
    """Return a comma-separated list of ids."""
    return frozenset(filter(None, map(str.strip, _printable(values, name).split(","))))


def _is_yes(values: Mapping[str, str], name: str) -> bool:
    value = _plain(values, name)
    if value not in _YES | _NO:
        raise wrong(name, "must be true or false", "Remove it to use the default.")
    return value in _YES


def _plain(values: Mapping[str, str], name: str) -> str:
    return values.get(name, "").strip().lower()


def is_no(value: str) -> bool:
    """Return whether the value means no, or is empty."""
    return value.strip().lower() in _NO


_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"", "0", "false", "no", "off"})


def _refuse_unknown(names: Mapping[str, str], place: str) -> None:
    """Refuse unknown names: a misspelled AIRISK_READ_ONLY must not pass for "not read-only"."""
    for name in sorted(names):
        is_ours = name.startswith("AIRISK_") and not name.startswith(HEADER)
        if is_ours and name not in NAMES and name not in HANDED_TO_CHILDREN:
            # The prefix that all share would make any two look alike.
            names = {each.removeprefix("AIRISK_"): each for each in NAMES}
            near = difflib.get_close_matches(name.removeprefix("AIRISK_"), names, n=1)
            advice = f"Did you mean {names[near[0]]}?" if near else "`man airisk-tui` lists all settings."
            raise SettingsError(f"Unknown setting {name} in {place}.", advice=advice)


SECRET_SETTINGS = frozenset({"CLIENT_SECRET", SECRET_COMMAND, "AIRISK_PROXY"})
"""Settings that are secret, or may contain or print a secret."""


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for another program, without secrets."""
    return {
        name: value
        for name, value in environment.items()
        if name not in SECRET_SETTINGS and not name.startswith(HEADER)
    }


HANDED_TO_CHILDREN = frozenset({"AIRISK_TOKEN", "AIRISK_USER_ID"})
"""Variables in the environment of a command that runs as a user. They are not settings."""


def _key_exposure(values: Mapping[str, str]) -> tuple[str, ...]:
    file = values["AIRISK_CLIENT_CERT"] and (values["AIRISK_CLIENT_KEY"] or values["AIRISK_CLIENT_CERT"])
    with suppress(OSError, RuntimeError, ValueError):  # what is wrong with the file is reported when it is used
        if file and _is_exposed(key := Path(file).expanduser()):
            return (f"The client key {key} is readable by other users. Run `chmod 600 {key}`.",)
    return ()


def _is_exposed(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)


def _exposure(path: Path) -> tuple[str, ...]:
    if _is_exposed(path):
        problem = f"{path} contains the client secret and is readable by other users."
        return (f"{problem} Run `chmod 600 {path}`, or better `airisk-tui setup --from-env`.",)
    return ()
