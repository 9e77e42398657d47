"""A `.env` that belongs to somebody else. It is read in a process of its own, which is not root's."""

import os
from multiprocessing.connection import Connection
from pathlib import Path

from tests.kit.shell import another_program
from tui.config.env_file import read_env_file
from tui.errors import SettingsError

NOBODY = 65534


def read_as_nobody(directory: Path, said: Connection) -> None:
    """Say what becomes of each file of the directory, for a user who is not root."""
    os.chdir(directory)
    if os.geteuid() == 0:
        os.setuid(NOBODY)
    for name in sorted(os.listdir()):  # noqa: PTH208 - names are enough
        try:
            said.send(read_env_file(Path(name)))
        except SettingsError as refused:
            said.send(refused.message)


def test_one_that_may_not_be_read_is_said_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    for name, mode in (("closed", 0o000), ("open", 0o644)):
        (tmp_path / name).write_text("CLIENT_ID=demo\n")
        (tmp_path / name).chmod(mode)
    with another_program(read_as_nobody, tmp_path) as (_, heard):
        assert heard.recv() == "closed cannot be read: Permission denied."
        assert heard.recv() == {"CLIENT_ID": "demo"}
