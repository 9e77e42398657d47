"""Where keys act: each place with whatever binds keys there, the innermost first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode

from tui.panes.comparison import ComparisonPane
from tui.panes.explorer import EndpointTable, ExplorerPane
from tui.panes.history import HistoryPane, HistoryTable, PastPane
from tui.panes.matrix.pane import MatrixPane
from tui.panes.matrix.table import MatrixTable
from tui.panes.request.editors import BodyText
from tui.panes.request.fields import FileInput
from tui.panes.request.pane import RequestPane
from tui.panes.response.pane import ResponsePane
from tui.panes.users import UsersPane, UsersTable
from tui.screens.ask import AskScreen
from tui.screens.cell import CellScreen
from tui.screens.check import CheckScreen
from tui.screens.choose import Choices, ChooseScreen
from tui.screens.compare import CompareScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.deployments import DeploymentsScreen
from tui.screens.file import FileScreen
from tui.screens.help import HelpScreen
from tui.screens.history import HistoryScreen
from tui.screens.main import MainScreen
from tui.screens.matrix import MatrixScreen
from tui.screens.paste import PasteScreen
from tui.screens.plan import PlanScreen
from tui.screens.read import ReadScreen
from tui.screens.sign_in import SignInScreen
from tui.widgets.inputs import Cycler, DialogInput, FilterInput
from tui.widgets.json_viewer.text_view import TextView
from tui.widgets.json_viewer.viewer import JsonViewer, QueryInput

_PLACES: tuple[tuple[str, tuple[type[DOMNode], ...]], ...] = (
    ("Users", (UsersTable, UsersPane, MainScreen)),
    ("A filter", (FilterInput, MainScreen)),
    ("Explorer", (EndpointTable, ExplorerPane, MainScreen)),
    ("Request", (RequestPane, MainScreen)),
    ("A file of a request", (FileInput, RequestPane, MainScreen)),
    ("The body of a request", (BodyText, RequestPane, MainScreen)),
    ("Answer", (TextView, JsonViewer, ResponsePane, MainScreen)),
    ("A search or filter of an answer", (QueryInput, TextView, JsonViewer, ResponsePane, MainScreen)),
    ("Comparison", (ComparisonPane, CompareScreen)),
    ("History", (HistoryTable, HistoryPane, HistoryScreen)),
    ("An exchange of the history", (PastPane, HistoryScreen)),
    ("Plan of a matrix", (Cycler, PlanScreen)),
    ("Matrix", (MatrixTable, MatrixPane, MatrixScreen)),
    ("A cell of a matrix", (TextView, CellScreen)),
    ("Sign-in", (SignInScreen,)),
    ("Check of the connection", (CheckScreen,)),
    ("Deployments", (Choices, DeploymentsScreen)),
    ("A question", (DialogInput, AskScreen)),
    ("Before something is sent", (ConfirmScreen,)),
    ("A choice", (Choices, ChooseScreen)),
    ("A file to choose", (Choices, FileScreen)),
    ("A text to paste", (PasteScreen,)),
    ("A text to read", (TextView, ReadScreen)),
    ("Help", (HelpScreen,)),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place, and the bindings that act in it, the innermost first."""

    name: str
    bindings: tuple[Binding, ...]


def places(app: type[App[None]]) -> Iterator[Place]:
    """Every place of the program.

    Args:
        app: whose bindings act everywhere.
    """
    for name, nodes in _PLACES:
        yield Place(name, tuple(each for node in (*nodes, app) for each in _own(node)))


def bindings(app: type[App[None]]) -> dict[str, Binding]:
    """Every binding of the program by its id."""
    return {binding.id: binding for place in places(app) for binding in place.bindings if binding.id}


def _own(node: type[DOMNode]) -> Iterator[Binding]:
    """What the program binds there itself: only that has an id."""
    for each in node.__mro__:
        for binding in vars(each).get("BINDINGS", ()):
            if isinstance(binding, Binding) and binding.id and each.__module__.startswith("tui."):
                yield binding
