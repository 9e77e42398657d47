"""Secrets that never show themselves, and a vault that stores them in the OS keyring.

This is the only module that uses keyring, and it names the backends itself. keyring's discovery would also accept
one that writes plain text to a file, or any that PYTHON_KEYRING_BACKEND and keyringrc.cfg name.
"""

import asyncio
import importlib
import sys
import threading
import zlib
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Never, TypeAlias, TypeVar, final
from urllib.parse import quote

from tui.background import DaemonExecutor, run_in_thread
from tui.errors import KeyringLockedError, KeyringTimeoutError, NoKeyringError, VaultError

if TYPE_CHECKING:
    from tui.config.secret_service import SecretService

T = TypeVar("T")

CLIENT_SECRET = "client-secret"
MAX_LENGTH = 1_250
"""Longest secret, in UTF-16 units: Windows stores 1,280 (CRED_MAX_CREDENTIAL_BLOB_SIZE), 22 are ours."""

_ENVELOPE = "airisk-tui:1:"
_IN_MEMORY_ONLY = "The secret is held in memory for this run only."
_LIBRARIES = {
    "darwin": ("keyring.backends.macOS", "Keyring", "macOS Keychain"),
    "win32": ("keyring.backends.Windows", "WinVaultKeyring", "Windows Credential Manager"),
    "kde": ("keyring.backends.kwallet", "DBusKeyring", "KWallet (over D-Bus)"),
}

# A stopped keyring blocks its thread until it continues or ends: at most four, then further calls are queued.
_THREADS = DaemonExecutor(4, name="keyring")


@final
class Secret:
    """Text that only `reveal()` shows, not repr, str, format, a traceback, pickle or copy."""

    __slots__ = ("_text",)
    __hash__ = None  # type: ignore[assignment]  # nothing needs a secret as a key

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text, for sending or storing only."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    def __format__(self, spec: str) -> str:
        return "Secret(…)"

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        from hmac import compare_digest  # noqa: PLC0415 - not for the first paint

        mine, theirs = (text.encode("utf-8", "surrogatepass") for text in (self._text, other._text))
        return compare_digest(mine, theirs)

    def __getstate__(self) -> Never:
        raise TypeError("a Secret is neither pickled nor copied")

    def __reduce__(self) -> Never:
        self.__getstate__()

    def __reduce_ex__(self, protocol: object) -> Never:
        self.__getstate__()

    def __init_subclass__(cls) -> Never:
        raise TypeError("a Secret has no other kinds")


def service_name(origin: str, client_id: str) -> str:
    """Return the name for one deployment and one client, so that a changed address finds no secret."""
    return f"airisk-tui:{origin}:{quote(client_id, safe='')}"


class Vault:
    """The OS keyring's items for one service name. Every call ends within `deadline` seconds.

    While the keyring prompts an attending user for its password, a call lasts until the prompt is answered or canceled.
    Each call has its own daemon thread and connection, so that after an abandoned call the next one works as soon as
    the keyring does. Every call may raise:

    Raises:
        NoKeyringError: there is no secure keyring.
        KeyringLockedError: it is locked, and was not unlocked in time.
        KeyringTimeoutError: it did not respond in time.
        VaultError: it refused.
    """

    def __init__(self, service: str, *, deadline: float = 5.0) -> None:
        self._service = service
        self._deadline = deadline

    async def get(self, name: str) -> Secret | None:
        """Return the secret stored under `name`, or None if it is missing, incomplete or not ours."""
        return await self._run(lambda keyring: _first_whole(keyring.read(self._service, name)))

    async def set(self, name: str, secret: Secret) -> None:
        """Store `secret` under `name`, replacing any other, and read it back.

        Raises:
            VaultError: it is empty, too long (`MAX_LENGTH`) or not text, or was not stored correctly.
        """
        if objection := _objection(secret):
            raise VaultError(f"The secret {objection}.", advice=_IN_MEMORY_ONLY)

        def store(keyring: "_Keyring") -> Secret | None:
            keyring.write(self._service, name, _seal(secret))
            return _first_whole(keyring.read(self._service, name))

        if await self._run(store) != secret:
            raise VaultError("The keyring did not store the secret correctly.", advice=_IN_MEMORY_ONLY)

    async def forget(self) -> int:
        """Remove all items of this service name, including foreign ones. Return their number."""
        return await self._run(lambda keyring: keyring.remove_all(self._service))

    async def describe(self) -> str:
        """Return the name of the keyring in use."""
        return await self._run(lambda keyring: keyring.name)

    async def _run(self, operation: "Callable[[_Keyring], T]") -> T:
        prompt = _Prompt()
        running = asyncio.ensure_future(run_in_thread(_call, operation, prompt, executor=_THREADS))
        try:
            await asyncio.wait((running,), timeout=self._deadline)
            if running.done() or (prompt.is_set() and is_attended()):
                return await running
        finally:
            running.cancel()
        waited = f"within {self._deadline:g} s"
        if prompt.is_for_new:
            from tui.config.secret_service import MAKE_ADVICE, NONE_YET  # noqa: PLC0415 -- 0.1 s, and imported by the prompt

            raise VaultError(f"{NONE_YET} {waited}.", advice=MAKE_ADVICE)
        if prompt.is_set():
            advice = "Unlock the keyring, then try again."
            raise KeyringLockedError(f"The keyring is locked, and was not unlocked {waited}.", advice=advice)
        advice = "Answer its password prompt, or restart it, then try again."
        raise KeyringTimeoutError(f"The keyring did not respond {waited}.", advice=advice)


class _Prompt(threading.Event):
    """Event that is set once the keyring asks for a password; `is_for_new` if that is for a new keyring."""

    is_for_new = False

    def open(self, is_for_new: bool) -> None:  # noqa: FBT001 -- a callback
        """Note that the prompt is open."""
        self.is_for_new = is_for_new
        self.set()


def is_attended() -> bool:
    """Return whether stdin is a terminal, so that a user can answer a prompt."""
    return sys.stdin is not None and sys.stdin.isatty()


class _Library:
    """A keyring of the keyring library, which identifies items only by service and name."""

    def __init__(self, module: str, backend: str, name: str) -> None:
        kind = getattr(importlib.import_module(module), backend)
        if not kind.viable:
            raise NoKeyringError(f"No secure keyring: {name} is not available.")
        self._backend = kind()
        self.name = name

    def read(self, service: str, name: str) -> list[str]:
        with suppress(UnicodeDecodeError):
            text = self._backend.get_password(service, name)
            return [] if text is None else [text]
        return []

    def write(self, service: str, name: str, text: str) -> None:
        self._backend.set_password(service, name, text)

    def remove_all(self, service: str) -> int:
        from keyring.errors import PasswordDeleteError  # noqa: PLC0415 -- 0.1 s, and on a thread

        try:
            self._backend.delete_password(service, CLIENT_SECRET)
        except PasswordDeleteError:
            if self.read(service, CLIENT_SECRET):
                raise
            return 0
        return 1


_Keyring: TypeAlias = "SecretService | _Library"


def _call(operation: "Callable[[_Keyring], T]", prompt: _Prompt) -> T:
    try:
        with ExitStack() as closing:
            return operation(_open(prompt.open, closing))
    except VaultError as error:
        failure = error
    except Exception as error:  # noqa: BLE001 -- D-Bus, Windows and macOS errors share no other base
        failure = _translate_error(error)
    failure.advice = failure.advice or _IN_MEMORY_ONLY
    failure.__context__ = None  # the frames below hold the secret in their variables
    raise failure.with_traceback(None)


def _open(on_prompt: Callable[[bool], None], closing: ExitStack) -> "_Keyring":
    if sys.platform in _LIBRARIES:
        return _Library(*_LIBRARIES[sys.platform])
    try:
        from tui.config.secret_service import secret_service  # noqa: PLC0415 -- 0.1 s, and on a thread

        return closing.enter_context(secret_service(on_prompt))
    except ImportError:
        reason = NoKeyringError("No secure keyring: the package secretstorage is not installed.")
    except NoKeyringError as error:
        reason = error
    try:
        return _Library(*_LIBRARIES["kde"])
    except NoKeyringError:
        raise reason from None


def _translate_error(error: Exception) -> VaultError:
    from keyring import errors  # noqa: PLC0415 -- 0.1 s, and on a thread

    # KWallet reports only these words when its prompt was dismissed.
    if isinstance(error, errors.KeyringLocked) or str(error) == "Cancelled by user":
        return KeyringLockedError("The keyring is locked.", advice="Unlock the keyring, then try again.")
    return VaultError(f"The keyring failed ({type(error).__name__}).")


def _objection(secret: Secret) -> str:
    if not secret:
        return "is empty"
    try:
        length = len(secret.reveal().encode("utf-16-le")) // 2
    except UnicodeEncodeError:
        return "contains invalid Unicode, which a keyring cannot store"
    return f"is too long for a keyring (more than {MAX_LENGTH:,} characters)" if length > MAX_LENGTH else ""


def _seal(secret: Secret) -> str:
    text = secret.reveal()
    return f"{_ENVELOPE}{zlib.crc32(text.encode()):08x}:{text}"


def _first_whole(sealed: list[str]) -> Secret | None:
    for envelope in sealed:
        secret = Secret(envelope.removeprefix(_ENVELOPE)[len("00000000:") :])
        with suppress(UnicodeEncodeError):
            if secret and _seal(secret) == envelope:
                return secret
    return None
