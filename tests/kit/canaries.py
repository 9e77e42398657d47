"""Looks for a secret in whatever form it may have been written."""

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus


def forms_of(secret: str) -> Iterator[bytes]:
    """The secret as it is, percent-encoded, as JSON, in hexadecimal, and in base64 wherever it begins."""
    data = secret.encode()
    for text in (
        secret,
        quote(secret, safe=""),
        quote_plus(secret),
        quote(secret),
        json.dumps(secret)[1:-1],
        data.hex(),
    ):
        yield text.encode()
    for shift in range(3):
        # The outermost characters also depend on what stands before and after.
        encoded = base64.b64encode(b"\0" * shift + data).rstrip(b"=")[(0, 2, 3)[shift] : -1]
        yield encoded
        yield encoded.translate(bytes.maketrans(b"+/", b"-_"))


def is_in(secret: str, data: bytes | bytearray) -> bool:
    """Whether any form of it occurs."""
    return any(form in data for form in forms_of(secret))


def files_with(secrets: Iterable[str], *roots: Path) -> list[str]:
    """The names of files below that hold one of them."""
    secrets = list(secrets)
    files = [path for root in roots for path in root.rglob("*") if path.is_file()]
    return [path.name for path in files if any(is_in(secret, path.read_bytes()) for secret in secrets)]


def processes_showing(secret: str) -> list[str]:
    """The processes of this machine in whose command line it can be read."""
    return [pid for pid, line in _of_processes("cmdline") if is_in(secret, line)]


def environments_showing(secret: str, *, but: Iterable[int]) -> list[str]:
    """The processes in whose environment it can be read, except those to whom it was given there."""
    given = {str(pid) for pid in but}
    return [pid for pid, variables in _of_processes("environ") if pid not in given and is_in(secret, variables)]


def _of_processes(name: str) -> Iterator[tuple[str, bytes]]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            yield process.name, (process / name).read_bytes()
        except OSError:  # it has ended, or is not ours
            continue
