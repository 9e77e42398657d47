"""Settings that somebody else may have written are not read: they say where the secret goes."""

import os
from pathlib import Path

import pytest

from tests.kit.leaks import told_by
from tui.config.settings import ENVIRONMENT, read
from tui.errors import SettingsError
from tui.files import refuse_others

CANARY = "c4nary-secret"
OWN, OTHERS = os.geteuid(), 54321
OWN_GROUP, OTHER_GROUP = 0, 54321
"""Root's group has nobody else in it on any machine that tests run on; nobody has the other one."""


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    tmp_path.chmod(0o755)
    path = tmp_path / ".env"
    path.write_text("AIRISK_URL=https://thief.example\nCLIENT_ID=demo\n")
    path.chmod(0o644)
    return path


def found(mode: int, owner: int = OWN, group: int = OTHER_GROUP) -> os.stat_result:
    """What a system says of such a file or folder."""
    return os.stat_result((mode, 1, 1, 1, owner, group, 0, 0, 0, 0))


FILE, FOLDER = 0o100600, 0o40755

OF_OTHERS = {
    "another user's": (found(FILE, OTHERS), found(FOLDER), f"belongs to user {OTHERS}"),
    "open to all": (found(0o100602), found(FOLDER), "is writable by other users"),
    "open to a group": (found(0o100664), found(FOLDER), "is writable by other users"),
    "in another user's folder": (found(FILE), found(FOLDER, OTHERS), f"is in a directory of user {OTHERS}"),
    "in a folder open to all": (found(FILE), found(0o40777), "is in a directory that is writable by other users"),
    "in a folder open to a group": (found(FILE), found(0o40775), "is in a directory that is writable by other users"),
    "behind a link": (found(0o120777), found(FOLDER), "is a link to another file"),
    "another user's in a sticky folder": (found(FILE, OTHERS), found(0o41777, 0), f"belongs to user {OTHERS}"),
}


@pytest.mark.parametrize(("file", "folder", "why"), OF_OTHERS.values(), ids=OF_OTHERS)
def test_what_others_may_have_written_is_refused_with_the_reason_and_a_way_out(file, folder, why):
    with pytest.raises(SettingsError) as refused:
        refuse_others(Path("/work/.env"), file, folder)
    assert (
        refused.value.message
        == f"/work/.env {why}. It was not read, because it could send your secret to another host."
    )
    assert "--env-file" in refused.value.advice or "chmod go-w /work" in refused.value.advice


ONES_OWN = {
    "one's own": (found(FILE), found(FOLDER)),
    "one that others can read": (found(0o100644), found(FOLDER)),
    "root's, as a machine is set up": (found(0o100644, 0), found(FOLDER, 0)),
    "in a sticky folder": (found(FILE), found(0o41777, 0)),
}


@pytest.mark.parametrize(("file", "folder"), ONES_OWN.values(), ids=ONES_OWN)
def test_ones_own_is_read(file, folder):
    refuse_others(Path("/work/.env"), file, folder)


@pytest.mark.parametrize("way", ["file", "folder", "link", "link to a device"])
def test_nothing_is_taken_from_it_whatever_the_environment_holds(env_file, way, monkeypatch):
    monkeypatch.chdir(env_file.parent)
    real = env_file.with_name("real")
    if way == "file":
        env_file.chmod(0o666)
    elif way == "folder":
        env_file.parent.chmod(0o777)
    elif way == "link":
        env_file.rename(real)
        env_file.symlink_to(real)
    else:
        env_file.unlink()
        env_file.symlink_to("/dev/zero")
    for named in (None, env_file):
        with pytest.raises(SettingsError, match="could send your secret to another host") as refused:
            read({"CLIENT_SECRET": CANARY}, named)
        assert CANARY not in told_by(refused.value)


def test_it_is_known_which_source_gave_what(env_file, monkeypatch):
    monkeypatch.chdir(env_file.parent)
    told = read({"CLIENT_SECRET": CANARY, "CLIENT_ID": "mine", "AIRISK_TIMEOUT": "5"})
    assert told.secret_from == ENVIRONMENT
    assert told.origins == "AIRISK_URL from .env; CLIENT_ID, AIRISK_TIMEOUT from the environment"
    changed = told.changed({"AIRISK_READ_ONLY": "true", "CLIENT_ID": "mine"}, "the command line")
    assert changed.origins == f"{told.origins}; AIRISK_READ_ONLY from the command line"
