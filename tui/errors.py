"""Every error that the program tells the user about; each class has the exit code of a command that it ends.

::

    AIRiskError                            2
    ├── SettingsError                      2   a setting or an option is missing or wrong
    ├── NoResponseError                    4   no usable response: the request may not have arrived
    │   ├── InvalidResponseError           4   what came back is no HTTP response that can be shown
    │   ├── ServiceBusyError               4   AIRisk answered 429 or 503 to a sign-in or for the user list
    │   └── ThrottleExceededError          4   AIRisk asks for a longer pause than a run makes
    ├── SignInError                        3   no token
    │   ├── SignInRejectedError            3   AIRisk rejected the client or the user
    │   │   └── ClientSecretRejectedError  3   … the client secret
    │   └── UnexpectedSignInResponseError  3   AIRisk neither accepted nor rejected it
    ├── UserListError                      1   a response without a user list
    ├── OpenAPIError                       2   a document that describes no endpoints, or cannot be read
    ├── RequestRejectedError               2   the program itself does not send this
    │   └── ReasonRequiredError            2   … without a reason
    ├── VaultError                         5   the client secret cannot be stored or read
    │   ├── NoKeyringError                 5   this desktop has no secure keyring
    │   ├── KeyringLockedError             5   the keyring is locked
    │   └── KeyringTimeoutError            5   the keyring does not answer
    ├── PlanError                          2   a matrix cannot be run as it was planned
    ├── RulesFileError                     2   a file of rules or a policy cannot be understood
    ├── RunFileError                       2   the file of a run cannot be used
    ├── MatrixFileError                    2   a file is no matrix that this program wrote
    ├── ReportWriteError                  74   a report cannot be written
    ├── AuditError                         2   the audit trail cannot be written or read
    ├── HistoryError                       2   the history cannot be used
    │   └── HistoryResetError              2   it was damaged, and a new one was begun
    ├── WorkspaceError                     2   what is kept of a deployment cannot be read or written
    └── ExternalProgramError               2   an editor or a pager cannot be started

A status code is a response, not an error: 404 gives an Exchange.
Messages may quote what a deployment said, uncleaned: `tui.text` is the door to a screen or a terminal.
"""

from __future__ import annotations

from typing import ClassVar


class AIRiskError(Exception):
    """One line that says what happened, and one (`advice`) that says what to do next."""

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class SettingsError(AIRiskError):
    """The program was not told what it needs, or told it wrongly."""


class NoResponseError(AIRiskError):
    """Nothing came back within the time allowed."""

    exit_code = 4


class InvalidResponseError(NoResponseError):
    """Something came back that is not an HTTP answer we can show."""


class ServiceBusyError(NoResponseError):
    """AIRisk answered 429 or 503 (`status`); `retry_after` is its header of that name, as it came, or nothing."""

    def __init__(self, message: str, *, status: int, retry_after: str, advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.status = status
        self.retry_after = retry_after


class SignInError(AIRiskError):
    """No token could be had."""

    exit_code = 3


class SignInRejectedError(SignInError):
    """AIRisk said no; `status` is the HTTP status it said it with."""

    def __init__(self, message: str, *, status: int, advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.status = status


class ClientSecretRejectedError(SignInRejectedError):
    """AIRisk said no to the client secret: another one may be entered."""


class UnexpectedSignInResponseError(SignInError):
    """AIRisk answered the sign-in with something that is neither yes nor no."""


class UserListError(AIRiskError):
    """An answer came, but no list of users was in it; `found` says in words what was, after `where` it came from.

    `busy`: what is said where AIRisk only has too much to do.
    """

    exit_code = 1

    def __init__(
        self, found: str, *, where: str = "it", advice: str = "", busy: ServiceBusyError | None = None
    ) -> None:
        super().__init__(f"Not a user list: {where} {found}.", advice=advice)
        self.found = found
        self.busy = busy


class OpenAPIError(AIRiskError):
    """A document is not one that OpenAPI defines, or breaks off; `line` is where, if it is known."""

    def __init__(self, message: str, *, line: int = 0, advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.line = line


class RequestRejectedError(AIRiskError):
    """The program will not ask this: the request is malformed, or not allowed by the settings."""


class ReasonRequiredError(RequestRejectedError):
    """Acting needs a reason, and none was given."""

    def __init__(self, message: str) -> None:
        super().__init__(message, advice="Give a ticket or a few words.")


class VaultError(AIRiskError):
    """The OS keyring could not keep, read or remove a secret."""

    exit_code = 5


class NoKeyringError(VaultError):
    """This desktop has no keyring that keeps a secret securely."""


class KeyringLockedError(VaultError):
    """The keyring is locked, and was not unlocked in time."""


class KeyringTimeoutError(VaultError):
    """The keyring does not answer."""


class MatrixFileError(AIRiskError):
    """A file is not a matrix that this program wrote, or of a version that it does not know."""


class PlanError(AIRiskError):
    """What was chosen cannot be asked: nobody, nothing, or what changes things and was not confirmed."""


class RulesFileError(AIRiskError):
    """A file of rules or of expectations says something that cannot be understood."""


class RunFileError(AIRiskError):
    """The file of a run cannot be written, or belongs to another plan."""


class ThrottleExceededError(NoResponseError):
    """AIRisk asked to be left alone for longer than a run waits."""


class AuditError(AIRiskError):
    """The audit trail could not be written or read: what it was to hold is not on disk."""


class HistoryError(AIRiskError):
    """The history could not be kept, read or cleared; the program goes on without it."""


class HistoryResetError(HistoryError):
    """The history could not be read and was put aside; what was asked for has been done on a new one."""


class WorkspaceError(AIRiskError):
    """What is remembered could not be read or written; the program goes on without it."""


class ExternalProgramError(AIRiskError):
    """The other program could not be started, or failed."""


class ReportWriteError(AIRiskError):
    """A report could not be written."""

    exit_code = 74
