"""The screen that prompts for what is missing before AIRisk can issue a token."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Checkbox, Input, Label, Static

from tui.config.keyring import Secret, Vault
from tui.config.origin import DEFAULT_REDIRECT_URI, check_redirect_uri, parse_origin
from tui.config.settings import DEFAULT_ENV_FILE, TYPED, RawSettings
from tui.errors import AIRiskError, ClientSecretRejectedError, VaultError
from tui.key_labels import format_keys
from tui.text import clean
from tui.textual_ext.screens import FocusKeepingScreen
from tui.widgets.identity_bar import IdentityBar
from tui.widgets.inputs import CheckBox, SecretInput
from tui.widgets.key_bar import KeyBar
from tui.widgets.notice import Notice

_PROMPTS = (
    ("AIRISK_URL", "Deployment", "for example https://demo.aicrisk.com"),
    ("CLIENT_ID", "Client ID", "of the API user registered in AIRisk"),
    ("REDIRECT_URI", "Redirect URI", f"default: {DEFAULT_REDIRECT_URI}"),
    ("USER_ID", "User ID", "optional: user to preselect in the list"),
)


_YOURSELF = "required: your own user ID in AIRisk"

_LATER = 0.3
"""Seconds after which the keyring is looked up."""

_LABELS = {**{name: label for name, label, _ in _PROMPTS}, "CLIENT_SECRET": "Client secret"}
_FIELDS = tuple(_LABELS)

_CHECKS: dict[str, Callable[[str], object]] = {"AIRISK_URL": parse_origin, "REDIRECT_URI": check_redirect_uri}
"""Checks of one field that do not depend on the others."""


@dataclass(frozen=True, slots=True)
class SignInInput:
    """The validated input, and where to store it once AIRisk has accepted it."""

    raw_settings: RawSettings
    saves_secret: bool
    saves_settings: bool


class SignInScreen(FocusKeepingScreen[SignInInput]):
    """A form for the deployment and the client secret.

    Args:
        raw_settings: the raw settings so far.
        problem: why the user is prompted.
        has_keyring: whether the OS keyring may be looked up, and offered if there is one.
        before: the user's previous input.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f5,ctrl+enter,ctrl+j",
            "connect",
            "Connect",
            key_display="F5",
            id="connect",
            tooltip="Sign in with these settings",
        ),
        Binding("f2", "check_connection", "Check", id="check_connection", tooltip="Check these settings step by step"),
        Binding("escape", "leave", show=False, id="leave_sign_in", tooltip="Clear the message"),
        Binding("down", "app.focus_next", "Next", show=False, id="next_field", tooltip="Go to the next field"),
        Binding(
            "up", "app.focus_previous", "Previous", show=False, id="previous_field", tooltip="Go to the previous field"
        ),
    ]

    def __init__(
        self,
        raw_settings: RawSettings,
        problem: AIRiskError | None,
        *,
        has_keyring: bool,
        before: SignInInput | None = None,
    ) -> None:
        super().__init__()
        self._before = before
        self._saves_settings = before.saves_settings if before else bool(raw_settings.missing)
        self._raw_settings = raw_settings
        self._problem = problem
        self._has_keyring = has_keyring
        self._notice = Notice()

    def compose(self) -> ComposeResult:
        """Compose the identity bar, the welcome text, the form and the footer."""
        yield IdentityBar()
        with VerticalScroll(id="sign-in", can_focus=False), Vertical(id="sign-in-form"):
            yield Static(Content.styled("Connect to AIRisk", "bold $text-accent"), id="sign-in-title")
            is_single = self._raw_settings.is_single_user
            words = _WELCOME_ALONE if is_single else _WELCOME
            if not self._raw_settings.values.get("AIRISK_URL"):
                words += _DEMO
            yield Static(words, id="sign-in-words", markup=False)
            for name, label, usual in _PROMPTS:
                hint = _YOURSELF if is_single and name == "USER_ID" else usual
                value = self._raw_settings.values.get(name, "")
                yield from _row(label, Input(value, placeholder=hint, id=name, compact=True))
            yield from _row("Client secret", SecretInput(id="CLIENT_SECRET", value=self._typed_before))
            yield from self._offers()
            yield Button("Connect", id="connect", variant="primary", compact=True)
        yield self._notice
        yield KeyBar()

    def _offers(self) -> ComposeResult:
        yield from _row("", CheckBox("Save the secret in the OS keyring", id="keep", value=self._was_saved))
        env_file = self._raw_settings.env_file
        place = f"{env_file} in this directory" if env_file == DEFAULT_ENV_FILE else clean(env_file.name, limit=40)
        yield from _row("", CheckBox(f"Save other settings in {place}", id="write", value=self._saves_settings))

    def on_mount(self) -> None:
        """Show the problem, and focus the first field to correct, else the button, so that Enter retries."""
        if not all(map(self.query, ("#row-keep", *(f"#{name}" for name in _FIELDS)))):
            return  # The program was left while this was being created, and its parts are gone.
        if self._problem:
            self._show_error(self._problem.message, self._problem.advice)
        self.set_focus(self.query_one(f"#{[*self._lacking(), *_blamed(self._problem), 'connect'][0]}"))
        self.query_one("#row-keep").display = self._was_saved
        if self._has_keyring:
            # The import is slow and not essential, so it must not delay the first frame.
            self.set_timer(_LATER, self._look_for_keyring)

    @property
    def _typed_before(self) -> str:
        """The secret typed before, unless AIRisk rejected it, so that the user need not type it again."""
        is_good = self._before and not isinstance(self._problem, ClientSecretRejectedError)
        return self._before.raw_settings.secret.reveal() if self._before and is_good else ""

    @property
    def _was_saved(self) -> bool:
        """Whether the user chose the keyring before. Nothing is stored without consent."""
        return self._before is not None and self._before.saves_secret

    @work(group="look_for_keyring", exclusive=True)
    async def _look_for_keyring(self) -> None:
        """Offer the keyring if there is one, which may take a while to find out."""
        with contextlib.suppress(VaultError):
            await Vault("").describe()
            if not self.query_one("#row-keep").display:
                self.query_one("#keep", CheckBox).value = self._before is None
                self.query_one("#row-keep").display = True

    @on(Input.Submitted)
    def _lead_on(self, event: Input.Submitted) -> None:
        """Go to the next field, but not past a required or invalid one. Connect once all are filled in."""
        event.stop()
        name, lacking = event.input.id or "", self._lacking()
        try:
            if value := self._entered(name):
                _CHECKS.get(name, str)(value)
        except AIRiskError as error:
            self._show_error(error.message, error.advice)
            return
        if not lacking or name in lacking or name == _FIELDS[-1]:
            self.action_connect()
        else:
            self._notice.clear()
            self.query_one(f"#{_FIELDS[_FIELDS.index(name) + 1]}").focus()

    @on(Button.Pressed, "#connect")
    def _connect(self) -> None:
        self.action_connect()

    def _lacking(self) -> list[str]:
        return [name for name in (*self._entered_settings.missing, "CLIENT_SECRET") if not self._entered(name)]

    def action_connect(self) -> None:
        """Validate the input, and return it."""
        raw_settings = self._entered_settings
        if lacking := self._lacking():
            self._show_error(
                "Missing: " + ", ".join(_LABELS[name][:1].lower() + _LABELS[name][1:] for name in lacking) + "."
            )
            self.query_one(f"#{lacking[0]}").focus()
            return
        try:
            raw_settings.settings()
        except AIRiskError as error:
            self._show_error(error.message, error.advice)
            if name := next(_blamed(error), None):
                self.query_one(f"#{name}").focus()
            return
        self.query_one(SecretInput).value = ""
        self.dismiss(SignInInput(raw_settings, self._ticked("keep"), self._ticked("write")))

    def action_check_connection(self) -> None:
        """Check every step that signing in with this input depends on."""
        from tui.screens.diagnostics import DiagnosticsScreen  # noqa: PLC0415 - imported on demand

        self.app.push_screen(DiagnosticsScreen(self._entered_settings, has_keyring=self._has_keyring))

    @property
    def _entered_settings(self) -> RawSettings:
        raw_settings = self._raw_settings.changed({name: self._entered(name) for name, _, _ in _PROMPTS}, TYPED)
        return raw_settings.with_secret(Secret(self._entered("CLIENT_SECRET")), TYPED)

    def action_leave(self) -> None:
        """Clear the notice, but keep the input. This key never quits the program."""
        if self._notice.is_shown:
            self._notice.clear()
        else:
            self._notice.show_message(format_keys("Press {quit|Ctrl+Q} to quit."))

    def _show_error(self, message: str, advice: str = "") -> None:
        """Show an error, with the form's labels in place of setting names."""
        for name, label in _LABELS.items():
            message, advice = (re.sub(rf"\b{name}\b", f"“{label}”", words) for words in (message, advice))
        self._notice.show_message(message, advice, "error")

    def _entered(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def _ticked(self, name: str) -> bool:
        return self.query_one(f"#{name}", CheckBox).value


def _blamed(problem: AIRiskError | None) -> Iterator[str]:
    """Yield the fields that the message, then the advice, names as the cause."""
    for words in (problem.message.upper(), problem.advice) if problem else ():
        yield from (name for name in _FIELDS if name in words)


_WELCOME_ALONE = (
    "Single-user mode: airisk-tui signs in as you and does not load the user list. "
    "Press Enter to move to the next field; on the last one it connects."
)

_WELCOME = (
    "airisk-tui signs in with your API client, lists the users, and lets you act as any of them. "
    "Press Enter to move to the next field; on the last one it connects."
)


_DEMO = "\nNo deployment yet? Run airisk-tui demo."


def _row(label: str, widget: Input | Checkbox) -> Iterator[Horizontal]:
    yield Horizontal(Label(label, classes="field-name", markup=False), widget, id=f"row-{widget.id}", classes="field")
