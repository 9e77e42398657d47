"""`airisk-tui request`: one request in one name, its answer byte for byte."""

import json
import threading

import pytest

from tests.kit.canaries import files_with, is_in
from tests.kit.deployment.chat import CONVERSATIONS_EACH
from tests.kit.deployment.faults import Fault, alters, answers, answers_json
from tests.kit.deployment.foreign import TOKEN_PATH, ForeignAIRisk
from tests.kit.deployment.messages import Reply
from tests.kit.echoing import echoing, sent_to
from tests.kit.pty import opened

EVERY_BYTE = bytes(range(256)) * 300
ECHO = "/api/echo"


@pytest.fixture
def echo(airisk):
    """A path that takes anything from anybody; the function returned gives what it took last."""
    airisk.breaks(ECHO, answers(200, b"{}"))
    return lambda: airisk.requests[-1]


NAMED = {"u-2": "u-2", "application": "(generic)", "anonymous": None}


@pytest.mark.parametrize(("name", "identity"), NAMED.items())
def test_it_is_sent_in_the_name_given(place, airisk, echo, name, identity):
    assert place.run("request", "GET", ECHO, "--as", name).code == 0
    assert echo().identity == identity
    assert airisk.issued == {"u-2": ["(generic)", "u-2"], "application": ["(generic)"], "anonymous": []}[name]


def test_without_a_name_it_is_the_applications_or_the_single_users(place, echo):
    place.run("request", "GET", ECHO)
    assert echo().identity == "(generic)"
    place.run("request", "GET", ECHO, SINGLE_USER="true", USER_ID="u-3")
    assert echo().identity == "u-3"
    place.run("request", "GET", ECHO, "--as", "application", SINGLE_USER="true", USER_ID="u-3")
    assert echo().identity == "(generic)"


def test_in_single_user_mode_a_refusal_is_about_ones_own_permissions(place, airisk):
    airisk.breaks(ECHO, answers(403))
    done = place.run("request", "GET", ECHO, SINGLE_USER="true", USER_ID="u-3")
    assert (done.code, done.line) == (1, "AIRisk responded with 403 Forbidden. You are not allowed to do this.")


def test_in_single_user_mode_the_user_has_to_be_known(place, airisk):
    done = place.run("request", "GET", ECHO, SINGLE_USER="true")
    assert done.code == 2
    assert done.line.startswith("USER_ID is not set. Single-user mode signs in as this user. Set it in ")
    assert airisk.requests == []


def test_an_empty_name_is_refused_and_is_nobodys(place, airisk):
    done = place.run("request", "DELETE", ECHO, "--as", "")
    assert (done.code, done.out) == (2, b"")
    assert done.line.startswith("--as is empty")
    assert airisk.requests == []


def test_the_response_goes_through_a_pipe(place, airisk):
    done = place.shell("airisk-tui request GET /api/Chat/ListAgents --as u-2 | cat")
    assert (done.code, done.err) == (0, "")
    assert [agent["id"] for agent in json.loads(done.out)] == ["agent-1-of-u-2", "agent-2-of-u-2"]


NO_SUCCESS = {
    "of nobody": (401, "", "anonymous", "401 Unauthorized. Sent without a token."),
    "of the application": (
        403,
        (),
        "application",
        "403 Forbidden. The application's token can only list users. Pass --as USER_ID.",
    ),
    "of a user": (403, "", "u-2", "403 Forbidden. u-2 is not allowed to do this."),
    "not there": (404, "", "u-2", "404 Not Found."),
    "too much": (429, "Retry-After: 5", "u-2", "429 Too Many Requests. AIRisk asks to wait 5 s."),
    "broken": (
        500,
        "",
        "u-2",
        "500 Internal Server Error. Try again. If it keeps happening, contact the deployment's operator.",
    ),
    "moved": (
        302,
        "Location: /else?code=c",
        "u-2",
        "302 Found. Redirects to /else. airisk-tui does not follow redirects.",
    ),
    "hostile": (
        302,
        "Location: /\x9b2J",
        "u-2",
        "302 Found. Redirects to /<U+009B>2J. airisk-tui does not follow redirects.",
    ),
}


@pytest.mark.parametrize("told", NO_SUCCESS.values(), ids=NO_SUCCESS)
def test_what_is_no_success_is_reported_in_a_line(place, airisk, told):
    status, header, name, words = told
    airisk.breaks(ECHO, answers(status, b"", *([tuple(header.split(": "))] if header else [])))
    done = place.run("request", "GET", ECHO, "--as", name)
    assert (done.code, done.out) == (1 if status >= 400 else 0, b"")
    assert done.line.startswith(f"AIRisk responded with {words}")
    done = place.run("request", "GET", ECHO, "--as", name, "-i")
    assert done.err == "", "status and headers are there already"


@pytest.mark.parametrize("method", ["get", "HEAD", "PATCH", "DELETE"])
def test_every_method(place, echo, method):
    assert place.run("request", method, ECHO).code == 0
    assert echo().method == method.upper()


def test_query_and_headers_are_added(place, echo):
    place.run(
        "request", "GET", f"{ECHO}?a=1", "-q", "b=x y&z=ü", "-q", "c=", "-H", "X-One: two: three", "-H", "accept:*/*"
    )
    assert echo().query == [("a", "1"), ("b", "x y&z=ü"), ("c", "")]
    assert echo().values("X-One") == ["two: three"]
    assert echo().values("Accept") == ["*/*"]


BODIES = {
    "json": ('{"a": "ü"}', "application/json", '{"a": "ü"}'.encode()),
    "text": ("hello", "text/plain; charset=utf-8", b"hello"),
    "a file": ("@body.bin", "text/plain; charset=utf-8", EVERY_BYTE),
    "stdin": ("@-", "application/json", b"[1]"),
}


@pytest.mark.parametrize(("given", "kind", "body"), BODIES.values(), ids=BODIES)
def test_a_body_as_it_is(place, echo, given, kind, body):
    (place.cwd / "body.bin").write_bytes(EVERY_BYTE)
    assert place.run("request", "POST", ECHO, "-d", given, stdin=b"[1]").code == 0
    assert (echo().body, echo().values("Content-Type")) == (body, [kind])


def test_a_header_says_what_the_body_is(place, echo):
    place.run("request", "POST", ECHO, "-d", b"\xff\xfe", "-H", "content-type: image/x-none")
    assert (echo().body, echo().values("Content-Type")) == (b"\xff\xfe", ["image/x-none"])


def test_files_are_uploaded(place, echo):
    (place.cwd / "report.pdf").write_bytes(EVERY_BYTE)
    assert place.run("request", "POST", ECHO, "-F", "one.pdf=@report.pdf", "-F", "two=@./report.pdf").code == 0
    assert (echo().header("Content-Type") or "").startswith("multipart/form-data; boundary=")
    assert echo().body.count(EVERY_BYTE) == 2
    assert b'name="one.pdf"; filename="report.pdf"' in echo().body
    assert b'name="two"; filename="report.pdf"' in echo().body


def test_status_and_headers_are_printed_before_the_body_or_on_stderr(place, airisk):
    airisk.breaks(ECHO, answers(404, b"no", ("X-Hostile", "a\x1b[2Jb")))
    done = place.run("request", "GET", ECHO, "--include")
    assert (done.code, done.err) == (1, "")
    head, body = done.text.split("\n\n")
    assert (head.splitlines()[0], body) == ("HTTP/1.1 404 Not Found", "no")
    assert "X-Hostile: a␛[2Jb" in head.splitlines()
    done = place.run("request", "GET", ECHO, "--verbose")
    assert (done.code, done.text, done.err) == (1, "no", f"{head}\n\n")


def test_the_long_options_are_the_short_ones(place, echo):
    (place.cwd / "a.txt").write_text("hello")
    place.run("request", "POST", ECHO, "--query", "a=1", "--header", "X-One: 1", "--data", "[1]")
    assert (echo().query, echo().values("X-One"), echo().body) == ([("a", "1")], ["1"], b"[1]")
    place.run("request", "POST", ECHO, "--file", "a=@a.txt")
    assert b"hello" in echo().body


# Where the response goes


def test_a_file_gets_every_byte_and_replaces_an_older_one(place, airisk):
    airisk.breaks(ECHO, answers(404, EVERY_BYTE))
    (place.cwd / "old.bin").write_bytes(b"old")
    (place.cwd / "link.bin").symlink_to("old.bin")
    done = place.run("request", "GET", ECHO, "-o", "link.bin")
    assert (done.code, done.out) == (1, b"")
    assert (place.cwd / "old.bin").read_bytes() == EVERY_BYTE
    assert place.run("request", "GET", ECHO, "--output", "-").out == EVERY_BYTE


def test_a_response_that_breaks_off_leaves_the_older_file(place, airisk):
    airisk.breaks(ECHO, "short_body")
    (place.cwd / "old.json").write_text("old")
    done = place.run("request", "GET", ECHO, "-o", "old.json")
    assert (done.code, done.out) == (4, b"")
    assert {path.name: path.read_text() for path in place.cwd.iterdir()} == {"old.json": "old"}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("none/a.json", "No such file or directory. Create the directory none first."),
        ("file/a.json", "Not a directory. Check its path."),
        (".", "Is a directory. Name a file in it."),
    ],
)
def test_74_a_place_that_cannot_be_written_is_refused_before_anything_is_sent(place, airisk, name, why):
    (place.cwd / "file").write_text("")
    done = place.run("request", "GET", ECHO, "-o", name)
    assert (done.code, done.out) == (74, b"")
    assert done.line == f"{name} cannot be written: {why}"
    assert airisk.requests == []


# A part of the response, or all pages of it


def test_a_jsonpath_prints_the_values_that_it_selects(place, airisk):
    airisk.breaks(ECHO, answers_json(b'{"a": [{"n": 1.10}, {"n": "x"}]}'))
    done = place.run("request", "GET", ECHO, "--jsonpath", "$.a[*].n")
    assert (done.code, done.text, done.err) == (0, '[\n  1.10,\n  "x"\n]\n', "")
    assert place.run("request", "GET", ECHO, "--jsonpath", "none").text == "[]\n"
    airisk.breaks(ECHO, answers(404, b"not here"))
    done = place.run("request", "GET", ECHO, "--jsonpath", "$.a")
    assert (done.code, done.text, done.line) == (1, "not here", "AIRisk responded with 404 Not Found.")
    airisk.breaks(ECHO, answers(200, b"<html>"))
    done = place.run("request", "GET", ECHO, "--jsonpath", "$.a")
    assert (done.code, done.text) == (4, "")
    assert done.line == "The response is not JSON. Omit --jsonpath to print it."


def test_an_invalid_jsonpath_is_refused_before_anything_is_sent(place, airisk):
    done = place.run("request", "GET", ECHO, "--jsonpath", "$[?")
    assert (done.code, done.line.startswith("--jsonpath is invalid: ")) == (2, True)
    assert airisk.requests == []


def test_all_pages_are_joined(place, airisk):
    path = "/api/Chat/GetConversations?results=2"
    first = json.loads(place.run("request", "GET", path, "--as", "u-2").out)
    done = place.run("request", "GET", path, "--as", "u-2", "--all-pages")
    every = json.loads(done.out)
    assert (done.code, done.err, every[: len(first)]) == (0, "", first)
    assert len(every) == CONVERSATIONS_EACH > len(first)
    titles = place.run("request", "GET", path, "--as", "u-2", "--all-pages", "--jsonpath", "$[*].title")
    assert json.loads(titles.out) == [each["title"] for each in every]


def test_a_page_that_fails_is_no_success(place, airisk):
    path = "/api/Chat/GetConversations"
    third = ("skip", "2")
    airisk.breaks(path, alters(lambda request, good: Reply(500, b"") if third in request.query else good))
    done = place.run("request", "GET", path, "-q", "results=1", "--as", "u-2", "--all-pages")
    assert (done.code, len(json.loads(done.out))) == (1, 2)
    assert done.line.startswith("Stopped after 2 pages, 2 entries: ")


def test_all_pages_of_what_has_none_is_a_mistake(place, airisk):
    for request in (("GET", "/api/Chat/ListAgents"), ("POST", "/api/Chat/GetConversations")):
        done = place.run("request", *request, "--all-pages")
        assert (done.code, done.line.startswith("--all-pages needs a GET request")) == (2, True)
    assert airisk.requests == []


# A request that is only printed


def test_a_dry_run_prints_what_would_be_sent_and_sends_nothing(place, airisk):
    airisk.breaks(ECHO, answers(200, b"{}"))
    place.tell(AIRISK_HEADER_X_API_KEY="key of the gateway", AIRISK_LABEL="production")
    (place.cwd / "a.json").write_text('{"a": 1}')
    given = ("request", "POST", f"{ECHO}?a=1", "-q", "b=ü", "-H", "X-One: 1", "-d", "@a.json", "--as", "u-2")
    done = place.run(*given, "--dry-run", CLIENT_SECRET="")
    assert (done.code, done.line) == (0, "Dry run as u-2. Nothing was sent.")
    assert airisk.requests == []
    head, _, body = done.text.partition("\n\n")
    first, *headers = head.splitlines()
    assert headers.count("Authorization: Bearer [masked]") == headers.count("X-Api-Key: [masked]") == 1

    assert place.run(*given, "--yes").code == 0
    (sent,) = (request for request in airisk.requests if request.path == ECHO)
    assert first == f"{sent.method} {sent.target} HTTP/1.1"
    shown = {"Authorization": "Bearer [masked]", "X-Api-Key": "[masked]"}
    assert headers == [f"{name}: {shown.get(name, value)}" for name, value in sent.headers]
    assert body.encode() == sent.body + b"\n"


def test_a_dry_run_masks_short_secrets_too_wherever_they_stand(place, airisk):
    given = ("-H", "X-Api-Key: abcdef", "-q", "token=sekret", "-d", '{"password": "hunter"}')
    done = place.run("request", "POST", ECHO, *given, "--dry-run")
    assert done.text.count("[masked]") == 4
    assert not any(secret in done.text for secret in ("abcdef", "sekret", "hunter"))


def test_a_dry_run_is_blocked_as_the_request_would_be(place, airisk):
    blocked = place.run("request", "DELETE", ECHO, "--dry-run", "--read-only")
    protected = place.run("request", "GET", ECHO, "--as", "u-2", "--dry-run", AIRISK_PROTECTED_USERS="u-2")
    malformed = place.run("request", "GET", "//thief.example/", "--dry-run")
    assert [(done.code, done.out) for done in (blocked, protected, malformed)] == [(7, b""), (7, b""), (2, b"")]
    assert airisk.requests == []


WRONG = {
    "-q": ("GET", ECHO, "-q", "novalue"),
    "-H": ("GET", ECHO, "-H", "no colon"),
    "-H of the program's own": ("GET", ECHO, "-H", "Authorization: Bearer x"),
    "-H with a newline": ("GET", ECHO, "-H", "X: a\r\nY: b"),
    "-F without a file": ("POST", ECHO, "-F", "a=report.pdf"),
    "-F and -d": ("POST", ECHO, "-d", "x", "-F", "a=@.env"),
    "-d of no file": ("POST", ECHO, "-d", "@none"),
    "another host": ("GET", "//thief.example/"),
    "an address": ("GET", "http://thief.example/"),
    "upwards": ("GET", "/api/../../x"),
    "a method": ("TRACE", ECHO),
    "not UTF-8 in the path": ("GET", b"/\xff"),
    "not UTF-8 in the query": ("GET", ECHO, "-q", b"a=\xff"),
    "not UTF-8 in the name": ("GET", ECHO, "--as", b"u-\xff"),
    "not UTF-8 in a file's name": ("POST", ECHO, "-F", b"a=@\xff"),
}


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG)
def test_what_cannot_be_sent_is_refused_in_one_line(place, airisk, arguments):
    (place.cwd / b"\xff".decode(errors="surrogateescape")).touch()
    done = place.run("request", *arguments)
    assert (done.code, done.out) == (2, b"")
    assert done.line
    assert "/api/echo" not in {request.path for request in airisk.requests}


@pytest.mark.parametrize("arguments", [("POST", ECHO), ("GET", ECHO, "-H", "x-http-method-override: delete")])
def test_7_an_unsafe_request_in_read_only_mode(place, airisk, arguments):
    done = place.run("request", "--read-only", *arguments)
    assert (done.code, done.out) == (7, b"")
    assert "read-only" in done.line
    assert "/api/echo" not in {request.path for request in airisk.requests}


def test_events_come_as_they_are_sent(place, airisk):
    first_was_seen = threading.Event()

    def stream(peer):
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nevent: first\n\n")
        assert first_was_seen.wait(30)
        peer.send(b"event: last\n\n")

    airisk.breaks(ECHO, Fault(stream))
    with place.running("request", "GET", ECHO) as process:
        assert process.stdout
        assert process.stdout.readline() == b"event: first\n"
        first_was_seen.set()
        assert process.stdout.read() == b"\nevent: last\n\n"
        assert process.wait(30) == 0


def test_any_bytes_into_a_pipe_and_clean_text_onto_a_terminal(place, airisk):
    airisk.breaks(ECHO, answers(200, EVERY_BYTE))
    assert place.run("request", "GET", ECHO).out == EVERY_BYTE
    airisk.breaks(ECHO, answers(200, "1\r\n2\n\x1b]52;c;aGk=\x07 \x9b2J\u202e ü".encode()))
    with opened(place, "request", "GET", ECHO) as terminal:
        assert terminal.ended() == 0
    assert terminal.output.decode() == "1\r\n2\r\n␛]52;c;aGk=␇ <U+009B>2J<U+202E> ü\r\n"


def test_a_reader_who_takes_their_time_gets_everything(place):
    """Only waiting for AIRisk counts: `| less` may stand open for longer than the time-out."""
    body = b"x" * 3_000_000
    with ForeignAIRisk(faults={"/api/Chat/ListAgents": answers(200, body)}) as server:
        place.reach(server)
        slowly = "airisk-tui request GET /api/Chat/ListAgents | (sleep 2; wc -c)"
        done = place.shell(slowly, AIRISK_TIMEOUT="1")
    assert (done.text.strip(), done.err) == ("3000000", "")


TOLD_BY = (("request", "GET", ECHO, "--as", "u-1", "-i"), ("users",), ("doctor", "--json"))


@pytest.mark.parametrize("command", TOLD_BY, ids=lambda command: command[0])
def test_what_was_sent_as_a_secret_is_neither_written_out_nor_kept(place, airisk, command):
    airisk.breaks(ECHO, echoing(airisk, "JSON-escaped", 403))
    if command[0] != "request":
        airisk.breaks(TOKEN_PATH, echoing(airisk, "JSON-escaped", 401))
    done = place.run(*command)
    assert (done.code, "[masked]" in f"{done.out.decode()} {done.err}") == ({"request": 1}.get(command[0], 3), True)
    outcomes = [done, place.run("audit", "show"), place.run("audit", "show", "--format", "json")]
    for canary in sent_to(airisk):
        assert not any(is_in(canary, each.out + each.err.encode()) for each in outcomes)
    assert files_with(sent_to(airisk), place.root) == []
