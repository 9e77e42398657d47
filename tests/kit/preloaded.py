"""What the server that forks has imported: the whole program, and what its libraries import at their first use."""

# ruff: noqa: E402, F401 - the order matters, and what is imported is for those that are forked
import os
import pkgutil
from importlib import import_module

import tui
from tui.cli import main

os.environ["TEXTUAL_FPS"] = "120"  # as the program has it when it imports Textual
main.spare_imports()

import ctypes

import anyio._backends._asyncio
import dotenv.parser
import httpcore
import keyring.backends
import textual.drivers.linux_driver

from tests.kit import shell, trails, working
from tests.kit.memory import collect_and_freeze

for module in pkgutil.walk_packages(tui.__path__, "tui."):
    if not module.name.endswith("__main__"):
        import_module(module.name)

# Otherwise each forked program would look through all of it for garbage, and so copy it.
collect_and_freeze()
