"""A request that is being written, as it would go: its line, the button that sends it, every header and the body."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from tui.airisk.endpoints.model import Endpoint
from tui.airisk.endpoints.variables import Variables
from tui.airisk.models import Draft, Identity
from tui.bindings import format_keys, key_label
from tui.config.origin import Origin
from tui.errors import RequestRejectedError
from tui.panes.request.forms import Forms
from tui.panes.request.preview import preview
from tui.panes.words import Words
from tui.text import clean, with_advice

_NO_ENDPOINT = (
    "Choose an endpoint in the explorer ({go_to_explorer|2}): {open_endpoint|Enter} opens it here. "
    "{toggle_raw|F6} writes a request freely."
)
_BY_NAME = "AIRisk's documentation names this operation and says no more. {toggle_raw|F6}: write it as you know it."


class PreviewedRequest(Vertical):
    """What is shown of a request before it goes; how it is written is for the pane that is made from this."""

    def __init__(self) -> None:
        super().__init__(id="request")
        self._forms = Forms()
        self._sizes: dict[str, int] = {}
        self._file_fault = ""
        self._typed_last: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """The request line, the fields, the button, and the request as it would go."""
        yield Words(format_keys(_NO_ENDPOINT), id="request-line")
        yield VerticalScroll(id="fields", can_focus=False)
        with Horizontal(id="request-actions"):
            yield Button("Send", id="send", variant="primary", compact=True)
            yield Static(key_label("submit", "F5"), id="send-key", markup=False)
        with VerticalScroll(id="preview"):
            yield Words(id="preview-text")

    def on_mount(self) -> None:
        """There is nothing to send yet."""
        self._offer_to_send()

    def show_standing(self, identity: Identity, origin: Origin, known: Variables) -> None:
        """In whose name and where it would go, and what its placeholders stand for."""
        self._forms.identity, self._forms.origin, self._forms.known = identity, origin, known
        self._preview()

    @property
    def endpoint(self) -> Endpoint | None:
        """The endpoint that the form is for."""
        return self._forms.endpoint

    @property
    def is_ready(self) -> bool:
        """Whether there is a request that could be sent."""
        return self._forms.is_ready

    def draft(self) -> Draft:
        """The request as it is typed just now, with files of no content.

        Raises:
            RequestRejectedError: it cannot be sent.
        """
        return self._forms.draft()

    def _offer_to_send(self) -> None:
        self.query_one("#request-actions").display = self.is_ready
        self.query_one("#preview").display = self.is_ready

    def _preview(self) -> None:
        """The request as it would go out, or why it would not."""
        endpoint = self.endpoint
        if not self.is_ready:
            self._tell(format_keys(_BY_NAME if endpoint else _NO_ENDPOINT))
            return
        if self._file_fault:
            self._tell_unfinished(self._file_fault)
            return
        try:
            draft = self.draft()
        except RequestRejectedError as refusal:
            self._tell_unfinished(with_advice(refusal.message, refusal.advice))
        else:
            host = self._forms.origin.name if self._forms.origin else ""
            self._tell(Content.assemble((draft.method, "bold"), " ", clean(draft.shown_target)))
            shown = preview(draft, self._forms.identity, host, self._sizes)
            self.query_one("#preview-text", Words).update(shown)

    def _tell_unfinished(self, words: str) -> None:
        method, path = self._forms.begun
        line = Content.assemble((method, "bold"), " ", clean(path))
        self._tell(line + Content.styled(f"\n{clean(words)}", "$text-warning"))
        self.query_one("#preview-text", Words).update("")

    def _tell(self, words: str | Content) -> None:
        self.query_one("#request-line", Words).update(words)
