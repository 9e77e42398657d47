"""A run that tested less than it seems is no success: the exit code and each report say what is missing."""

from __future__ import annotations

import json

from tests.commands.matrix_stage import FAST
from tests.kit.deployment.faults import answers
from tests.kit.permissions import AGENTS, CHATS

GIVEN = ("matrix", "--all", "--endpoint", AGENTS, "--endpoint", CHATS, *FAST)
KINDS = ("json", "csv", "html", "xml", "sarif")
REPORTS = [word for kind in KINDS for word in ("--report", f"m.{kind}")]


def test_an_endpoint_that_no_identity_could_be_tested_at_is_no_success(place, airisk):
    airisk.breaks("/api/Chat/GetConversations", answers(500))
    (place.cwd / "policy.yaml").write_text("default: allow\n")
    done = place.run(*GIVEN, "--policy", "policy.yaml", "--max-inconclusive", "100", *REPORTS)
    assert done.code == 6
    sentence = f"{CHATS} was not tested: inconclusive for every identity (500 Internal Server Error: server error)."
    assert f"3 of 6 cells tested, all as expected; 3 untested: all of {CHATS}." in done.text
    assert f"airisk-tui: {sentence}" in done.err
    for kind in KINDS[1:]:
        assert sentence in (place.cwd / f"m.{kind}").read_text()
    assert [gap["name"] for gap in json.loads((place.cwd / "m.json").read_text())["gaps"]] == [CHATS]
    lenient = ("--max-inconclusive", "100", "--fail-on", "unexpected-allow,unexpected-deny")
    assert place.run(*GIVEN, "--resume", *lenient).code == 0


def test_a_policy_that_cannot_be_meant_is_refused_before_anything_is_sent(place, airisk):
    (place.cwd / "policy.yaml").write_text(
        "default: allow\nrules: [{deny: DELETE /api/Usres/*}, {deny: DELETE *, roles: Adminn}]\n"
    )
    done = place.run(*GIVEN, "--policy", "policy.yaml")
    assert (done.code, done.out) == (2, b"")
    assert "airisk-tui: Policy rule 1: “DELETE /api/Usres/*” matches no known endpoint.\n" in done.err
    assert "airisk-tui: Policy rule 2: role “Adminn” matches no user.\n" in done.err
    assert "2 parts of the policy would test nothing. Correct it, or pass --allow-unmatched." in done.err
    assert [request for request in airisk.requests if "Chat" in request.path] == []
    done = place.run(*GIVEN, "--policy", "policy.yaml", "--allow-unmatched")
    assert done.code == 0
    assert "all as expected. Policy rule 1: “DELETE /api/Usres/*” matches no known endpoint (1 more)." in done.text


def test_a_stale_waiver_is_no_success(place, airisk):
    waiver = "{allow: GET *, reason: RISK-1, owner: grace, expires: 2999-12-31}"
    (place.cwd / "policy.yaml").write_text(f"default: allow\nwaivers: [{waiver}]\n")
    done = place.run(*GIVEN, "--policy", "policy.yaml")
    assert done.code == 1
    assert "6 cells tested, all as expected. 1 waiver is no longer needed." in done.text
    sentence = "Waiver 1 of grace is no longer needed: 6 cells tested, none unexpected"
    assert f"airisk-tui: {sentence} (allow GET * for all users; RISK-1).\n" in done.err
    assert place.run(*GIVEN, "--policy", "policy.yaml", "--fail-on", "unexpected-allow,untested").code == 0


def test_a_baseline_with_other_cells_is_no_success(place, airisk):
    assert place.run(*GIVEN, "--report", "before.json").code == 0
    done = place.run("matrix", "--all", "--endpoint", AGENTS, *FAST, "--baseline", "before.json")
    assert done.code == 6
    assert f"{CHATS} has 3 cells in the baseline that this run did not test." in done.err


def test_a_shard_without_users_is_a_report_and_the_merge_says_what_is_missing(place, airisk):
    names = [f"part-{part}.json" for part in range(1, 9)]
    are_empty = []
    for part, name in enumerate(names, 1):
        done = place.run(*GIVEN, "--shard", f"{part}/8", "--report", name)
        are_empty.append(json.loads((place.cwd / name).read_text())["identities"] == [])
        assert (done.code, "This shard has no users: nothing is sent." in done.err) == (0, are_empty[-1])
    assert any(are_empty)
    for code, merged in ((0, names), (6, [*names[:3], *names[4:]])):
        done = place.run("matrix", "merge", *merged, "--report", "all.html")
        assert done.code == code
        for text in (done.text, done.err, (place.cwd / "all.html").read_text()):
            assert ("Shard 4 of 8 is missing." in text) is (merged != names)
