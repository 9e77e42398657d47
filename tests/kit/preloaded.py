"""What the server that forks has imported: all that the program imports until the users are listed."""

# ruff: noqa: E402, F401 - the order matters, and what is imported is for those that are forked
import os

from tui.cli import main

os.environ["TEXTUAL_FPS"] = "120"  # as the program has it when it imports Textual
main.spare_imports()

import textual.drivers.linux_driver

from tests.kit import shell, trails, working
from tui.airisk import session
from tui.airisk.users import stream_parser
from tui.app import app
from tui.config import secret_service
from tui.screens.main import screen
