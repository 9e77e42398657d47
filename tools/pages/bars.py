"""The identity bar in each of its states, as a picture: in colour, and as a terminal with NO_COLOR shows it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from tests.kit.gallery.camera import masked
from tui import clocks
from tui.airisk.auth.oauth import Token
from tui.airisk.guard_rails import ActingPeriod
from tui.airisk.identity import Identity, SubjectCheck
from tui.app.themes import DARK, LIGHT, OPENING_STYLES
from tui.config.keyring import Secret
from tui.widgets.identity_bar import IdentityBar, IdentityBarApp, IdentityStatus

DOCS = Path(__file__).parents[2] / "docs"


class Bars(IdentityBarApp):
    """Each state under its name."""

    CSS_PATH = OPENING_STYLES
    CSS = "IdentityBar { dock: none; margin-bottom: 1; } Static.name { color: $text-muted; }"

    def compose(self) -> ComposeResult:
        """Name and bar, for each."""
        for name, _ in states():
            yield Static(Content(name), classes="name")
            yield IdentityBar()

    def on_mount(self) -> None:
        """Each bar tells its own."""
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

    def show(self) -> None:
        """Let each bar show its own state."""
        for bar, (_, status) in zip(self.query(IdentityBar), states(), strict=True):
            bar.show(status)


def states() -> Iterator[tuple[str, IdentityStatus]]:
    """Return every state that a bar can show."""
    now, secret = clocks.wall(), Secret("never shown")
    ada = Identity("user", "u-000127", "Grace Hopper", SubjectCheck.CONFIRMED)
    signed_in = IdentityStatus(
        state="signed in",
        client_id="client-4711",
        host="demo.aicrisk.com",
        label="staging",
        token=Token(secret, expires_at=now + 2530),
    )
    acting = replace(signed_in, identity=ada, act=ActingPeriod(ada, 60))
    asserted = replace(ada, subject_check=SubjectCheck.NOT_CONFIRMED)
    yield "not signed in", replace(signed_in, state="signed out")
    yield "application", signed_in
    yield "signing in", replace(signed_in, becoming=ada)
    yield "acting as, confirmed", acting
    yield "acting as, not confirmed", replace(acting, identity=asserted)
    yield "expiring soon", replace(acting, token=Token(secret, expires_at=now + 42), act=ActingPeriod(ada, 0.8))
    yield "read-only", replace(acting, is_read_only=True)
    yield "production, application", replace(signed_in, label="production")
    yield "production, acting as", replace(acting, label="production")
    claims = replace(asserted, name="Ada Lovelace · u-000042 · token confirmed")
    yield "acting as somebody whose name claims more", replace(acting, identity=claims)


async def take_bars() -> None:
    """docs/bars.svg and docs/bars-no-color.svg."""
    for name, has_colour in (("bars", True), ("bars-no-color", False)):
        with pytest.MonkeyPatch.context() as environment:
            environment.delenv("NO_COLOR", raising=False)
            if not has_colour:
                environment.setenv("NO_COLOR", "1")
            app = Bars()
            async with app.run_test(size=(110, 3 * len(list(states())))) as pilot:
                app.show()
                await pilot.pause()
                svg = app.export_screenshot(title="the identity bar")
        (DOCS / f"{name}.svg").write_text(as_page_shows(svg), encoding="utf-8")


def as_page_shows(svg: str) -> str:
    """Without fonts from elsewhere, the reader's own will do; and without what is another each time."""
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL).replace("Fira Code", "ui-monospace, DejaVu Sans Mono")
    return masked(re.sub(r"terminal-\d+", "terminal", svg)).replace("<text ", '<text xml:space="preserve" ')
