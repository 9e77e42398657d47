"""How every command ends, and the one line it ends with."""

import os
import signal

import pytest

from tests.kit.deployment.faults import answers, asks_to_wait
from tests.kit.patience import PATIENCE, until
from tests.kit.pty import opened

AGENTS = ("request", "GET", "/api/Chat/ListAgents", "--as")


def test_0_done(place, airisk):
    assert place.run("users").code == 0
    assert place.run(*AGENTS, "u-1").code == 0


def test_1_the_response_was_an_error_status(place, airisk):
    done = place.run("request", "GET", "/api/none", "--as", "u-1")
    assert (done.code, done.line) == (1, "AIRisk responded with 404 Not Found.")
    assert b"traceId" in done.out
    airisk.breaks("/api/ListUsers", answers(403))
    assert place.run("users").code == 1


def test_4_airisk_has_too_much_to_do_for_longer_than_anybody_waits(place, airisk):
    for path in ("/api/ListUsers", "/api/oauth2/Token", "/api/oauth2"):
        airisk.breaks(path, asks_to_wait(503, "86400"))
        done = place.run("users")
        assert (done.code, done.out) == (4, b"")
        assert done.line.endswith("AIRisk is busy. AIRisk asks to wait 24 h 00 min.")


def test_0_an_airisk_that_asks_to_wait_is_waited_for_and_that_is_said_once(place, airisk):
    airisk.breaks("/api/oauth2", asks_to_wait(503, "1"), times=1)
    airisk.breaks("/api/ListUsers", asks_to_wait(429, "1"), times=1)
    done = place.run("users")
    assert (done.code, done.err) == (0, "airisk-tui: AIRisk is busy. Waiting 1 s before trying again.\n")


WRONG = {
    "unknown command": (("dance",), "Unknown command dance. See `airisk-tui --help`."),
    "misspelled command": (("usres",), "Unknown command usres. Did you mean users? See `airisk-tui --help`."),
    "unknown option": (("users", "--loudly"), "Unknown option --loudly. See `airisk-tui users --help`."),
    "abbreviated option": (("users", "--filt", "ada"), "Unknown option --filt. Did you mean --filter? See"),
    "abbreviated option of the program": (("--read", "users"), "Unknown option --read. Did you mean --read-only? See"),
    "unknown format": (("users", "--format", "xml"), "--format must be table, json or csv. See"),
    "missing path": (
        ("request", "GET"),
        "The following arguments are required: PATH. See `airisk-tui request --help`.",
    ),
    "too few users": (("demo", "--user-count", "0"), "--user-count must be a whole number, 1 to 1,000,000. See"),
    "not a number": (("demo", "--user-count", b"\xff"), "--user-count must be a whole number, 1 to 1,000,000. See"),
}


@pytest.mark.parametrize(("arguments", "words"), WRONG.values(), ids=WRONG)
def test_2_wrong_usage(place, arguments, words):
    done = place.run(*arguments)
    assert (done.code, done.out) == (2, b"")
    assert done.line.startswith(words)


SETTINGS = {
    "nothing is set": ({"AIRISK_URL": "", "CLIENT_ID": ""}, "AIRISK_URL and CLIENT_ID are not set"),
    "http beyond loopback": ({"AIRISK_URL": "http://demo.example"}, "https://"),
    "a password in the address": ({"AIRISK_URL": "https://a:b@demo.example"}, "user name or password"),
    "a misspelt name": ({"AIRISK_READONLY": "1"}, "AIRISK_READ_ONLY"),
    "neither true nor false": ({"AIRISK_READ_ONLY": "perhaps"}, "AIRISK_READ_ONLY"),
    "no number": ({"AIRISK_TIMEOUT": "soon"}, "AIRISK_TIMEOUT"),
    "no such CA file": ({"AIRISK_CA_FILE": "none.pem", "AIRISK_URL": "https://127.0.0.1:1"}, "AIRISK_CA_FILE"),
}


@pytest.mark.parametrize(("settings", "words"), SETTINGS.values(), ids=SETTINGS)
def test_2_wrong_settings(place, airisk, settings, words):
    done = place.run("users", **settings)
    assert (done.code, done.out) == (2, b"")
    assert words in done.line
    assert airisk.requests == []


def test_2_a_file_of_settings_that_cannot_be_read(place, airisk):
    path = place.write_env({"CLIENT_SECRET": "canary"})
    path.write_text("USER_ID=u-1\nCLIENT_SECRET='canary\n")
    for command in ("users", "doctor", "setup", "forget"):
        done = place.run(command)
        assert done.code == 2
        assert ".env, line 2" in done.line
        assert "canary" not in done.err


@pytest.mark.parametrize("arguments", [(), ("demo",), ("--single-user",)])
def test_2_without_a_terminal(place, airisk, arguments):
    done = place.run(*arguments, USER_ID="u-1")
    assert (done.code, done.out) == (2, b"")
    assert "needs a terminal" in done.line


def test_3_a_refused_secret_and_a_refused_user(place, airisk):
    done = place.run("users", CLIENT_SECRET="another")
    assert (done.code, done.out) == (3, b"")
    assert "rejected the client secret" in done.line
    done = place.run(*AGENTS, "u-99")
    assert (done.code, done.out) == (3, b"")
    assert "u-99" in done.line


def test_4_no_response(place, airisk):
    airisk.breaks("/api/ListUsers", "never_answers")
    done = place.run("users", AIRISK_TIMEOUT="1")
    assert (done.code, done.out) == (4, b"")
    assert "did not respond within 1 s" in done.line


def test_4_a_response_that_breaks_off(place, airisk):
    airisk.breaks("/api/x", "short_body")
    done = place.run("request", "GET", "/api/x")
    assert (done.code, done.out) == (4, b"[]")
    assert "was closed before the response was complete" in done.line


def test_4_the_demo_cannot_begin(place):
    (place.cwd / "uvicorn.py").write_text("raise ImportError\n")
    place.tell(PYTHONPATH=str(place.cwd))
    with opened(place, "demo") as terminal:
        assert terminal.ended() == 4
    assert terminal.output == b"airisk-tui: The demo cannot start: the sandbox did not start. Run it again.\r\n"


def test_an_option_before_the_command_is_not_lost(place):
    with opened(place, "--read-only", "--single-user", "demo") as terminal:
        terminal.sees("READ-ONLY", "Single-user mode", "ACTING AS u-")
        terminal.quits()


def test_5_keyring(place, airisk):
    assert place.run("forget", "--yes").code == 5


def test_74_a_full_disk(place, airisk):
    done = place.shell("airisk-tui users > /dev/full")
    assert done.code == 74
    assert done.line == "The output cannot be written: No space left on device."


def test_130_interrupted(place, airisk):
    airisk.breaks("/api/ListUsers", "never_answers")
    with place.running("users") as process:
        until(lambda: "/api/ListUsers" in [request.path for request in airisk.requests], "the request")
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=PATIENCE) == (b"", b"")
        assert process.returncode == 130


@pytest.mark.parametrize("closed", [">&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_fault(place, airisk, closed):
    assert (done := place.shell(f"airisk-tui users {closed}")).code == 0
    assert done.err == ""
    assert place.shell(f"airisk-tui {closed}").code == 2


@pytest.mark.parametrize("locale", [{"LANG": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
def test_any_locale_will_do(place, airisk, locale):
    for arguments in (("doctor",), ("--help",), (*AGENTS, b"\xff")):
        done = place.run(*arguments, **locale)
        assert done.code == (2 if b"\xff" in arguments else 0)
        assert "stopped" not in done.err


FED = (
    ("request", "POST", "/api/x", "-d", "@{odd}"),
    ("matrix", "--as", "u-1", "--policy", "{odd}"),
    ("matrix", "merge", "{odd}", "{odd}"),
)


@pytest.mark.parametrize("command", FED, ids=lambda command: " ".join(command[:2]))
def test_a_pipe_to_which_nobody_writes_is_refused_in_words(place, airisk, command):
    os.mkfifo(place.cwd / "odd.json")
    done = place.run(*(word.replace("{odd}", "odd.json") for word in command))
    assert (done.code, done.line) == (
        2,
        "odd.json cannot be read: it is a pipe or a device, not a file. Check its path.",
    )
    assert airisk.requests == []


def test_what_the_environment_makes_of_python_is_not_heard(place, airisk):
    for name in ("PYTHONINSPECT", "PYTHONBREAKPOINT"):
        done = place.run("request", "GET", "/api/none", "--as", "u-1", **{name: "1"})
        assert (done.code, done.line) == (1, "AIRisk responded with 404 Not Found.")


def test_a_report_that_a_full_disk_refuses_is_74(place, sandbox):
    (place.cwd / "full.json").symlink_to("/dev/full")
    done = place.run("matrix", "--as", "anonymous", "--endpoint", "GET /api/ListUsers", "--report", "full.json")
    assert done.code == 74
    assert "full.json cannot be written: No space left on device." in done.err
