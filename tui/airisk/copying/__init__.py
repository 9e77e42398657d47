"""A request written down, so that it can be run elsewhere; tokens are variables in it, never values.

What is written sends the same bytes as the program itself does, and what the program would refuse is not written.
"""

from tui.airisk.copying.command import as_command
from tui.airisk.copying.curl import as_curl
from tui.airisk.copying.script import as_python

__all__ = ["as_command", "as_curl", "as_python"]
