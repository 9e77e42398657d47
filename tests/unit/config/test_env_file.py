"""A `.env` as people really leave it: what is wrong is named by its line, and never by its value."""

import os
import stat
import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kit.leaks import told_by
from tui.config.env_file import SIZE_CAP, read_env_file, rewrite_env_file
from tui.errors import SettingsError

CANARY = "c4nary-secret"
GOOD = f"CLIENT_ID=demo\nCLIENT_SECRET={CANARY}\n"

FAULTS = {
    "an unterminated quote": (f"CLIENT_ID=a\nCLIENT_SECRET='{CANARY}\nUSER_ID=u\n", "line 2 is not NAME=VALUE"),
    "one after blank lines": (f"\n  \n\r\nCLIENT_SECRET='{CANARY}\n", "line 4 is not NAME=VALUE"),
    "one after a value of two lines": (f'A="x\ny"\nCLIENT_SECRET="{CANARY}\n', "line 3 is not NAME=VALUE"),
    "one after a form feed": (f"# a\x0cb\x85c\nCLIENT_SECRET='{CANARY}\n", "line 2 is not NAME=VALUE"),
    "one in a file of an old Mac": (f"CLIENT_ID=a\rCLIENT_SECRET='{CANARY}\r", "line 2 is not NAME=VALUE"),
    "merge markers": (f"CLIENT_ID=a\n<<<<<<< ours\nCLIENT_SECRET={CANARY}\n", "line 2 is a marker of a merge conflict"),
    "the middle of a merge": (f"CLIENT_SECRET={CANARY}\n=======\n", "line 2 is a marker of a merge conflict"),
    "a marker after a line separator": (
        f"CLIENT_SECRET={CANARY}\u2028\n>>>>>>> theirs\n",
        "line 2 is a marker of a merge conflict",
    ),
    "the same key twice": (f"{GOOD}CLIENT_SECRET={CANARY}\n", "line 3 sets a name for the second time"),
    "a name alone": (f"CLIENT_ID=a\n\n{CANARY}\n", "line 3 has no = sign"),
    "NUL": (f"CLIENT_ID=a\nCLIENT_SECRET={CANARY}\0\n", "line 2 contains a NUL character"),
}


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


@pytest.mark.parametrize(("text", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_by_its_line_and_not_by_its_value(env_file: Path, text: str, words: str) -> None:
    env_file.write_bytes(text.encode())
    with pytest.raises(SettingsError) as refused:
        read_env_file(env_file)
    assert refused.value.message == f"{env_file}, {words}."
    assert refused.value.advice
    assert CANARY not in told_by(refused.value)


ENCODINGS = {
    "UTF-16": (GOOD.encode("utf-16"), "line 1 is not UTF-8"),
    "UTF-16 without a mark": (GOOD.encode("utf-16-le"), "line 1 contains a NUL"),
    "Latin-1": (f"CLIENT_ID=a\nAIRISK_LABEL=Zürich\nCLIENT_SECRET={CANARY}".encode("latin-1"), "line 2 is not UTF-8"),
}


@pytest.mark.parametrize(("data", "words"), ENCODINGS.values(), ids=ENCODINGS)
def test_only_utf_8_is_read(env_file: Path, data: bytes, words: str) -> None:
    env_file.write_bytes(data)
    with pytest.raises(SettingsError, match=words) as refused:
        read_env_file(env_file)
    assert CANARY not in told_by(refused.value)


def test_a_megabyte_is_no_settings_file(env_file: Path) -> None:
    env_file.write_text(GOOD + "#" * (1 << 20))
    with pytest.raises(SettingsError, match="is larger than 64 kB"):
        read_env_file(env_file)
    env_file.write_text(GOOD + "#" * (SIZE_CAP - len(GOOD)))
    assert read_env_file(env_file)["CLIENT_ID"] == "demo"


def test_what_is_not_a_file_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    pipe, loop = tmp_path / "pipe", tmp_path / "loop"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    for path, words in [
        (tmp_path, "is a directory, not a settings file"),
        (pipe, "is a pipe or a device, not a settings file"),
        (Path("/dev/zero"), "is a pipe or a device, not a settings file"),
        (loop, "is a link to another file"),
        (tmp_path / "none", "does not exist"),
        (tmp_path / ("n" * 300), "cannot be read: File name too long"),
        (Path("a\0b"), "cannot be read: invalid path"),
    ]:
        with pytest.raises(SettingsError, match=words):
            read_env_file(path)


def test_a_byte_order_mark_and_windows_line_ends_are_fine(env_file: Path) -> None:
    env_file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read_env_file(env_file) == {"CLIENT_ID": "demo", "CLIENT_SECRET": CANARY}


@pytest.mark.parametrize("quote", ["", "'"], ids=["bare", "quoted"])
def test_a_secret_is_taken_verbatim(env_file: Path, quote: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/expanded")
    secret = "a$HOME${HOME}#b%20%PATH%`id`=="
    env_file.write_text(f"CLIENT_SECRET={quote}{secret}{quote}\n")
    assert read_env_file(env_file)["CLIENT_SECRET"] == secret


@given(st.binary(max_size=300) | st.text(alphabet="AB='\"\\\r\n #$<>é\ufeff\0export", max_size=80).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_reading_anything_gives_settings_or_an_error_in_words(env_file: Path, data: bytes) -> None:
    env_file.write_bytes(data)
    try:
        words = "\n".join(read_env_file(env_file).values())
    except SettingsError as refused:
        words = refused.message
    assert "\0" not in words


# Changing it


def test_moving_the_secret_away_leaves_every_other_line_as_it_was(env_file: Path) -> None:
    before = "# Mine\r\n\r\nexport CLIENT_ID='d e m o' # the client\r\n\r\n\r\n"
    after = 'OTHER="two\nlines"\n\n  odd   \n#CLIENT_SECRET=old\nlast=1'
    env_file.write_bytes(f"\ufeff{before}CLIENT_SECRET={CANARY} # soon gone\r\n{after}".encode())
    rewrite_env_file(env_file, {"CLIENT_SECRET": None})
    assert env_file.read_bytes() == f"\ufeff{before}{after}".encode()


def test_new_lines_come_after_the_old_ones_even_where_the_last_had_no_end(env_file: Path) -> None:
    env_file.write_bytes(b"KEPT=1\nCLIENT_ID=old\nLAST=2")
    rewrite_env_file(env_file, {"CLIENT_ID": "new one", "USER_ID": "u-1"})
    assert env_file.read_bytes() == b"KEPT=1\nLAST=2\nCLIENT_ID='new one'\nUSER_ID=u-1\n"


def test_windows_line_ends_stay_the_only_ones(env_file: Path) -> None:
    env_file.write_bytes(b"KEPT=1\r\n")
    rewrite_env_file(env_file, {"CLIENT_ID": "demo"})
    assert env_file.read_bytes() == b"KEPT=1\r\nCLIENT_ID=demo\r\n"


@pytest.mark.parametrize("mode", [None, 0o644, 0o600], ids=["new", "open to all", "closed"])
def test_afterwards_only_its_owner_reads_it(env_file: Path, mode: int | None) -> None:
    if mode is not None:
        env_file.write_text("KEPT=1\n")
        env_file.chmod(mode)
    rewrite_env_file(env_file, {"CLIENT_ID": "demo"})
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600
    assert list(env_file.parent.iterdir()) == [env_file]


def test_a_link_stays_a_link(tmp_path: Path, env_file: Path) -> None:
    real = tmp_path / "real"
    real.write_text("KEPT=1\n")
    env_file.symlink_to(real)
    rewrite_env_file(env_file, {"CLIENT_ID": "demo"})
    assert env_file.is_symlink()
    assert real.read_text() == "KEPT=1\nCLIENT_ID=demo\n"


def test_whoever_reads_meanwhile_sees_the_old_file_or_the_new_one(env_file: Path) -> None:
    env_file.write_text("OLD=1\n")
    with env_file.open() as reader:
        rewrite_env_file(env_file, {"OLD": None, "NEW": "2"})
        assert reader.read() == "OLD=1\n"
    assert env_file.read_text() == "NEW=2\n"


def test_what_a_killed_run_left_behind_is_in_nobodys_way(env_file: Path) -> None:
    left = env_file.with_name(f".airisk-tui-{2**22 + 1}-1")  # Linux gives no process a number above 2**22.
    left.write_text("half")
    rewrite_env_file(env_file, {"CLIENT_ID": "demo"})
    assert (env_file.read_text(), left.exists()) == ("CLIENT_ID=demo\n", False)


def test_where_it_cannot_be_written_nothing_is_changed(tmp_path: Path) -> None:
    file, loop = tmp_path / "file", tmp_path / "loop"
    file.write_text("KEPT=1\n")
    loop.symlink_to(loop)
    for path in (file / ".env", tmp_path / "none" / ".env", loop, tmp_path, tmp_path / ("n" * 256)):
        with pytest.raises(SettingsError) as refused:
            rewrite_env_file(path, {"CLIENT_SECRET": CANARY})
        assert CANARY not in told_by(refused.value)
    assert sorted(tmp_path.iterdir()) == [file, loop]
    assert file.read_text() == "KEPT=1\n"


@pytest.mark.parametrize("value", ["it's", "back\\slash", "two\nlines", "\x1b[2J", "half \ud800"])
def test_a_value_that_such_a_file_cannot_hold_is_refused(env_file: Path, value: str) -> None:
    env_file.write_text("KEPT=1\n")
    with pytest.raises(SettingsError, match=r"CLIENT_SECRET contains a character that \.env cannot store") as refused:
        rewrite_env_file(env_file, {"CLIENT_SECRET": value})
    assert value not in refused.value.message
    assert env_file.read_text() == "KEPT=1\n"


WRITABLE = st.text(st.characters(codec="utf-8", exclude_characters="'\\")).filter(str.isprintable) | st.text(
    string.punctuation.replace("'", "").replace("\\", "") + " ab"
)


@given(WRITABLE, st.sampled_from(["", "KEPT=1", "KEPT=1\n", "# note\r\n", "\n\n"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_read_back(env_file: Path, value: str, before: str) -> None:
    env_file.write_bytes(before.encode())
    rewrite_env_file(env_file, {"AIRISK_LABEL": value})
    assert read_env_file(env_file)["AIRISK_LABEL"] == value
    assert env_file.read_bytes().startswith(before.encode())
