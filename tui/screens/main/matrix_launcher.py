"""Plan a matrix of the marked users and endpoints, and open its screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.airisk.endpoints.uploads import read_upload
from tui.airisk.models import Upload
from tui.airisk.users.roles import common_roles
from tui.background import run_in_thread
from tui.config.workspace import WorkspaceStore
from tui.errors import AIRiskError
from tui.key_labels import format_keys, keys_wait
from tui.screens.main.controller import Controller

if TYPE_CHECKING:
    from tui.access.planner import PlanInputs
    from tui.airisk.session import Session


_MOST_ROLES = 20
"""Roles that a plan offers, the most common ones. The filter of the user list finds others."""


class MatrixLauncher(Controller):
    """Plans a matrix of the marked users and endpoints, and opens it."""

    @property
    def has_marks(self) -> bool:
        """Whether anything is marked."""
        return bool(self._panes.users.marked or self._panes.explorer.marked)

    def clear_marks(self) -> None:
        """Unmark all users and endpoints."""
        self._panes.users.clear_marks()
        self._panes.explorer.clear_marks()

    def open_matrix(self) -> None:
        """Plan a matrix of the marked users and endpoints, and open it."""
        self.start("matrix", self._open_matrix)

    async def _open_matrix(self) -> None:
        session = self._state.session
        if session is None or not self._state.is_signed_in:
            self.notify("Not signed in.", format_keys("Press {refresh_users|Ctrl+R} to sign in."), "warning")
            return
        from tui.screens.matrix.plan import PlanScreen  # noqa: PLC0415
        from tui.screens.matrix.screen import MatrixScreen  # noqa: PLC0415 - imported on demand

        try:
            with keys_wait(self._screen.app):  # The next key is for the plan.
                material = await self._material(session)
                workspace = WorkspaceStore(str(session.settings.origin))
                last = await workspace.plan()
        except AIRiskError as error:
            self.notify(error.message, error.advice)
            return
        planned = await self.open_dialog(PlanScreen(session, material, last, workspace))
        if planned:
            self._state.has_run_matrix = True
            self._state.publish()
            screen = MatrixScreen(session, planned)
            self._state.access_of = screen.access_of
            self._screen.app.push_screen(screen)

    async def _material(self, session: Session) -> PlanInputs:
        """Return the inputs of a plan, with the contents of the files that marked endpoints send.

        Raises:
            RequestRejectedError: a file cannot be read.
        """
        from tui.access.planner import PlanInputs  # noqa: PLC0415 - imported on demand

        listing, (words, matching) = self._panes.users.user_list, self._panes.users.filter
        roles = await run_in_thread(lambda: common_roles(listing.users, words, most=_MOST_ROLES))
        forms = tuple(self._panes.request.form_of(endpoint) for endpoint in self._panes.explorer.endpoints)
        marked = self._panes.explorer.marked
        uploads: dict[str, dict[str, Upload]] = {}
        for form in forms:
            if form.endpoint.key in marked and form.files:
                read = {name: await run_in_thread(read_upload, path) for name, path in form.files.items()}
                uploads[form.endpoint.key] = read
        return PlanInputs(
            listing=listing,
            words=words,
            matching=matching,
            roles=tuple(roles),
            users=self._panes.users.marked,
            forms=forms,
            endpoints=marked,
            active=session.active,
            known=self._state.variables,
            uploads=uploads,
        )
