"""All errors that the program reports to the user; each class has the exit code of a command that it ends.

::

    AIRiskError                            2
    ├── SettingsError                      2   a setting or an option is missing or invalid
    ├── NoResponseError                    4   no usable response: the request may not have arrived
    │   ├── InvalidResponseError           4   the response is not HTTP that can be shown
    │   ├── ServiceBusyError               4   AIRisk responded 429 or 503 to a sign-in or for the user list
    │   └── ThrottleExceededError          4   AIRisk asks for a longer pause than a run makes
    ├── SignInError                        3   no token
    │   ├── SignInRejectedError            3   AIRisk rejected the client or the user
    │   │   └── ClientSecretRejectedError  3   … the client secret
    │   └── UnexpectedSignInResponseError  3   AIRisk neither accepted nor rejected it
    ├── UserListError                      1   a response without a user list
    ├── OpenAPIError                       2   a document without endpoints, or an unreadable one
    ├── RequestRejectedError               2   the program refuses to send this: it is malformed
    │   └── GuardRailError                 7   … a setting forbids it: read-only, a protected user, production
    │       └── ReasonRequiredError        7   … without a reason
    ├── VaultError                         5   the client secret cannot be stored or read
    │   ├── NoKeyringError                 5   this desktop has no secure keyring
    │   ├── KeyringLockedError             5   the keyring is locked
    │   └── KeyringTimeoutError            5   the keyring does not respond
    ├── PlanError                          2   the plan of a matrix is invalid
    ├── RulesFileError                     2   a file of rules or a policy is invalid
    ├── RunFileError                       2   the file of a run cannot be used
    ├── MatrixFileError                    2   a file is not a matrix of this program
    ├── OutputError                       74   an output file cannot be written
    ├── AuditError                         2   the audit trail cannot be written or read
    ├── HistoryError                       2   the history cannot be used
    │   └── HistoryResetError              2   it was damaged, and a new one was started
    ├── WorkspaceError                     2   stored data of a deployment cannot be read or written
    └── ExternalProgramError               2   an editor or a pager cannot be started

A status code is a response, not an error: 404 gives an Exchange.
Messages may quote a deployment's text unsanitized: `tui.text` cleans it for a screen or a terminal.
"""

from __future__ import annotations

from typing import ClassVar


class AIRiskError(Exception):
    """Error with one line that says what happened, and one (`advice`) that says what to do next."""

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class SettingsError(AIRiskError):
    """A setting or an option is missing or invalid."""


class NoResponseError(AIRiskError):
    """No usable response arrived within the time limit."""

    exit_code = 4


class InvalidResponseError(NoResponseError):
    """The response is not HTTP that can be shown."""


class ServiceBusyError(NoResponseError):
    """AIRisk responded 429 or 503 (`status`); `retry_after` is that header's raw value, or empty."""

    def __init__(self, message: str, *, status: int, retry_after: str, advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.status = status
        self.retry_after = retry_after


class SignInError(AIRiskError):
    """No token could be obtained."""

    exit_code = 3


class SignInRejectedError(SignInError):
    """AIRisk rejected the sign-in, with the HTTP status `status`."""

    def __init__(self, message: str, *, status: int, advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.status = status


class ClientSecretRejectedError(SignInRejectedError):
    """AIRisk rejected the client secret; the user may enter another one."""


class UnexpectedSignInResponseError(SignInError):
    """AIRisk neither accepted nor rejected the sign-in."""


class UserListError(AIRiskError):
    """The response has no list of users; `found` says in words what it has, after `where` it came from.

    `busy` is the message if AIRisk is only rate-limiting.
    """

    exit_code = 1

    def __init__(
        self, found: str, *, where: str = "it", advice: str = "", busy: ServiceBusyError | None = None
    ) -> None:
        super().__init__(f"Not a user list: {where} {found}.", advice=advice)
        self.found = found
        self.busy = busy


class OpenAPIError(AIRiskError):
    """The document is not valid OpenAPI, or is truncated; `line` is where, and `reason` why, if known."""

    def __init__(self, message: str, *, line: int = 0, reason: str = "", advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.line = line
        self.reason = reason


class RequestRejectedError(AIRiskError):
    """The program refuses to send the request: it is malformed, or a guard rail blocks it."""


class GuardRailError(RequestRejectedError):
    """A guard rail blocks it: read-only mode, a protected user, the time limit, a deployment labeled production."""

    exit_code = 7


class ReasonRequiredError(GuardRailError):
    """Acting requires a reason, and none was given."""

    def __init__(self, message: str) -> None:
        super().__init__(message, advice="Enter a ticket number or a short reason.")


class ChangesNotAllowedError(GuardRailError):
    """The acting session is read-only, because it began so and changes were not allowed since."""

    def __init__(self, message: str, *, advice: str = "Act as this user and allow changes first.") -> None:
        super().__init__(message, advice=advice)


class VaultError(AIRiskError):
    """The OS keyring could not store, read or remove a secret."""

    exit_code = 5


class NoKeyringError(VaultError):
    """This desktop has no keyring that stores secrets securely."""


class KeyringLockedError(VaultError):
    """The keyring is locked, and was not unlocked in time."""


class KeyringTimeoutError(VaultError):
    """The keyring does not respond."""


class MatrixFileError(AIRiskError):
    """The file is not a matrix that this program wrote, or has an unknown version."""


class PlanError(AIRiskError):
    """The plan of a matrix is invalid: no user, no endpoint, or unconfirmed requests that may change data."""


class RulesFileError(AIRiskError):
    """A file of rules or a policy is invalid."""


class RunFileError(AIRiskError):
    """The file of a run cannot be written, or belongs to another plan."""


class ThrottleExceededError(NoResponseError):
    """AIRisk asks for a longer pause than a run makes."""


class AuditError(AIRiskError):
    """The audit trail could not be written or read, so that its entries are not on disk."""


class HistoryError(AIRiskError):
    """The history could not be stored, read or cleared; the program continues without it."""


class HistoryResetError(HistoryError):
    """The history was unreadable and moved aside; the operation was done on a new one."""


class WorkspaceError(AIRiskError):
    """Stored data of a deployment could not be read or written; the program continues without it."""


class ExternalProgramError(AIRiskError):
    """The other program could not be started, or failed."""


class OutputError(AIRiskError):
    """An output file, such as a report, cannot be written."""

    exit_code = 74
