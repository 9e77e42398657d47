"""A curl command that is pasted sends what curl itself would send."""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.curl_commands import WRITTEN
from tests.kit.machine import needs
from tests.kit.overhearing import Ear, Heard, overhearing, send, understood
from tui.airisk.curl.parse import read_curl


@pytest.fixture
def ear() -> Iterator[Ear]:
    with overhearing() as listening:
        yield listening


@pytest.mark.parametrize("command", [each for each in WRITTEN if "HERE" in each and not each.startswith("$")])
def test_curl_itself_means_the_same(ear: Ear, tmp_path: Path, command: str) -> None:
    needs("curl")
    command = command.replace("HERE", f"{ear.origin}/api/x")
    asyncio.run(send(read_curl(command, ear.origin).draft, ear.origin, has_token=False))
    ours = understood(ear.last())
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    theirs = understood(ear.last())
    assert (ours.line, ours.body) == (theirs.line, theirs.body), done.stderr
    assert type_of(ours) == type_of(theirs)


def type_of(heard: Heard) -> list[bytes]:
    return [value for name, value in heard.headers if name.lower() == b"content-type"]
