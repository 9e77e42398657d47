"""Somebody wants to know who can reach what, and shows it to others."""

import json

from tests.kit.pty import opened
from tests.kit.shell import Place


def test_from_marks_to_a_report_that_others_can_read(place: Place) -> None:
    with opened(place, "demo") as terminal:
        terminal.sees("200 users", "List agents")
        terminal.press("enter")
        terminal.sees("ACTING AS Defne Güneş")
        terminal.press("g", "space", "space", "space")
        terminal.sees("3 marked · 200 users")
        terminal.press("m")
        terminal.sees("Access matrix", "5 identities × 5 endpoints", "ACTING AS Defne Güneş")
        terminal.press("enter")
        terminal.sees("5 identities × 5 endpoints", "r Retry", "anonymous · no token")
        terminal.press("s")
        terminal.sees("in this file:", "matrix-")
        terminal.press("enter")
        terminal.sees("Saved to matrix-")
        terminal.resize(80, 24)
        terminal.sees("Identity", "5 identities × 5 endpoints", "ACTING AS Defne Güneş")
        terminal.press("escape")
        terminal.sees("3 marked")
        terminal.bar_says("ACTING AS Defne Güneş")
        terminal.quits()

    (report,) = place.cwd.glob("matrix-????-??-??-????.html")
    page = report.read_text()
    assert "<script" not in page
    asked = json.loads(place.run("audit", "show", "--format", "json").out)
    started = [entry["identity"] for entry in asked if entry["event"] == "start"]
    assert {"u-000181", "u-000000", "u-000001"} <= set(started)
