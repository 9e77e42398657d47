"""Sandbox in the foreground of a terminal: prints the settings for it and waits for a signal."""

import os
import shlex
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tui.sandbox.options import Options
from tui.sandbox.server import Sandbox

# Exit code for each signal; Ctrl+C is the usual one.
_ENDINGS = {signal.SIGINT: 0, signal.SIGTERM: 128 + signal.SIGTERM, signal.SIGHUP: 128 + signal.SIGHUP}

_MARK = "# airisk-tui sandbox: deleted when it stops"


class UnservableError(Exception):
    """Raised if the port or the file is unavailable; the message is for the user."""


def serve(options: Options, env_file: str | None) -> int:
    """Serve until a signal arrives; return the exit code."""
    # Blocked before any thread starts, so that no thread is interrupted and no signal arrives too early.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
    try:
        with _served(options) as sandbox, _settings_file(sandbox, env_file) as path:
            _say(sandbox, path)
            return _ENDINGS[signal.Signals(signal.sigwait(_ENDINGS))]
    except UnservableError as error:
        sys.stderr.write(f"airisk-tui: {error}\n")
        return 2
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _served(options: Options) -> Iterator[Sandbox]:
    with ExitStack() as stack:
        try:
            sandbox = stack.enter_context(Sandbox(options))
        except OSError as error:
            raise UnservableError(f"Cannot listen on port {options.port}: {error.strerror or error}.") from None
        yield sandbox


def _say(sandbox: Sandbox, path: Path) -> None:
    opened = f"# airisk-tui --env-file {shlex.quote(str(path))}\n"
    sys.stdout.write(f"{_settings(sandbox)}{opened}")
    sys.stdout.flush()


def _settings(sandbox: Sandbox) -> str:
    """Return the settings for the sandbox, without the secret."""
    options = sandbox.options
    return (
        f"AIRISK_URL={sandbox.url}\n"
        f"CLIENT_ID={options.client_id}\n"
        f"REDIRECT_URI={options.registered[0]}\n"
        f"USER_ID={options.user_id}\n"
    )


@contextmanager
def _settings_file(sandbox: Sandbox, env_file: str | None) -> Iterator[Path]:
    """Write the complete settings to a file that only this user can read, and remove it afterwards."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    with tempfile.TemporaryDirectory(
        prefix="airisk-tui-", dir=runtime if os.access(runtime, os.W_OK | os.X_OK) else None
    ) as private:
        path = Path(env_file) if env_file else Path(private, "sandbox.env")
        quoted = sandbox.options.client_secret.replace("\\", "\\\\").replace("'", "\\'")
        _write(path, f"{_MARK}\n{_settings(sandbox)}CLIENT_SECRET='{quoted}'\n")
        try:
            yield path
        finally:
            if _is_ours(path):
                path.unlink()


def _write(path: Path, content: str) -> None:
    try:
        if _is_ours(path):
            path.unlink()
        # The file is created, never opened: no existing file is written to, and no link is followed.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
    except FileExistsError:
        raise UnservableError(f"{path} already exists and was not written by a sandbox. Choose another file.") from None
    except OSError as error:
        raise UnservableError(f"{path} cannot be written: {error.strerror}.") from None


def _is_ours(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.readline(200).rstrip() == _MARK.encode()
