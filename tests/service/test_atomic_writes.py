"""A file that is replaced is the old one or the new one, whatever happens, and nothing else is left beside it."""

import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tui.files import write_atomic

pytestmark = pytest.mark.fault("terminal and process")


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_where_the_disk_is_full_the_old_file_stays_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(b"old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[0][1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_atomic(path, bytes(2000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before[0])
        signal.signal(signal.SIGXFSZ, before[1])
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["answer.json"]


def test_what_a_killed_program_left_is_removed_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    over = subprocess.Popen([sys.executable, "-c", ""])
    over.wait()
    for name in (f".airisk-tui-{over.pid}-7", f".airisk-tui-{os.getppid()}-7", ".airisk-tui-rc"):
        (tmp_path / name).touch()
    write_atomic(tmp_path / "answer.json", b"new")
    assert names(tmp_path) == [f".airisk-tui-{os.getppid()}-7", ".airisk-tui-rc", "answer.json"]


def test_it_is_private_unless_it_may_be_what_it_was(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.touch()
    path.chmod(0o640)
    write_atomic(path, b"new", mode=None)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    write_atomic(path, b"newer")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == b"newer"


def test_a_link_stays_one(tmp_path: Path) -> None:
    path, link = tmp_path / "answer.json", tmp_path / "link"
    link.symlink_to(path)
    write_atomic(link, b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
    itself = tmp_path / "itself"
    itself.symlink_to(itself)
    with pytest.raises(OSError, match="Too many levels"):
        write_atomic(itself, b"new")


def test_a_device_is_written_to_and_a_directory_is_not() -> None:
    write_atomic(Path("/dev/null"), b"new")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    with pytest.raises(OSError, match="No space left"):
        write_atomic(Path("/dev/full"), b"new")
    with pytest.raises(IsADirectoryError):
        write_atomic(Path("/tmp"), b"new")
