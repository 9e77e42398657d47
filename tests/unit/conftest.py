"""What a unit test may not do: open a socket, start a process, run the app."""

import sys
from collections.abc import Iterator

import pytest
from textual.app import App

_NOT_HERE = {"socket.bind", "socket.connect", "subprocess.Popen", "os.posix_spawn", "os.fork", "os.forkpty"}
_is_watching = False


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if _is_watching and event in _NOT_HERE:
        raise AssertionError(f"{event} in a unit test: it belongs into another folder")


sys.addaudithook(_watch)


def _no_app(self: App[object], **_: object) -> None:
    raise AssertionError("the app in a unit test: it belongs into tests/panes or tests/screens")


@pytest.fixture(autouse=True)
def nothing_but_itself(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that needs more than this process."""
    global _is_watching  # noqa: PLW0603 - an audit hook cannot be taken away
    monkeypatch.setattr(App, "run_test", _no_app)
    _is_watching = True
    yield
    _is_watching = False
