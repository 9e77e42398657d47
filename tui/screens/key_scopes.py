"""Places where keys act, each with the classes that bind keys there, innermost first."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode

from tui.key_labels import KeyScope
from tui.panes.comparison import ComparisonPane, DifferenceTable
from tui.panes.conversation import MessageText
from tui.panes.explorer import EndpointTable, ExplorerPane
from tui.panes.history import HistoryPane, HistoryTable, PastPane
from tui.panes.matrix.pane import MatrixPane
from tui.panes.matrix.table import MatrixTable
from tui.panes.request.editors import BodyText
from tui.panes.request.fields import FileInput
from tui.panes.request.pane import RequestPane
from tui.panes.response.pane import ResponsePane
from tui.panes.users import UsersPane, UsersTable
from tui.screens.deployments import DeploymentsScreen
from tui.screens.diagnostics import DiagnosticsScreen
from tui.screens.dialogs import ChoiceDialog, ConfirmDialog, OptionMenu, PasteDialog, PromptDialog, TextDialog
from tui.screens.diff import CompareScreen
from tui.screens.file_picker import FilePicker
from tui.screens.help import HelpScreen
from tui.screens.history import HistoryScreen
from tui.screens.main.screen import MainScreen
from tui.screens.matrix.cell import CellScreen
from tui.screens.matrix.plan import PlanScreen
from tui.screens.matrix.screen import MatrixScreen
from tui.screens.palette import PaletteScreen
from tui.screens.sign_in import SignInScreen
from tui.screens.talk import TalkScreen
from tui.widgets.inputs import Cycler, DialogInput, FilterInput
from tui.widgets.json_viewer.object_table import ObjectTable
from tui.widgets.json_viewer.text_view import TextView
from tui.widgets.json_viewer.viewer import JsonViewer, QueryInput

_SCOPES: tuple[tuple[str, tuple[type[DOMNode], ...]], ...] = (
    ("Users", (UsersTable, UsersPane, MainScreen)),
    ("Filter", (FilterInput, MainScreen)),
    ("Explorer", (EndpointTable, ExplorerPane, MainScreen)),
    ("Request", (RequestPane, MainScreen)),
    ("File field of a request", (FileInput, RequestPane, MainScreen)),
    ("Body of a request", (BodyText, RequestPane, MainScreen)),
    ("Response", (TextView, JsonViewer, ResponsePane, MainScreen)),
    ("Response as a table", (ObjectTable, JsonViewer, ResponsePane, MainScreen)),
    ("Search or filter of a response", (QueryInput, TextView, JsonViewer, ResponsePane, MainScreen)),
    ("Comparison", (DifferenceTable, ComparisonPane, CompareScreen)),
    ("Conversation", (MessageText, TalkScreen)),
    ("History", (HistoryTable, HistoryPane, HistoryScreen)),
    ("Request in the history", (PastPane, HistoryScreen)),
    ("Matrix plan", (Cycler, PlanScreen)),
    ("Matrix", (MatrixTable, MatrixPane, MatrixScreen)),
    ("Matrix cell", (TextView, CellScreen)),
    ("Sign-in", (SignInScreen,)),
    ("Connection check", (DiagnosticsScreen,)),
    ("Deployments", (OptionMenu, DeploymentsScreen)),
    ("Prompt", (DialogInput, PromptDialog)),
    ("Confirmation", (ConfirmDialog,)),
    ("Menu", (OptionMenu, ChoiceDialog)),
    ("File browser", (OptionMenu, FilePicker)),
    ("Paste dialog", (PasteDialog,)),
    ("Text dialog", (TextView, TextDialog)),
    ("Palette", (PaletteScreen,)),
    ("Help", (HelpScreen,)),
)


def key_scopes(app: type[App[None]]) -> Iterator[KeyScope]:
    """Yield every place of the program.

    Args:
        app: whose bindings act everywhere.
    """
    for name, nodes in _SCOPES:
        yield KeyScope(name, tuple(each for node in (*nodes, app) for each in _own(node)))


def bindings(app: type[App[None]]) -> dict[str, Binding]:
    """Return every binding of the program by its id."""
    return {binding.id: binding for scope in key_scopes(app) for binding in scope.bindings if binding.id}


def _own(node: type[DOMNode]) -> Iterator[Binding]:
    """Yield the bindings that the program defines on this class or its bases; only these have an id."""
    for each in node.__mro__:
        for binding in vars(each).get("BINDINGS", ()):
            if isinstance(binding, Binding) and binding.id and each.__module__.startswith("tui."):
                yield binding
