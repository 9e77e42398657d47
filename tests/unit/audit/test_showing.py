"""`audit show` and `audit verify`, as they are typed."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.kit.memory import traced
from tests.kit.trails import SMALL_FILES, an_entry
from tui.audit.entry import AuditEntry, unknown_outcome
from tui.audit.log import AuditLog
from tui.audit.reader import read_since
from tui.audit.storage import AuditFiles
from tui.audit.verify import verify
from tui.cli import main
from tui.config.paths import audit_file
from tui.errors import AIRiskError, SettingsError

NOW = datetime(2025, 3, 31, 13, 12, 17, tzinfo=UTC)


@pytest.fixture
def trail(tmp_path, monkeypatch):
    """This person's own trail, in several files."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    trail = AuditLog(file_size=SMALL_FILES)
    assert trail.files.current == tmp_path / "airisk-tui" / "audit" / "audit.jsonl"
    return trail


@pytest.fixture
def typed(capsys):
    """Type a command; the exit code and what is printed."""

    def type_(*words: str) -> tuple[int, str]:
        arguments = main._parser().parse_args(["audit", *words])
        return arguments.run(arguments), capsys.readouterr().out

    return type_


def shown(typed, *words: str) -> list[str]:
    """The names of the entries that are shown."""
    return [entry["name"] for entry in json.loads(typed("show", "--format", "json", *words)[1])]


def test_nothing_was_done_yet(trail, typed, capsys):
    assert typed("show", "--format", "json") == (0, "[]\n")
    run = main._parser().parse_args(["audit", "show"])
    assert (run.run(run), *capsys.readouterr()) == (0, "", "airisk-tui: No entries.\n")
    assert typed("show", "--format", "csv")[1].count("\n") == 1
    where = trail.files.current.parent
    assert typed("verify") == (0, f"No audit trail in {where}. Nothing was recorded yet.\n")


@pytest.mark.parametrize("left", ["audit/runs/1-0123456789abcdef", "matrix/0123456789abcdef/run.jsonl"])
def test_a_trail_that_was_removed_is_missed_where_a_run_knows_of_it(trail, typed, left):
    path = trail.files.current.parent.parent / left
    path.parent.mkdir(parents=True)
    path.touch()
    where = trail.files.current.parent
    told = f"No audit trail in {where}. It was deleted: files of earlier runs exist.\n"
    assert typed("verify") == (1, told)


def test_a_trail_that_was_removed_but_for_its_head_is_missed(trail, typed):
    trail.write(an_entry())
    trail.files.current.unlink()
    code, words = typed("verify")
    assert (code, "the end after it was cut off" in words) == (1, True)


def test_newest_last_over_all_files(trail, typed):
    for index in range(40):
        trail.write(an_entry(str(index)))
    assert AuditFiles(audit_file()).finished()
    assert shown(typed) == [str(index) for index in range(40)]
    assert typed("verify") == (0, "OK: 40 entries verified.\n")


def test_by_user_status_and_time(trail, typed):
    now = datetime.now(UTC)
    ago = [(now - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.000Z") for hours in (50, 3, 1)]
    trail.write(
        an_entry("a", time=ago[0], status=403),
        an_entry("b", time=ago[1], identity="u-1"),
        an_entry("c", time=ago[2], identity="u-1", status=404),
        an_entry("d", event="start", status=None),
    )
    assert shown(typed, "--user", "u-1") == ["b", "c"]
    assert shown(typed, "--user", " U-1") == ["b", "c"]
    assert shown(typed, "--status", "404") == ["c"]
    assert shown(typed, "--since", "2h") == ["c", "d"]
    assert shown(typed, "--since", "3d") == ["a", "b", "c", "d"]
    assert shown(typed, "--since", ago[1]) == ["b", "c", "d"]
    assert shown(typed, "--user", "u-1", "--since", "90m", "--status", "404") == ["c"]
    assert shown(typed, "--user", "nobody") == []


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("90s", "2025-03-31T13:10:47.000Z"),
        ("30m", "2025-03-31T12:42:17.000Z"),
        ("2h", "2025-03-31T11:12:17.000Z"),
        ("3D", "2025-03-28T13:12:17.000Z"),
        ("1.5h", "2025-03-31T11:42:17.000Z"),
        ("1w", "2025-03-24T13:12:17.000Z"),
        ("2025-03-31", "2025-03-31T00:00:00.000Z"),
        ("2025-03-31T15:12:17", "2025-03-31T15:12:17.000Z"),
        ("2025-03-31T15:12:17.5Z", "2025-03-31T15:12:17.500Z"),
        (" 2025-03-31T15:12:17+02:00 ", "2025-03-31T13:12:17.000Z"),
    ],
)
def test_times(text, since):
    assert read_since(text, NOW) == since


@pytest.mark.parametrize("text", ["yesterday", "h", "-2h", "999999999w", "2025-13-01", "0001-01-01T00:00+14:00"])
def test_what_is_no_time_is_said(text):
    with pytest.raises(SettingsError, match="--since must be a time"):
        read_since(text, NOW)


def test_the_table_has_a_line_for_each_and_columns_that_stay_aligned(trail, typed):
    trail.write(an_entry("Grace"), an_entry("名前\u202e\x1b[2J", path="/" + "x" * 300), an_entry(method="", path=""))
    lines = typed("show")[1].splitlines()
    assert len(lines) == 4
    assert lines[0].split()[:2] == ["time", "(UTC)"]
    assert "GET /api/Chat/ListAgents" in lines[1]
    assert lines[1].split()[-4:] == ["200", "84", "12.4", "kB"]
    assert "名前<U+202E>␛[2J" in lines[2]
    assert "\x1b" not in "".join(lines)


def test_no_cell_of_the_csv_is_a_formula(trail, typed):
    trail.write(an_entry("=cmd|' /C calc'!A0", identity="+1", reason="@x", path="-1", why="\t=1"))
    rows = list(csv.DictReader(io.StringIO(typed("show", "--format", "csv")[1])))
    assert [rows[0][name] for name in ("name", "identity", "reason", "path", "why")] == [
        "'=cmd|' /C calc'!A0",
        "'+1",
        "'@x",
        "'-1",
        "'\t=1",
    ]
    assert rows[0]["status"] == "200"


def test_a_carriage_return_begins_no_line_of_a_spreadsheet(trail, typed):
    trail.write(an_entry("Ada\r=1+1"))
    assert '"Ada\r=1+1"' in typed("show", "--format", "csv")[1]


def test_a_line_that_is_no_entry_is_passed_over_and_reported(trail, typed, capsys):
    trail.write(an_entry("one"))
    with audit_file().open("ab") as file:
        file.write(b"hello\n" + b'{"torn')
    arguments = main._parser().parse_args(["audit", "show"])
    assert arguments.run(arguments) == 0
    assert capsys.readouterr().err == "airisk-tui: 1 line is not a valid entry. Run `airisk-tui audit verify`.\n"


def test_the_first_bad_line_is_named_with_exit_code_1(trail, typed):
    trail.write(an_entry("one"), an_entry("two"))
    path = audit_file()
    path.write_bytes(path.read_bytes().replace(b'"two"', b'"Eve"'))
    words = f"{path}, line 2: modified: hash mismatch.\n"
    assert typed("verify") == (1, words)
    assert typed("verify", str(path)) == (1, words)


def test_the_beginning_of_a_line_is_named_as_such_with_exit_code_0(trail, typed):
    trail.write(an_entry("one"))
    with audit_file().open("ab") as file:
        file.write(b'{"time":"2025')
    code, words = typed("verify")
    assert code == 0
    assert words.startswith("OK: 1 entry verified. A partial last line")


def test_a_trail_elsewhere_is_verified_with_its_head_and_not_without(trail, typed, tmp_path):
    trail.write(an_entry("one"), an_entry("two"))
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(audit_file().read_bytes())
    assert typed("verify", str(copy)) == (
        1,
        f"{copy}, line 2: the end after it cannot be verified: copy.head is missing.\n",
    )
    copy.with_suffix(".head").write_bytes(audit_file().with_suffix(".head").read_bytes())
    assert typed("verify", str(copy))[0] == 0


def expects(typed, entry: AuditEntry) -> tuple[int, list[str]]:
    """Verify the trail, which is expected to have an entry: the exit code, and the lines about it."""
    code, words = typed("verify", "--expects", f"{entry.sequence}:{entry.hash}")
    return code, [line for line in words.splitlines() if line.startswith("Entry ")]


def test_an_entry_that_was_noted_shows_that_nothing_before_it_was_changed(trail, typed):
    *_, noted = trail.write(*(an_entry(f"entry {number}") for number in range(20)))
    trail.write(an_entry("later"))
    unchanged = "Entry 20 is the expected one. Neither it nor any entry before it was changed."
    assert expects(typed, noted) == (0, [unchanged])
    (last,) = trail.write(an_entry("one"))
    path = audit_file()
    path.write_bytes(path.read_bytes().replace(b'"one"', b'"Eve"'))
    assert expects(typed, noted) == (1, [unchanged])
    assert expects(typed, last) == (1, ["Entry 22 cannot be verified, because it comes after this."])


def test_a_trail_that_was_written_again_as_a_whole_is_not_the_expected_one(trail, typed):
    first, noted = trail.write(an_entry("Ada"), an_entry("Grace"))
    (audit_file()).unlink()
    audit_file().with_suffix(".head").unlink()
    AuditLog().write(an_entry("Eve"), an_entry("Grace"))
    assert typed("verify")[0] == 0
    words = "Entry 2 is not the expected one: it or one before it was changed, or the trail is another one."
    assert expects(typed, noted) == (1, [words])
    audit_file().unlink()
    audit_file().with_suffix(".head").unlink()
    AuditLog().write(an_entry("Eve"))
    missing = "Entry 2 is missing: the end of the trail was cut off, or the trail is another one."
    assert expects(typed, noted) == (1, [missing])
    audit_file().unlink()
    audit_file().with_suffix(".head").unlink()
    assert expects(typed, first)[0] == 1


UNKNOWN = "Check whether it was done before you resend it."


def a_change(method: str = "DELETE", *, user: str = "u-127", **told) -> AuditEntry:
    """What is written before a change leaves."""
    usual = {"event": "intent", "method": method, "path": "/api/x", "identity": user, "deployment": "https://a.example"}
    return an_entry(status=None, milliseconds=None, bytes=None, time="2025-03-31T13:12:17.123Z", **usual | told)


def test_a_change_without_an_outcome_is_reported_and_the_trail_is_whole(trail, capsys):
    trail.write(a_change(), an_entry(method="DELETE", sent=True, intent=1))
    assert typed_by(capsys, "show").err == ""
    trail.write(a_change(), a_change("POST", user="u-1"))
    last = "POST https://a.example/api/x as u-1 (2025-03-31 13:12:17 UTC)"
    words = f"2 changes have an unknown outcome; the last is {last}. {UNKNOWN}\n"
    assert typed_by(capsys, "show").err == f"airisk-tui: {words}"
    hers = (
        "1 change has an unknown outcome: DELETE https://a.example/api/x as u-127 (2025-03-31 13:12:17 UTC). " + UNKNOWN
    )
    assert typed_by(capsys, "show", "--user", "u-127").err == f"airisk-tui: {hers}\n"
    assert typed_by(capsys, "verify").out == f"OK: 4 entries verified.\n{words}"


def test_what_a_killed_program_did_not_live_to_write_is_reported_for_good(trail, capsys):
    (intent,) = trail.write(a_change())
    trail.write(unknown_outcome(intent), a_change("POST"), an_entry(method="POST", sent=True, intent=3))
    words = (
        "1 change has an unknown outcome: DELETE https://a.example/api/x as u-127 (2025-03-31 13:12:17 UTC). " + UNKNOWN
    )
    assert typed_by(capsys, "verify").out == f"OK: 4 entries verified.\n{words}\n"
    assert typed_by(capsys, "show").out.splitlines()[2].endswith("  unknown whether it was sent")
    trail.write(an_entry(method="DELETE", sent=True, intent=1))
    assert typed_by(capsys, "verify").out == "OK: 5 entries verified.\n"


def test_what_never_left_is_distinguished_from_what_may_have_arrived(trail, capsys):
    late = "a.example did not respond within 30 s."
    trail.write(*(an_entry(method="DELETE", status=None, why=late, sent=sent) for sent in (True, False)))
    sent, kept = typed_by(capsys, "show").out.splitlines()[1:]
    assert sent.endswith(f"  {late}")
    assert kept.endswith(f"  not sent: {late}")


def typed_by(capsys, *words: str) -> Any:
    """What a command prints, on both."""
    arguments = main._parser().parse_args(["audit", *words])
    assert arguments.run(arguments) == 0
    return capsys.readouterr()


def test_a_file_that_cannot_be_looked_for_is_reported(trail, typed):
    with pytest.raises(AIRiskError, match="cannot be read: File name too long"):
        typed("verify", "n" * 300)


def test_a_file_that_is_not_there_is_no_good_verdict(trail, typed, tmp_path):
    with pytest.raises(AIRiskError, match="does not exist"):
        typed("verify", str(tmp_path / "nothing"))


def test_memory_does_not_grow_with_the_trail(trail, typed):
    trail.write(*(an_entry(str(index)) for index in range(10_000)))
    assert audit_file().stat().st_size > 4_000_000
    with traced() as peak:
        assert verify(audit_file()).entries == 10_000
        assert peak() < 300_000


def test_a_script_reads_the_verdict_as_json(trail, typed):
    for number in range(3):
        trail.write(an_entry(name=str(number)))
    code, printed = typed("verify", "--json")
    assert (code, json.loads(printed)) == (0, {"ok": True, "entries": 3, "messages": ["OK: 3 entries verified."]})
    trail.files.current.write_bytes(trail.files.current.read_bytes().replace(b'"1"', b'"2"', 1))
    code, printed = typed("verify", "--format", "json")
    assert (code, json.loads(printed)["ok"]) == (1, False)
