"""A request that a person brings along: a curl command from a browser or by hand, or one typed freely.

Whatever it says, it becomes a draft for this deployment, without a token, or is refused in words.
"""

from tui.airisk.endpoints.raw_request import read_raw
from tui.airisk.pasting.curl import Pasted, read_curl

__all__ = ["Pasted", "read_curl", "read_raw"]
