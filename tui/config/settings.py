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

ENVIRONMENT, ENV_FILE, KEYRING, TYPED = "the environment", "the .env file", "the keyring", "what was typed"
"""Possible sources of a secret."""

COMMAND_LINE = "the command line"

NAMES = {
    "AIRISK_URL": "the deployment: https:// and a host",
    "CLIENT_ID": "the application",
    "CLIENT_SECRET": "the application's secret; better kept in the keyring",
    "REDIRECT_URI": "as registered for the application; nothing needs to listen there",
    "USER_ID": "who is preselected in the list; in single-user mode, who is signed in",
    "SINGLE_USER": "sign in as USER_ID at once, and list nobody",
    "AIRISK_ACT_MINUTES": "how long acting as another user may last",
    "AIRISK_CA_FILE": "a private authority for certificates",
    "AIRISK_CLIENT_CERT": "a certificate to show to the deployment, or to a gateway in front of it (PEM)",
    "AIRISK_CLIENT_KEY": "its private key, if it is in a file of its own (PEM)",
    "AIRISK_KEEP_BODIES": "the history keeps bodies, so that those requests can be asked again too",
    "AIRISK_LABEL": "what the deployment is called in the bar; production is coloured",
    "AIRISK_LIST_USERS": "the path of the list of users",
    "AIRISK_PROTECTED_USERS": "who cannot be acted as",
    "AIRISK_PROXY": "an HTTP proxy",
    "AIRISK_READ_ONLY": "refuse every method that changes things",
    "AIRISK_REQUIRE_AUDIT": "no acting without the audit trail",
    "AIRISK_REQUIRE_REASON": "acting needs a reason",
    "AIRISK_SYSLOG": "where copies of the audit trail go",
    "AIRISK_TIMEOUT": "seconds for an exchange",
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
    redirect_uri: str = DEFAULT_REDIRECT_URI
    user_id: str = ""
    single_user: bool = False
    list_users: str = ""
    label: str = ""
    read_only: bool = False
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
            redirect_uri=check_redirect_uri(values.get("REDIRECT_URI") or DEFAULT_REDIRECT_URI),
            user_id=_printable(values, "USER_ID"),
            single_user=_is_yes(values, "SINGLE_USER"),
            list_users=_path(values, "AIRISK_LIST_USERS"),
            label=values.get("AIRISK_LABEL", ""),
            read_only=_is_yes(values, "AIRISK_READ_ONLY"),
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
            why = "Single-user mode signs in as that user. " if "USER_ID" in self.missing else ""
            advice = "Set it in the environment or in .env (see .env.example), or run `airisk-tui` to be asked."
            raise SettingsError(
                f"{' and '.join(self.missing)} {'is' if len(self.missing) == 1 else 'are'} not set.",
                advice=why + advice,
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


def _headers_in(*places: Mapping[str, str]) -> list[str]:
    return sorted({name for names in places for name in names if name.startswith(HEADER)})


def header_setting(name: str) -> str:
    """Return the name of the setting that sends this header with each request."""
    return HEADER + name.upper().replace("-", "_")


def _header_name(setting: str) -> str:
    name = setting.removeprefix(HEADER).replace("_", "-").title()
    if not re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)*", name, re.IGNORECASE):
        raise wrong(setting, "names no header", f"It looks like {HEADER}X_API_KEY, for X-Api-Key.")
    if name.lower() in OWN_HEADERS:
        raise wrong(setting, f"names a header that is the program's own to set, {name}", "Leave it out.")
    return name


def _header_value(setting: str, value: Secret) -> Secret:
    _refuse_unprintable(value.reveal(), setting)
    try:
        value.reveal().encode("latin-1")
    except UnicodeEncodeError:
        fault = wrong(setting, "holds a character that a header cannot hold", "Write it anew, by hand.")
    else:
        return value
    raise fault


def _proxy(value: str) -> str:
    if value:
        example = "It looks like http://proxy.example:3128."
        if split_address(value, "AIRISK_PROXY", example=example).scheme not in {"http", "https"}:
            raise wrong("AIRISK_PROXY", "must begin with http:// or https://", example)
    return value


def _path(values: Mapping[str, str], name: str) -> str:
    value = values.get(name, "")
    if value and not re.fullmatch(r"/(?!/)[!$-;=?-\[\]_a-z~]*", value):
        raise wrong(name, "is not a path", "It looks like /api/ListUsers.")
    return value


def _printable(values: Mapping[str, str], name: str) -> str:
    value = values.get(name, "")
    _refuse_unprintable(value, name)
    return value


def _refuse_unprintable(value: str, name: str) -> None:
    if not value.isprintable():
        raise wrong(name, "holds a character that does not show, such as a line break", "Write it anew, by hand.")


def _file(values: Mapping[str, str], name: str) -> Path | None:
    value = _printable(values, name)
    try:
        return Path(value).expanduser() if value else None
    except RuntimeError:
        raise wrong(name, "begins with a ~ that stands for nobody's home", "Write the whole path.") from None


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
        raise wrong(name, f"is not a number from {at_least:g} to {at_most:g}", "Leave it out for the usual.")
    return number


def _names(values: Mapping[str, str], name: str) -> frozenset[str]:
    """Return a comma-separated list of ids."""
    return frozenset(filter(None, map(str.strip, _printable(values, name).split(","))))


def _is_yes(values: Mapping[str, str], name: str) -> bool:
    value = _plain(values, name)
    if value not in _YES | _NO:
        raise wrong(name, "is neither true nor false", "Write true or false.")
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
            advice = f"Did you mean {names[near[0]]}?" if near else "See .env.example for all settings."
            raise SettingsError(f"{name} in {place} is not a setting.", advice=advice)


SECRET_SETTINGS = frozenset({"CLIENT_SECRET", "AIRISK_PROXY"})
"""Settings that are secret, or may contain a secret."""


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
            return (f"The client key {key} is readable by other users: `chmod 600 {key}`.",)
    return ()


def _is_exposed(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)


def _exposure(path: Path) -> tuple[str, ...]:
    if _is_exposed(path):
        fault = f"{path} holds the client secret and others on this machine can read it"
        return (f"{fault}: `chmod 600 {path}`, or better `airisk-tui setup --from-env`.",)
    return ()
