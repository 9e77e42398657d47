"""What can keep a question from being answered, in words for the person at the keyboard.

::

    AIRiskError
    ├── SettingsError          the program was not told what it needs, or told it wrongly
    ├── NoAnswer               nothing usable came back: AIRisk may not have heard us
    │   ├── BrokenAnswer       something came back that is not an HTTP answer we can show
    │   └── TooBusy            AIRisk has too much to do to sign anybody in, or to list users (`retry_after`)
    ├── SignInError            no token
    │   ├── SignInRefused      AIRisk said no (`status`): to the client or the user
    │   │   └── SecretRefused  … to the client secret
    │   └── SignInUnreadable   AIRisk said something that is neither yes nor no
    ├── NotAUserList           an answer, but no users in it
    ├── NotOpenAPI             a document that describes no endpoints, or cannot be read
    ├── Refused                the program's own question was refused by the program itself
    │   └── ReasonMissing      … because nobody said why
    └── VaultError             the secret could not be kept or read
        ├── NoKeyring          there is no secure keyring on this desktop
        ├── KeyringLocked      there is one, and it is locked
        └── KeyringSilent      there is one, and it does not answer

A status code is an answer, not an error: 404 gives an Exchange.
Messages may quote what a deployment said, uncleaned: `tui.text` is the door to a screen or a terminal.
"""

from __future__ import annotations


class AIRiskError(Exception):
    """One line that says what happened, and one (`advice`) that says what to do next."""

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class SettingsError(AIRiskError):
    """The program was not told what it needs, or told it wrongly."""


class NoAnswer(AIRiskError):
    """Nothing came back within the time allowed."""


class BrokenAnswer(NoAnswer):
    """Something came back that is not an HTTP answer we can show."""


class TooBusy(NoAnswer):
    """AIRisk answered 429 or 503 (`status`); `retry_after` is its header of that name, as it came, or nothing."""

    def __init__(self, message: str, *, status: int, retry_after: str, advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.status = status
        self.retry_after = retry_after


class SignInError(AIRiskError):
    """No token could be had."""


class SignInRefused(SignInError):
    """AIRisk said no; `status` is the HTTP status it said it with."""

    def __init__(self, message: str, *, status: int, advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.status = status


class SecretRefused(SignInRefused):
    """AIRisk said no to the client secret: another one may be entered."""


class SignInUnreadable(SignInError):
    """AIRisk answered the sign-in with something that is neither yes nor no."""


class NotAUserList(AIRiskError):
    """An answer came, but no list of users was in it; `found` says in words what was, after `where` it came from.

    `busy`: what is said where AIRisk only has too much to do.
    """

    def __init__(self, found: str, *, where: str = "it", advice: str = "", busy: TooBusy | None = None) -> None:
        super().__init__(f"Not a user list: {where} {found}.", advice=advice)
        self.found = found
        self.busy = busy


class NotOpenAPI(AIRiskError):
    """A document is not one that OpenAPI defines, or breaks off; `line` is where, if it is known."""

    def __init__(self, message: str, *, line: int = 0, advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.line = line


class Refused(AIRiskError):
    """The program will not ask this: the request is malformed, or not allowed by the settings."""


class ReasonMissing(Refused):
    """Acting needs a reason, and none was given."""

    def __init__(self, message: str) -> None:
        super().__init__(message, advice="Give a ticket or a few words.")


class VaultError(AIRiskError):
    """The OS keyring could not keep, read or remove a secret."""


class NoKeyring(VaultError):
    """This desktop has no keyring that keeps a secret securely."""


class KeyringLocked(VaultError):
    """The keyring is locked, and was not unlocked in time."""


class KeyringSilent(VaultError):
    """The keyring does not answer."""


class WorkspaceError(AIRiskError):
    """What is remembered could not be read or written; the program goes on without it."""
