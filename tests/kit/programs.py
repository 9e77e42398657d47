"""Programs beside this one. They are forked from a server that has imported what they need: each starts at once."""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.kit.trails", "tests.kit.working"])


@contextmanager
def another_program(
    does: Callable[..., None], path: Path, *arguments: object
) -> Iterator[tuple[BaseProcess, Connection]]:
    """One that does something with a path, until it is done or killed; what it says is heard on the connection."""
    heard, said = _PROCESSES.Pipe(duplex=False)
    program = _PROCESSES.Process(target=does, args=(path, said, *arguments), daemon=True)
    program.start()
    said.close()
    try:
        yield program, heard
    finally:
        program.kill()
        program.join()
        program.close()
        heard.close()
