"""Somebody wants to know who can reach what, and shows it to others."""

import json

from tests.kit.shell import Place
from tests.kit.tmux import program


def test_from_marks_to_a_report_that_others_can_read(place: Place) -> None:
    with program("demo", cwd=place.cwd, environment=place.environment, size=(120, 40)) as terminal:
        terminal.wait_for("200 users", "List agents")
        terminal.press("Enter")
        terminal.wait_for("ACTING AS Defne Güneş")
        terminal.press("g", "Space", "Space", "Space")
        terminal.wait_for("3 marked · 200 users")
        terminal.press("m")
        terminal.wait_for("Matrix: who can reach what", "5 identities × 5 endpoints", "ACTING AS Defne Güneş")
        terminal.press("Enter")
        terminal.wait_for("5 identities × 5 endpoints", "r Again", "anonymous · without a token")
        terminal.press("s")
        terminal.wait_for("is written to this file", "matrix.html")
        terminal.press("Enter")
        terminal.wait_for("Saved to matrix.html.")
        terminal.resize(80, 24)
        terminal.wait_for("Who", "5 identities × 5 endpoints", "ACTING AS Defne Güneş")
        terminal.press("Escape")
        terminal.wait_for("3 marked")
        assert "ACTING AS Defne Güneş" in terminal.bar
        terminal.press("C-q")
        assert terminal.exit_code() == 0

    page = (place.cwd / "matrix.html").read_text()
    assert "<script" not in page
    asked = json.loads(place.run("audit", "show", "--format", "json").out)
    started = [entry["identity"] for entry in asked if entry["event"] == "start"]
    assert {"u-000000", "u-000001", "u-000002"} <= set(started)
