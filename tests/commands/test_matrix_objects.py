"""`airisk-tui matrix --objects`: who sees which agent, and that of the lists only ids and names are kept."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.commands.matrix_stage import FAST, active
from tests.kit.shell import Place
from tui.sandbox import Sandbox
from tui.sandbox.agents import AGENTS, seen_by

REPORTS = ("r.json", "r.html", "r.md", "r.csv", "r.xml", "r.sarif")


def planted(served: Sandbox) -> list[tuple[str, str]]:
    """Four users with an agent that they see."""
    people = [person for person in active(served) if person.role != "Admin"][:4]
    return [(person.id, seen_by(person)[number % 2].id) for number, person in enumerate(people)]


def policy_of(served: Sandbox, denied: list[tuple[str, str]], path: Path) -> None:
    """What the sandbox's own table says, but for what is planted."""
    rules: list[dict[str, object]] = [{"allow": "*", "users": "*"}]
    for agent in AGENTS:
        users = [person.id for person in active(served) if agent in seen_by(person)]
        rules.append({"allow": f"agent:{agent.name}", "users": users})
    rules += [{"deny": f"agent:{agent}", "users": user} for user, agent in denied]
    path.write_text(json.dumps({"rules": rules}))


def test_four_agents_seen_by_who_should_not_are_found_exactly_in_every_report(place: Place, sandbox: Sandbox) -> None:
    denied = planted(sandbox)
    policy_of(sandbox, denied, place.cwd / "who.json")
    ids = [option for person in active(sandbox)[:8] for option in ("--as", person.id)]
    asked = ("matrix", *ids, "--endpoint", "GET /api/Chat/ListAgents", *FAST, "--policy", "who.json")
    done = place.run(*asked, "--objects", "agents", *(each for name in REPORTS for each in ("--report", name)))
    refused = place.run(*asked)
    assert (done.code, refused.code) == (1, 2)
    assert "matches nothing without --objects agents" in refused.err
    report = json.loads((place.cwd / "r.json").read_text())
    found = {(cell["identity"], cell["endpoint"]) for cell in report["cells"] if cell.get("finding")}
    assert found == {(user, f"agent:{agent}") for user, agent in denied}
    assert report["parameters"]["objects"] == ["agent"]
    texts = {name: (place.cwd / name).read_text() for name in REPORTS}
    assert len(json.loads(texts["r.sarif"])["runs"][0]["results"]) == 4
    assert 'failures="4"' in texts["r.xml"].partition("<testsuite ")[0]
    assert texts["r.csv"].count(",unexpected allow,") == 4
    names = {agent.id: agent.name for agent in AGENTS}
    for _, agent in denied:
        assert f"agent {names[agent]} ({agent})" in texts["r.html"].replace("&amp;", "&")
        assert f"agent {names[agent]} ({agent})" in texts["r.md"].replace("&#38;", "&")
    assert re.search(r"8 identities × 1 endpoint and \d agents", done.text)
    kept = "".join(path.read_text() for path in place.home.rglob("*") if path.is_file() and path.suffix != ".sqlite")
    for each in AGENTS:
        assert each.description not in kept + "".join(texts.values())
