"""Data stored for each deployment: favorites, recents, form values, the last plan and an imported description."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec

from tui.background import DaemonExecutor, run_in_thread
from tui.config.paths import of_deployment, workspaces_directory
from tui.decoding import decode_json
from tui.errors import WorkspaceError
from tui.files import make_private_directory, read_bounded, write_atomic

_RECENT = 8
_REMEMBERED = 200
"""Endpoints whose form values are stored, the latest ones."""

_LONGEST = 100_000
"""Characters of a value; longer ones are not stored."""


class EndpointUsage(msgspec.Struct, frozen=True):
    """Usage of the endpoints. It holds form values, but neither secrets nor responses.

    `typed` holds the values of each form by field name, the latest form last. `completed` holds the method and the path
    that the user entered for endpoints with an unknown path. `has_looked` says whether the deployment was searched for
    its OpenAPI description.
    """

    favourites: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    typed: dict[str, dict[str, str]] = {}
    completed: dict[str, tuple[str, str]] = {}
    has_looked: bool = False

    def used(self, key: str, values: Mapping[str, str]) -> EndpointUsage:
        """Note that an endpoint was sent with these values."""
        others = {other: form for other, form in self.typed.items() if other != key}
        kept = {name: value for name, value in values.items() if len(value) <= _LONGEST}
        latest = list({**others, key: kept}.items())[-_REMEMBERED:]
        recent = tuple(dict.fromkeys((key, *self.recent)))[:_RECENT]
        return msgspec.structs.replace(self, typed=dict(latest), recent=recent)

    def favoured(self, key: str) -> EndpointUsage:
        """Mark an endpoint as a favorite, or unmark it."""
        is_one = key in self.favourites
        favourites = tuple(each for each in self.favourites if each != key) if is_one else (*self.favourites, key)
        return msgspec.structs.replace(self, favourites=favourites)

    def knowing(self, title: str, method: str, path: str) -> EndpointUsage:
        """Note the path that the user entered for an endpoint with an unknown path."""
        return msgspec.structs.replace(self, completed={**self.completed, title: (method, path)})

    def looked(self) -> EndpointUsage:
        """Note that the deployment was searched for its OpenAPI description."""
        return msgspec.structs.replace(self, has_looked=True)


class PlanChoices(msgspec.Struct, frozen=True, omit_defaults=True):
    """The last choices in the plan of a matrix: users, objects, pace, and the paths of files.

    The users are `all`, `sample`, `acting` or `role:NAME`. Marks, the reason, and what may change data are chosen each
    time.
    """

    whom: str = ""
    sample: int = 20
    others: tuple[str, ...] = ("application", "anonymous")
    objects: tuple[str, ...] = ()
    concurrency: int = 4
    rate: float = 50.0
    files: dict[str, str] = {}


_VERSION = 1
_LARGEST = 64 * 1024 * 1024
"""Bytes: an imported description has 16 MB at most, but may have come from a file."""


class _Versioned(msgspec.Struct, frozen=True):
    version: int


class _File(_Versioned, frozen=True):
    origin: str
    habits: EndpointUsage


class WorkspaceStore:
    """Data stored for one deployment.

    Blocking work runs on its own thread, in the order of the calls.

    Args:
        origin: of the deployment.
        directory: where the data of all deployments is stored; by default in the user's state directory.
    """

    def __init__(self, origin: str, directory: Path | None = None) -> None:
        self._origin = origin
        self._directory = of_deployment(directory or workspaces_directory(), origin)
        self._thread = DaemonExecutor(max_workers=1, name="memory")

    async def habits(self) -> EndpointUsage:
        """Return how the endpoints are used.

        Raises:
            WorkspaceError: the file is from another version, damaged or unreadable; it stays as it is.
        """
        return await run_in_thread(self._read_habits, executor=self._thread)

    async def keep_habits(self, habits: EndpointUsage) -> None:
        """Store how the endpoints are used.

        Raises:
            WorkspaceError: it cannot be written.
        """
        content = msgspec.json.encode(_File(_VERSION, self._origin, habits))
        await run_in_thread(self._write, "habits.json", content, executor=self._thread)

    async def plan(self) -> PlanChoices:
        """Return the last choices in the plan of a matrix; the defaults if there are none, or they are damaged.

        Raises:
            WorkspaceError: they cannot be read.
        """
        content = await run_in_thread(self._read, "plan.json", executor=self._thread)
        try:
            return decode_json(content, PlanChoices) if content else PlanChoices()
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return PlanChoices()

    async def keep_plan(self, choices: PlanChoices) -> None:
        """Store the choices in the plan of a matrix.

        Raises:
            WorkspaceError: they cannot be written.
        """
        await run_in_thread(self._write, "plan.json", msgspec.json.encode(choices), executor=self._thread)

    async def document(self) -> bytes:
        """Return the OpenAPI description that was imported last; empty if there is none.

        Raises:
            WorkspaceError: it cannot be read.
        """
        return await run_in_thread(self._read, "openapi", executor=self._thread)

    async def keep_document(self, content: bytes) -> None:
        """Store an OpenAPI description.

        Raises:
            WorkspaceError: it cannot be written.
        """
        await run_in_thread(self._write, "openapi", content, executor=self._thread)

    @property
    def exists(self) -> bool:
        """Whether there is anything. Blocks."""
        return self._directory.exists()

    def forget(self) -> bool:
        """Remove everything, and return whether there was anything. Blocks.

        Raises:
            WorkspaceError: something could not be removed.
        """
        if not self.exists:
            return False
        try:
            shutil.rmtree(self._directory)
        except OSError as error:
            raise _failure("cannot be deleted", error) from None
        return True

    def _read_habits(self) -> EndpointUsage:
        content = self._read("habits.json")
        if not content:
            return EndpointUsage()
        try:
            version = decode_json(content, _Versioned).version
            file = decode_json(content, _File) if version == _VERSION else None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise WorkspaceError(
                "The saved data of this deployment is damaged.",
                advice=f"Run `airisk-tui forget` to delete it. It is in {self._directory}.",
            ) from None
        if file is None:
            raise WorkspaceError(
                "The saved data of this deployment was written by another version of airisk-tui.",
                advice="Run `airisk-tui forget` to delete it. Until then, nothing is saved.",
            )
        return file.habits if file.origin == self._origin else EndpointUsage()

    def _read(self, name: str) -> bytes:
        try:
            return read_bounded(self._directory / name, _LARGEST)
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise _failure("cannot be read", error) from None

    def _write(self, name: str, content: bytes) -> None:
        target = self._directory / name
        try:
            if not content:
                target.unlink(missing_ok=True)
                return
            make_private_directory(self._directory)
            write_atomic(target, content)
        except OSError as error:
            raise _failure("cannot be saved", error) from None


def _failure(words: str, error: OSError) -> WorkspaceError:
    return WorkspaceError(f"The saved data of this deployment {words}: {error.strerror or error}.")
