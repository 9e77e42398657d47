"""What an admin does in nearly every story: act as somebody, and make a request ready."""

from tests.kit.pty import Terminal

ADA, GRACE = "Ada Lovelace · u-1", "Grace Hopper · u-2"
AGENTS_PATH = "/api/Chat/ListAgents"


def act_as(terminal: Terminal, who: str, *, keys: str = "") -> None:
    """Go to that user by these keys, press Enter, and wait until the bar says so."""
    terminal.sees(" 3 users ─")
    terminal.type(f"{keys}\r")
    terminal.bar_says(f"ACTING AS {who} · token not confirmed")


def open_agents(terminal: Terminal) -> None:
    """Find the list of agents in the explorer, and make a request of it."""
    terminal.type("2/list agents\r\r")
    terminal.sees(f"GET {AGENTS_PATH} HTTP/1.1")
