"""A stand-in AIRisk over real HTTP on loopback, made from the documentation alone.

`with Sandbox(Options()) as sandbox:` serves in this process, `with start_child(Options()) as child:` in its own.
The names are imported on first use, because the command line imports this package on every start.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui.sandbox.options import Options
    from tui.sandbox.process import ChildSandbox, SandboxError, start_child
    from tui.sandbox.server import Sandbox

__all__ = ["MOST_USERS", "ChildSandbox", "Options", "Sandbox", "SandboxError", "start_child"]

MOST_USERS = 1_000_000

_HOMES = {
    "ChildSandbox": "process",
    "Options": "options",
    "Sandbox": "server",
    "SandboxError": "process",
    "start_child": "process",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"tui.sandbox.{_HOMES[name]}"), name)
