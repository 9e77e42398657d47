"""A screen on which users and endpoints are marked for a matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from tui.airisk.endpoints.uploads import read_upload
from tui.airisk.models import APPLICATION, Upload
from tui.background import run_in_thread
from tui.bindings import format_keys
from tui.errors import AIRiskError
from tui.screens.turns import TurnsScreen

if TYPE_CHECKING:
    from tui.access.planner import PlanInputs


class MarkingScreen(TurnsScreen):
    """Everything about what goes into a matrix."""

    has_run_matrix = False

    @work(group="matrix", exclusive=True)
    async def open_matrix(self) -> None:
        """Plan a matrix of what is marked, and look at it."""
        session = self.session
        if session is None or not self.is_signed_in:
            self.tell("Not signed in.", format_keys("{refresh_users|Ctrl+R} signs in."), "warning")
            return
        from tui.screens.matrix.plan import PlanScreen  # noqa: PLC0415
        from tui.screens.matrix.screen import MatrixScreen  # noqa: PLC0415 - not for the first paint

        try:
            material = await self._material()
        except AIRiskError as error:
            self.tell(error.message, error.advice)
            return
        planned = await self.app.push_screen_wait(PlanScreen(session, material))
        if planned:
            self.has_run_matrix = True
            self.app.push_screen(MatrixScreen(session, planned))

    def clear_marks(self) -> None:
        """Mark nobody and nothing."""
        self.users.clear_marks()
        self.explorer.clear_marks()

    @property
    def has_marks(self) -> bool:
        """Whether anything is marked."""
        return bool(self.users.marked or self.explorer.marked)

    async def _material(self) -> PlanInputs:
        """What there is to choose from; the files that marked endpoints send are read.

        Raises:
            RequestRejectedError: a file cannot be read.
        """
        from tui.access.planner import PlanInputs  # noqa: PLC0415 - not for the first paint

        words, matching = self.users.filter
        forms = tuple(self.request.form_of(endpoint) for endpoint in self.explorer.endpoints)
        marked = self.explorer.marked
        uploads: dict[str, dict[str, Upload]] = {}
        for form in forms:
            if form.endpoint.key in marked and form.files:
                read = {name: await run_in_thread(read_upload, path) for name, path in form.files.items()}
                uploads[form.endpoint.key] = read
        return PlanInputs(
            listing=self.users.user_list,
            words=words,
            matching=matching,
            users=self.users.marked,
            forms=forms,
            endpoints=marked,
            active=self.session.active if self.session else APPLICATION,
            known=self.known,
            uploads=uploads,
        )
