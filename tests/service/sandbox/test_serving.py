"""A sandbox as a peer on a socket: headers, odd requests, the log, and a process of its own."""

import os
import select
import signal
import subprocess
import sys
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from tests.kit.deployment.listener import reserved_port
from tests.kit.patience import PATIENCE
from tests.service.sandbox.visitor import Visitor
from tui.sandbox import Options, Sandbox, SandboxError, start_child

_SECRET = "kept-between-the-two"
_PARENT = (
    "import sys; from tui.sandbox import Options, start_child\n"
    "with start_child(Options(users=5)) as child:\n"
    "    print(child.pid, flush=True); sys.stdin.read()"
)


def _has_ended(process: int) -> bool:
    """Wait for a process that is not ours."""
    return bool(select.select([process], [], [], PATIENCE)[0])


def test_responses_carry_the_cookies_and_the_headers_of_a_real_host(visitor):
    for answer in (visitor.authorize(), visitor.get("/api/ListUsers"), visitor.get("/nowhere")):
        cookies = [cookie.partition("=")[0] for cookie in answer.headers.get_list("set-cookie")]
        assert cookies == ["ARRAffinity", "ARRAffinitySameSite"]
        assert answer.headers.get_list("server") == ["Kestrel"]
        assert parsedate_to_datetime(answer.headers["date"]).tzinfo


def test_the_date_is_that_of_its_clock(clock):
    with Sandbox(Options(), clock=clock) as sandbox, Visitor(sandbox.url, sandbox.options) as visitor:
        assert parsedate_to_datetime(visitor.authorize().headers["date"]).timestamp() == clock.now
        clock.now += 3_600
        assert visitor.authorize().headers.get_list("date") == [formatdate(clock.now, usegmt=True)]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("HEAD", "/nowhere", 404),
        ("GET", "/api/ListUsers/", 404),
        ("GET", "/api/Chat/GetConversations/a/1", 404),
        ("HEAD", "/api/ListUsers", 405),
        ("POST", "/api/ListUsers", 405),
        ("GET", "/api/oauth2/Token", 405),
        ("DELETE", "/api/Chat/AskAgent", 405),
    ],
)
def test_what_is_not_there_is_reported_as_a_problem(visitor, method, path, status):
    answer = visitor.http.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert method == "HEAD" or answer.json()["status"] == status
    assert ("allow" in answer.headers) == (status == 405)


def test_a_body_beyond_all_measure_is_refused(visitor):
    answer = visitor.http.post("/api/oauth2/Token", content=b"x" * (33 << 20))
    assert answer.status_code == 413


def test_the_log_says_who_asked_for_what_and_holds_no_query(clock):
    with Sandbox(Options(), clock=clock) as sandbox, Visitor(sandbox.url, sandbox.options) as visitor:
        visitor.get("/api/ListUsers", visitor.bearer())
        visitor.get("/api/Chat/ListAgents", visitor.bearer("u-000000"), secret="in-the-query")
        visitor.get("/api/Chat/ListAgents")
        assert [(record.path, record.identity, record.status) for record in sandbox.log] == [
            ("/api/oauth2", None, 302),
            ("/api/oauth2/Token", None, 200),
            ("/api/ListUsers", "application", 200),
            ("/api/oauth2", None, 302),
            ("/api/oauth2/Token", None, 200),
            ("/api/Chat/ListAgents", "u-000000", 200),
            ("/api/Chat/ListAgents", None, 401),
        ]
        assert {record.time for record in sandbox.log} == {clock.now}
        assert sandbox.log[0].method == "GET"


def test_a_request_left_hanging_is_in_the_log_without_a_status():
    with Sandbox(Options(faults=("hang",))) as sandbox, Visitor(sandbox.url, sandbox.options) as visitor:
        with pytest.raises(httpx.ReadTimeout):
            visitor.http.get("/api/ListUsers", timeout=0.2)
        assert [record.status for record in sandbox.log] == [None]


def test_a_port_can_be_chosen_once_at_a_time():
    with reserved_port() as port:
        for _ in "12":
            with Sandbox(Options(port=port)) as sandbox:
                assert sandbox.url == f"http://127.0.0.1:{port}"
                with pytest.raises(OSError, match="in use"), Sandbox(Options(port=port)):
                    pass


def test_nothing_that_serves_is_imported_before_something_is_served():
    told = "import sys, tui.sandbox.command; print(sorted({'starlette', 'uvicorn', 'msgspec'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", told], capture_output=True, check=True, text=True)
    assert answer.stdout == "[]\n"


def test_a_child_serves_what_its_options_say_and_shows_the_secret_nowhere(monkeypatch):
    monkeypatch.setenv("CLIENT_SECRET", _SECRET)
    options = Options(users=7, seed=9, list_path="long", faults=("state-missing",))
    with start_child(options) as child, Visitor(child.url, options) as visitor:
        assert len(visitor.get("/api/Users/ListUsers", visitor.bearer()).json()) == 7
        assert "state" not in visitor.authorize(state="x").headers["location"]
        seen = [Path(f"/proc/{child.pid}/{name}").read_bytes() for name in ("cmdline", "environ")]
        assert not any(_SECRET.encode() in part for part in seen)
        assert _SECRET not in repr(child)


def test_two_processes_of_one_seed_show_the_same():
    lists = []
    for _ in "12":
        with start_child(Options(users=50)) as child, Visitor(child.url, child.options) as visitor:
            lists.append(visitor.users())
    assert lists[0] == lists[1]


def test_a_child_is_out_of_reach_of_the_terminals_signals():
    with start_child(Options(users=5)) as child:
        assert os.getsid(child.pid) == child.pid != os.getsid(0)


def test_a_child_ends_with_the_block():
    with start_child(Options(users=5)) as child:
        process = os.pidfd_open(child.pid)
    try:
        assert _has_ended(process)
    finally:
        os.close(process)


def test_a_child_ends_when_its_parent_is_killed():
    with subprocess.Popen([sys.executable, "-c", _PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        process = os.pidfd_open(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
        try:
            assert _has_ended(process)
        finally:
            os.close(process)


def test_a_child_that_cannot_have_its_port_says_so():
    with Sandbox(Options()) as first:
        port = int(first.url.rpartition(":")[2])
        with pytest.raises(SandboxError, match="in use"), start_child(Options(port=port)):
            pass


def test_latency_holds_every_response_back():
    with Sandbox(Options(latency_ms=600_000)) as sandbox, Visitor(sandbox.url, sandbox.options) as visitor:
        for path in ("/api/oauth2", "/api/ListUsers", "/nowhere"):
            with pytest.raises(httpx.ReadTimeout):
                visitor.http.get(path, timeout=0.2)
        assert sandbox.log == [], "nothing was answered yet"
