"""The origin of a deployment: scheme, host and port."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from tui.errors import SettingsError

DEFAULT_REDIRECT_URI = "https://localhost/callback"

_EXAMPLE = "Example: https://demo.aicrisk.com."
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")


@dataclass(frozen=True, slots=True)
class Origin:
    """The only place that may receive a token or a secret."""

    scheme: str
    host: str
    port: int | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port else "")

    @property
    def name(self) -> str:
        """The host, with its port if it is not the usual one."""
        return str(self).partition("://")[2]


def parse_origin(url: str) -> Origin:
    """Parse AIRISK_URL; a host without a scheme is one with https.

    Raises:
        SettingsError: it is not https (or http on loopback), or holds more than a host and a port.
    """
    name = "AIRISK_URL"
    url = url.strip()
    if "://" not in url:
        # A word without a dot may be a secret in the wrong field: it is looked up nowhere.
        if "." not in url:
            raise wrong(name, "must begin with https://", _EXAMPLE)
        url = f"https://{url}"
    parts = split_address(url, name, example=_EXAMPLE)
    if parts.username is not None or parts.password is not None:
        raise wrong(name, "must not contain a user name or password", "Remove everything before the @.")
    if parts.scheme not in {"https", "http"}:
        raise wrong(name, "must begin with https://", _EXAMPLE)
    host = parts.hostname or ""
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise wrong(name, "must end after the host", "Remove the path, ? and #. Example: https://demo.aicrisk.com.")
    if parts.scheme == "http" and not _is_loopback(host):
        raise wrong(name, "must use https:// for any host but this machine", "Use https://.")
    usual = {"https": 443, "http": 80}[parts.scheme]
    return Origin(parts.scheme, host, None if parts.port == usual else parts.port)


def check_redirect_uri(value: str) -> str:
    """Return REDIRECT_URI unchanged if it is a valid address; raise SettingsError otherwise."""
    advice = f"Use the registered one, usually {DEFAULT_REDIRECT_URI}."
    if not value.isprintable() or " " in value or ":" not in value or "#" in value:
        raise wrong("REDIRECT_URI", "is not a valid address", advice)
    try:
        _ = urlsplit(value).port
    except ValueError:
        raise wrong("REDIRECT_URI", "is not a valid address", advice) from None
    return value


def split_address(url: str, name: str, *, example: str) -> SplitResult:
    """Split an address whose host and port are valid.

    Raises:
        SettingsError: the setting of that name is not a valid address.
    """
    if not url.isascii() or re.search(r"[\x00-\x20\x7f\\]", url):
        raise wrong(
            name, "contains a character that an address cannot contain", "Write an international host name as xn--…."
        )
    try:
        parts = urlsplit(url)
    except ValueError:
        raise wrong(name, "is not a valid address", example) from None
    if not _is_host(parts.hostname or "", is_bracketed="[" in parts.netloc):
        raise wrong(name, "has no valid host", example)
    try:
        is_port_usable = parts.port != 0
    except ValueError:
        is_port_usable = False
    if not is_port_usable:
        raise wrong(name, "has a port that is not between 1 and 65535", "Example: https://host:8443.")
    return parts


def wrong(name: str, problem: str, advice: str) -> SettingsError:
    """Return the error for an invalid setting, without its value, which may be secret."""
    return SettingsError(f"{name} {problem}.", advice=advice)


def _is_host(host: str, *, is_bracketed: bool) -> bool:
    """Return whether it is a valid host name or address: resolvers raise other errors for invalid ones."""
    try:
        if is_bracketed:
            return "%" not in host and ipaddress.IPv6Address(host) is not None
        if re.fullmatch(r"[0-9.]+", host):
            return ipaddress.IPv4Address(host) is not None
    except ValueError:
        return False
    return len(host) <= 253 and all(_LABEL.fullmatch(label) for label in host.removesuffix(".").split("."))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
