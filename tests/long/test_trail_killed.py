"""200 programs are killed while they write: so often that every kind of moment is met."""

from pathlib import Path

from tests.service.audit.killing import KILLS_OF_A_TRAIL, kill_writers

KILLS = 200


def test_200_kills_leave_whole_trails(tmp_path: Path) -> None:
    trails = KILLS // KILLS_OF_A_TRAIL
    met = kill_writers(tmp_path, trails=trails)
    assert met.files_changed == trails
    assert met.heads_behind
