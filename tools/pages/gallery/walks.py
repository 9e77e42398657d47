"""Every walk with a camera, and the screens that it comes to."""

from typing import Any

from textual.screen import Screen

from tools.pages.gallery import answering, asking, matrices, opening, people
from tools.pages.gallery.camera import Walk
from tui.screens.ask import AskScreen
from tui.screens.cell import CellScreen
from tui.screens.check import CheckScreen
from tui.screens.choose import ChooseScreen
from tui.screens.compare import CompareScreen
from tui.screens.confirm import ConfirmScreen, ReasonScreen
from tui.screens.deployments import DeploymentsScreen
from tui.screens.file import FileScreen
from tui.screens.help import HelpScreen
from tui.screens.history import HistoryScreen
from tui.screens.main import MainScreen
from tui.screens.matrix import MatrixScreen
from tui.screens.opening import OpeningScreen
from tui.screens.paste import PasteScreen
from tui.screens.plan import PlanScreen
from tui.screens.read import ReadScreen
from tui.screens.sign_in import SignInScreen

WALKS: dict[Walk, set[type[Screen[Any]]]] = {
    opening.first_run: {SignInScreen},
    opening.waiting: {OpeningScreen, MainScreen},
    opening.not_listed: {MainScreen},
    opening.checked: {CheckScreen},
    opening.deployments: {DeploymentsScreen, AskScreen, ReadScreen},
    people.users: {MainScreen},
    people.acting: {MainScreen, ReasonScreen},
    people.becoming: {MainScreen},
    people.guided: {MainScreen, HelpScreen},
    asking.explorer: {MainScreen, ChooseScreen, FileScreen, PasteScreen},
    asking.request: {MainScreen, ConfirmScreen},
    answering.answer: {MainScreen, ChooseScreen, CompareScreen, AskScreen},
    answering.kinds: {MainScreen},
    answering.streams: {MainScreen},
    answering.history: {HistoryScreen},
    matrices.matrix: {PlanScreen, MatrixScreen, CellScreen},
}
"""Each walk, and which screens its pictures show."""
