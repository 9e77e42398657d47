"""Files that never end, or are none: each is refused in words, and nothing waits for it."""

import errno
import os

import pytest

from tui.access.matrix_document import read_matrix
from tui.access.policy import read_policy
from tui.access.rules import read_rules
from tui.access.run_file import RunFile
from tui.airisk.endpoints.uploads import read_upload
from tui.airisk.http.tls import trusting_context
from tui.app.app import AIRiskApp
from tui.app.keymap import read_keymap
from tui.config import preferences
from tui.config.env_file import read_env_file
from tui.config.paths import keys_file
from tui.config.workspace import WorkspaceStore
from tui.errors import AIRiskError, RunFileError, SettingsError, WorkspaceError
from tui.files import NotRegularFileError, read_bounded

ODD = {
    "a pipe": os.mkfifo,
    "a directory": os.mkdir,
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "3 GB": lambda path: path.touch() or os.truncate(path, 3 << 30),  # type: ignore[func-returns-value]
}
odd = pytest.mark.parametrize("make", ODD.values(), ids=ODD)


@odd
def test_it_is_read_by_nobody(tmp_path, monkeypatch, make):
    file = tmp_path / "odd.yaml"
    make(file)
    read_part = lambda path: read_upload(str(path))  # noqa: E731
    for read in (read_policy, read_rules, read_matrix, read_env_file, trusting_context, read_part):
        with pytest.raises(AIRiskError, match=r"odd\.yaml"):
            read(file)


@odd
async def test_what_the_program_keeps_is_not_waited_for_either(tmp_path, monkeypatch, make):
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    state = tmp_path / "airisk-tui"
    (state / "deployments").mkdir(parents=True)
    for path in (state / "appearance.json", keys_file()):
        path.parent.mkdir(parents=True, exist_ok=True)
        make(path)
    assert preferences.theme() == ""
    with pytest.raises(SettingsError, match=r"keys\.toml could not be read"):
        read_keymap(AIRiskApp)
    memory = WorkspaceStore("https://a.example", state / "deployments")
    await memory.keep_document(b"{}")
    (kept,) = (state / "deployments").rglob("openapi")
    kept.unlink()
    make(kept)
    with pytest.raises(WorkspaceError, match="cannot be read"):
        await memory.document()


def test_a_run_is_not_kept_in_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "run.jsonl")
    with pytest.raises(RunFileError, match="not a regular file"):
        RunFile.open(tmp_path / "run.jsonl")


def test_a_file_is_read_whole_up_to_its_cap(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"x" * 2_500_000)
    (tmp_path / "link").symlink_to(file)
    assert read_bounded(tmp_path / "link", 2_500_000) == b"x" * 2_500_000
    with pytest.raises(OSError, match="larger than 2 MB") as raised:
        read_bounded(file, 2_499_999)
    assert raised.value.errno == errno.EFBIG
    with pytest.raises(OSError, match="symbolic"):
        read_bounded(tmp_path / "link", 9, follows=False)
    with pytest.raises(NotRegularFileError, match="a directory"):
        read_bounded(tmp_path, 9)
