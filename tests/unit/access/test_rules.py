"""What answers mean: by the rules that the program brings, and by those of a deployment."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.access import classifier
from tui.access.classifier import Classification, ClassifiedResponse, Classifier
from tui.access.model import Verdict
from tui.access.rules import Rule, default_rules, read_rules
from tui.errors import RulesFileError
from tui.widgets.json_viewer.bounds import Bound, QueryError
from tui.widgets.json_viewer.jsonpath import find_matches_now

JSON = (("Content-Type", "application/json; charset=utf-8"),)
HTML = (("Content-Type", "text/html"),)
ENDPOINT = "GET /api/Chat/ListAgents"


def judged(status: int, body: bytes = b"", headers=JSON, rules=None) -> Classification:
    answered = ClassifiedResponse(status=status, reason="", headers=headers, endpoint=ENDPOINT, body=body)
    return Classifier(rules or default_rules()).classify(answered)


def redirect(place: str) -> tuple[tuple[str, str], ...]:
    return (("Location", place),)


ANSWERS = {
    "content": (200, b'[{"id": "agent-1"}]', JSON, "allowed"),
    "no content": (204, b"", (), "allowed"),
    "an empty list": (200, b"[]", JSON, "allowed"),
    "not signed in": (401, b"", (), "denied"),
    "forbidden": (403, b"<html>no</html>", HTML, "denied"),
    "not there": (404, b"", (), "hidden"),
    "a request that is not accepted": (400, b"", (), "inconclusive"),
    "too many requests": (429, b"", (), "inconclusive"),
    "an error of the server": (503, b"{}", JSON, "inconclusive"),
    "a status that nobody knows": (999, b"{}", JSON, "inconclusive"),
    "sent to sign in": (302, b"", redirect("/Account/Login?ReturnUrl=%2Fapi"), "denied"),
    "sent to another host to sign in": (307, b"", redirect("https://login.example.com/x"), "denied"),
    "sent to ASP.NET's page": (302, b"", redirect("/Account/AccessDenied?ReturnUrl=%2Fapi"), "denied"),
    "sent to /forbidden": (302, b"", redirect("https://a.example/forbidden"), "denied"),
    "sent to a page for 403": (303, b"", redirect("/error/403.html"), "denied"),
    "sent to a page of that number": (302, b"", redirect("/agents/1403"), "inconclusive"),
    "sent elsewhere": (302, b"", redirect("/blog/in"), "inconclusive"),
    "sent nowhere": (302, b"", (), "inconclusive"),
    "not modified": (304, b"", (), "inconclusive"),
    "a page": (200, b"<html>Sign in</html>", HTML, "inconclusive"),
    "a page without a name": (200, b"\n<!DOCTYPE html><p>", (), "inconclusive"),
    "broken JSON": (200, b'[{"id": ', JSON, "allowed"),
    "an error inside": (200, b'{"error": {"code": 403, "message": "No."}}', JSON, "hidden"),
    "an error in words": (200, b'{"error": "You may not"}', JSON, "hidden"),
    "errors": (200, b'{"errors": [{"message": "not yours"}], "data": null}', JSON, "hidden"),
    "an error under another name": (200, b'{"error": "no"}', (("Content-Type", "text/plain"),), "hidden"),
    "no error": (200, b'{"error": null, "items": [1]}', JSON, "allowed"),
    "no errors": (200, b'{"errors": [], "error": false, "items": [1]}', JSON, "allowed"),
    "an error further down is content": (200, b'[{"error": "in the log"}]', JSON, "allowed"),
    "trouble inside": (200, b'{"error": {"code": 503, "message": "Down"}}', JSON, "inconclusive"),
    "trouble in words": (200, b'{"error": "Internal Server Error"}', JSON, "inconclusive"),
    "a rate limit inside": (200, b'{"error": {"code": 429}}', JSON, "inconclusive"),
    "a refusal by number": (200, b'{"status": 403, "title": "Nope"}', JSON, "hidden"),
    "trouble by number": (200, b'{"statusCode": 500}', JSON, "inconclusive"),
    "a status that is none": (200, b'{"status": "active", "code": 7}', JSON, "allowed"),
    "a refusal in words": (200, b'{"success": false, "message": "Access denied."}', JSON, "hidden"),
    "a text about refusals": (200, b'{"title": "Why access is denied to vendors"}', JSON, "allowed"),
    "an error beside content": (200, b'{"errors": [{"message": "slow"}], "data": {"id": 1}}', JSON, "allowed"),
    "a title of somebody's own": (200, b'{"id": 7, "title": "Access denied"}', JSON, "allowed"),
    "a refusal within an envelope": (200, b'{"data": {"error": "no"}}', JSON, "hidden"),
    "a refusal as a text": (200, b"Access denied", (("Content-Type", "text/plain"),), "hidden"),
    "a refusal as JSON text": (200, b'"You do not have permission."', JSON, "hidden"),
    "ASP.NET's refusal": (200, b'{"Message": "Authorization has been denied for this request."}', JSON, "hidden"),
    "no success": (200, b'{"success": false}', JSON, "hidden"),
    "a success": (200, b'{"success": true, "message": "saved"}', JSON, "allowed"),
    "half a character": (200, b'[{"name": "\\ud83d"}]', JSON, "allowed"),
    "deep nesting": (200, b"[" * 400 + b"]" * 400, JSON, "allowed"),
    "a plain text": (200, b'"error"', JSON, "allowed"),
    "events": (200, b"data: {}\n\n", (("Content-Type", "text/event-stream"),), "allowed"),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_the_rules_that_the_program_brings(answer):
    status, body, headers, verdict = answer
    said = judged(status, body, headers)
    assert ("hidden" if said.needs_witness else said.verdict) == verdict


UNUSUAL = {
    "half a character": b'[{"name": "\\ud83d"}]',
    "a number beyond all floats": b'[{"size": 1e400}]',
    "Latin-1": '[{"name": "Zo\u00eb"}]'.encode("latin-1"),
    "UTF-16": '[{"name": "Zo\u00eb"}]'.encode("utf-16"),
}


@pytest.mark.parametrize("body", UNUSUAL.values(), ids=UNUSUAL)
def test_unusual_json_is_read_as_what_it_says(body):
    said = judged(200, body)
    assert (said.verdict, said.reason, said.shape) == (Verdict.ALLOWED, "200: success", "[]")
    assert judged(200, b" " + body if body[:1] == b"[" else body).digest == said.digest


def test_json_that_breaks_off_is_let_in_with_a_caveat():
    assert judged(200, b'[{"id": ').reason == "200: success, but the response is not valid JSON"
    assert judged(200, b"plain", (("Content-Type", "text/plain"),)).reason == "200: success"


def test_an_empty_list_is_said_to_prove_nothing():
    assert "some deployments deny this way" in judged(200, b"[]").reason
    assert "neither" not in judged(200, b"[1]").reason


def test_what_is_not_there_is_a_denial_only_beside_somebody_who_is_let_in():
    assert judged(404).needs_witness
    assert not judged(403).needs_witness


def test_where_a_redirect_leads_is_reported_without_its_query():
    words = judged(302, headers=redirect("/login?ticket=secret#secret")).reason
    assert "/login" in words
    assert "secret" not in words


def test_volatile_fields_make_no_difference_and_others_do():
    first = judged(200, b'{"traceId": "a", "items": [{"id": 1, "n": 2.0}, {"id": 2}]}')
    again = judged(200, b'{"items": [{"id": 2}, {"n": 2, "id": 1}], "trace_id": "b"}')
    other = judged(200, b'{"traceId": "a", "items": [{"id": 1, "n": 3}, {"id": 2}]}')
    assert first.digest == again.digest
    assert first.digest != other.digest


OWN = """\
version: 1
volatile: [$.etag, lastSeen]
rules:
  - name: empty means no
    endpoint: GET /api/Chat/*
    status: 200
    empty: true
    verdict: denied
    reason: this deployment shows nothing to those who may not look
  - name: ours
    status: [200, 2xx]
    json: $.result.state
    matches: ^denied$
    verdict: denied
  - name: their page
    content_type: html
    body: (?i)no entry
    verdict: denied
"""


def test_a_deployment_has_rules_of_its_own(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text(OWN)
    rules = read_rules(path)
    assert judged(200, b"[]", rules=rules).verdict is Verdict.DENIED
    assert judged(200, b'{"result": {"state": "denied"}}', rules=rules).verdict is Verdict.DENIED
    assert judged(200, b'{"result": {"state": "ok"}}', rules=rules).verdict is Verdict.ALLOWED
    assert judged(200, b"<p>No entry", HTML, rules=rules).verdict is Verdict.DENIED
    assert judged(403, rules=rules).verdict is Verdict.DENIED  # the usual ones follow
    one, other = (judged(200, b'{"a": 1, "etag": %d, "last_seen": %d}' % (n, n), rules=rules) for n in (1, 2))
    assert one.digest == other.digest


def test_a_rule_may_want_something_to_be_missing(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text("rules: [{name: no items, status: 200, without: $.items, verdict: denied}]")
    rules = read_rules(path)
    assert judged(200, b'{"items": [1]}', rules=rules).verdict is Verdict.ALLOWED
    assert judged(200, b'{"other": [1]}', rules=rules).verdict is Verdict.DENIED


PLACES = {
    "a redirect": (302, "/login", " (to /login)"),
    "where a password stands": (302, "https://a:b@login.example/", ""),
    "where something was made": (201, "/api/7", ""),
}


@pytest.mark.parametrize(("status", "place", "where"), PLACES.values(), ids=PLACES)
def test_only_a_redirect_says_where_to_and_never_with_a_password(status, place, where):
    words = judged(status, headers=redirect(place)).reason
    assert words.startswith(f"{status}: ")
    assert words.endswith(where)
    assert ("(to " in words) is bool(where)


def test_what_is_said_of_one_response_is_not_said_of_another_that_is_like_it(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text("{defaults: false, rules: [{name: moved, status: 3xx, verdict: denied}]}")
    classifier = Classifier(read_rules(path))
    said = [
        classifier.classify(
            ClassifiedResponse(status=302, reason=reason, headers=redirect(place), endpoint=ENDPOINT, body=b"")
        ).reason
        for reason, place in (("Found", "/one"), ("Found", "/two"), ("Elsewhere", "/two"))
    ]
    assert said == ["302 Found: moved (to /one)", "302 Found: moved (to /two)", "302 Elsewhere: moved (to /two)"]


def test_toml_is_understood_too_and_the_usual_rules_can_be_left_out(tmp_path):
    path = tmp_path / "rules.toml"
    path.write_text('defaults = false\n[[rules]]\nname = "all"\nstatus = "200-299"\nverdict = "allowed"\n')
    assert judged(200, b'{"error": 1}', rules=read_rules(path)).verdict is Verdict.ALLOWED
    assert judged(403, rules=read_rules(path)).reason == "no rule matches this response"


FAULTS = {
    "no such file": (None, "cannot be read"),
    "no YAML": ("rules: [", ", line 2 is not YAML: did not find expected node content"),
    "a control character": ("rules: \x01", ".yaml is not YAML: it contains control characters."),
    "another version": ("version: 2", "version"),
    "an unknown member": ("rules: [{name: a, verdict: denied, stat: 200}]", "stat"),
    "an unknown verdict": ("rules: [{name: a, verdict: perhaps}]", "perhaps"),
    "no status": ("rules: [{name: a, verdict: denied, status: 2yy}]", "“2yy” is not a status"),
    "no expression": ("rules: [{name: a, verdict: denied, body: '('}]", "“(” is not a valid regular expression"),
    "no path": ("rules: [{name: a, verdict: denied, json: error}]", "“error” is not a JSONPath"),
    "matches without json": ("rules: [{name: a, verdict: denied, matches: x}]", "`matches` needs `json`"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_file_that_cannot_be_understood_is_refused_in_words(tmp_path, fault):
    text, words = fault
    path = tmp_path / "rules.yaml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(RulesFileError) as refusal:
        read_rules(path)
    assert words in refusal.value.message


EXPRESSIONS = st.text("$.[]*?@()'\"=<>!&|,:-0123456789eE+ab\\ucountlengthmatchsearchvalue \ud800", max_size=40)
HUGE = ["$[1e999]", "$[?@.a==1e999]", "$[1e400:2]", "$[?length(@)>-1e999]", "$[0:1e1]", "$[?@.a==" + "9" * 5_000 + "]"]


@given(st.one_of(EXPRESSIONS.map(lambda text: f"${text}"), EXPRESSIONS.map(lambda text: f"$[?{text}]")))
@example(HUGE[0])
def test_every_jsonpath_is_answered_or_refused_in_words(expression: str) -> None:
    with suppress(QueryError):
        find_matches_now('[{"a": 1, "b": [1e999, "x"]}, 3, null]', expression, Bound(60))
    rule = Rule(name="x", verdict="denied", json=expression)
    try:
        rule.check()
    except ValueError:
        return
    classifier._finds(rule, [{"a": 1, "b": [1e308, "x"]}, 3, None])


@pytest.mark.parametrize("expression", HUGE)
def test_a_number_beyond_all_bounds_is_refused(expression: str) -> None:
    with pytest.raises(QueryError):
        find_matches_now("[]", expression, Bound(60))
    with pytest.raises(ValueError, match="is not a JSONPath"):
        Rule(name="x", verdict="denied", json=expression).check()
