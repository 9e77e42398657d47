"""A curl command that is pasted becomes the request it would send, for this deployment and without a token."""

from pathlib import Path

import pytest

from tests.kit.curl_commands import WRITTEN
from tests.kit.leaks import told_by
from tui.airisk.curl.parse import ImportedRequest, read_curl
from tui.airisk.models import Draft, Upload
from tui.config.origin import Origin
from tui.errors import RequestRejectedError

ORIGIN = Origin("https", "demo.aicrisk.com")
ADDRESS = "https://demo.aicrisk.com/api/x"
CANARY = "eyJc4nary.c4nary"


def draft_of(command: str) -> Draft:
    """What the command is, without the notes on it."""
    return read_curl(command, ORIGIN).draft


def refusal_of(command: str) -> RequestRejectedError:
    """Why the command is refused; no part of it that may be secret is repeated."""
    with pytest.raises(RequestRejectedError) as refused:
        read_curl(command, ORIGIN)
    assert CANARY not in told_by(refused.value).replace(command, "")
    return refused.value


# What browsers copy

CHROME = r"""curl 'https://demo.aicrisk.com/api/Chat/Ask?a=\[1\]' \
  -H 'accept: */*' \
  -H 'authorization: Bearer eyJc4nary.c4nary' \
  -b 'ARRAffinity=eyJc4nary.c4nary' \
  -H 'content-type: application/json' \
  --data-raw $'{"text":"it\'s \u00fc \ud83d\ude00 \\n","a":"\u0021"}' \
  --compressed"""
FIREFOX = (
    r"""curl 'https://demo.aicrisk.com/api/Chat/Ask?a=[1]' -X POST -H 'Accept: */*' """
    r"""-H 'Authorization: Bearer eyJc4nary.c4nary' -H 'Content-Type: application/json' -H 'TE: trailers' """
    r"""-H 'Cookie: a=eyJc4nary.c4nary' --data-raw $'{"text":"it\'s ü 😀 \\n","a":"\u0021"}'"""
)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("command", [CHROME, FIREFOX])
def test_what_browsers_copy(command: str, newline: str) -> None:
    pasted = read_curl(command.replace("\n", newline), ORIGIN)
    draft = pasted.draft
    assert (draft.method, draft.target) == ("POST", "/api/Chat/Ask?a=[1]")
    assert [(name.lower(), value) for name, value in draft.headers] == [
        ("accept", "*/*"),
        ("content-type", "application/json"),
    ]
    assert draft.body.decode() == r"""{"text":"it's ü 😀 \n","a":"!"}"""
    assert "The header Authorization was skipped: only airisk-tui may set it." in pasted.notes
    assert any("ookie" in note for note in pasted.notes)
    assert CANARY not in repr(pasted)


@pytest.mark.parametrize("command", [f'curl ^"{ADDRESS}^" ^\n -H ^"accept: */*^"', f'curl "{ADDRESS}" ^\n -d "a"'])
def test_a_command_for_the_windows_prompt_is_refused_with_a_way_out(command: str) -> None:
    refusal = refusal_of(command)
    assert refusal.message == "This command is for the Windows command prompt."
    assert refusal.advice == "In the browser, choose Copy as cURL (bash)."


# What people write


@pytest.mark.parametrize(("command", "draft"), WRITTEN.items())
def test_what_people_write(command: str, draft: Draft) -> None:
    assert draft_of(command.replace("HERE", ADDRESS)) == draft


def test_files_are_read_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("~a b.txt").write_bytes(b"one\r\ntwo")
    assert draft_of(f"curl {ADDRESS} -d '@~a b.txt'").body == b"onetwo"
    assert draft_of(f"curl {ADDRESS} --data-binary '@~a b.txt'").body == b"one\r\ntwo"
    assert draft_of(f"curl {ADDRESS} --data-urlencode 'n@~a b.txt'").body == b"n=one%0D%0Atwo"
    pasted = read_curl(f"curl {ADDRESS} -F 'n=@~a b.txt;type=image/png' -F 'm=<~a b.txt'", ORIGIN)
    assert pasted.draft.files == (Upload("n", "~a b.txt", b"one\r\ntwo"), Upload("m", "", b"one\r\ntwo"))
    assert pasted.notes == (
        "~a b.txt was read from this machine: 8 bytes.",
        "The type of n was skipped: it follows from the file name.",
    )


def test_what_is_left_out_is_reported() -> None:
    pasted = read_curl(f"curl -kL -u ada:{CANARY} -x proxy -b {CANARY} --compressed {ADDRESS}; rm -rf x", ORIGIN)
    assert pasted == ImportedRequest(
        Draft("GET", "/api/x"),
        (
            "--insecure was skipped: the deployment's certificate is always verified.",
            "--location was skipped: redirects are not followed.",
            "--user was skipped: airisk-tui sends its own token.",
            "--proxy was skipped: the settings determine how the deployment is reached.",
            "--cookie was skipped: airisk-tui sends no cookies.",
            "What follows the command was skipped.",
        ),
    )
    signed = read_curl(f"curl https://ada:{CANARY}@demo.aicrisk.com/", ORIGIN)
    assert signed == ImportedRequest(
        Draft("GET", "/"), ("The user and password in the address were removed: airisk-tui sends its own token.",)
    )


ELSEWHERE = {
    f"curl https://other.example/?{CANARY}": "other.example",
    "curl https://demo.aicrisk.com:8443/": "demo.aicrisk.com:8443",
    f"curl https://demo.aicrisk.com:{CANARY}@other.example/": "other.example",
    "curl https://demo.aicrisk.com.other.example/": "demo.aicrisk.com.other.example",
    "curl 'https://other.example#@demo.aicrisk.com'": "other.example",
}


@pytest.mark.parametrize(("command", "host"), ELSEWHERE.items())
def test_another_host_is_refused_by_name(command: str, host: str) -> None:
    assert refusal_of(command).message == f"The address is for {host}, but this deployment is demo.aicrisk.com."


def test_another_scheme_is_refused_by_name() -> None:
    words = "The address is for http://demo.aicrisk.com, but this deployment is https://demo.aicrisk.com."
    assert refusal_of("curl http://demo.aicrisk.com/").message == words


UNREADABLE = {
    f"wget https://{CANARY}": "Not a curl command",
    f"curl -H Authorization: Bearer {CANARY} {ADDRESS}": "has 3 addresses",
    f"curl {CANARY}": "no valid host",
    f"curl 'https://demo.aicrisk.com\\@{CANARY}/'": "is invalid",
    f"curl ftp://{CANARY}/": "is invalid",
    f"curl 'https://[{CANARY}/'": "is invalid",
    f"curl {ADDRESS} -d '{CANARY}": "unclosed",
    f'curl ^"{ADDRESS}^" -d ^"{CANARY}': "Windows",
    f"curl {ADDRESS} --{CANARY}": "unsupported option",
    f"curl {ADDRESS} -%{CANARY}": "unsupported option",
    f"curl {ADDRESS} -T {CANARY}": "--upload-file",
    f"curl {ADDRESS} --next https://{CANARY}": "--next",
    f"curl {ADDRESS} -d ${CANARY}": "a shell",
    f'curl {ADDRESS} -d "`{CANARY}`"': "a shell",
    f'curl {ADDRESS} -H "X: $({CANARY})"': "a shell",
    f"curl $HOST/{CANARY}": "a shell",
    f"curl {ADDRESS} -d @-": "reads the output of another",
    f"curl {ADDRESS} -d @none-of-this-name": "not a file",
    f"curl https://other.example/{CANARY} -d @none-of-this-name": "The address is for other.example",
    f"curl {ADDRESS} -d a -F a={CANARY}": "both a body and a form",
    f"curl {ADDRESS} -F {CANARY}": "no name",
    f"curl {ADDRESS} -F 'a=@b,{CANARY}'": "several",
    f"curl {ADDRESS} -H {CANARY}": "no colon",
    f"curl {ADDRESS} -H $'X: a\\n{CANARY}'": "does not allow",
    f"curl {ADDRESS} -H 'X {CANARY}: a'": "does not allow",
    f"curl {ADDRESS} -X {CANARY}": "must be one of",
    f"curl {ADDRESS}/../{CANARY}": ". or ..",
    f"curl {ADDRESS} --request-target //{CANARY}/": "one /",
    f"curl {ADDRESS} --request-target {CANARY}": "one /",
    f"curl {ADDRESS} -d $'\\ud800{CANARY}'": "invalid escape sequence",
    f"curl {ADDRESS} -d '\ud800{CANARY}'": "invalid Unicode",
    f"curl $'https://demo.aicrisk.com/\\xff{CANARY}'": "not UTF-8",
}


@pytest.mark.parametrize(("command", "words"), UNREADABLE.items())
def test_what_cannot_be_read_is_refused_and_not_quoted(command: str, words: str) -> None:
    refusal = refusal_of(command)
    assert words in refusal.message
    assert CANARY not in f"{refusal.message} {refusal.advice}"


def test_files_are_named_before_they_are_read(tmp_path):
    missing = tmp_path / "none"
    command = f"curl {ADDRESS} -d @{missing} --data-binary @{missing} --data-urlencode n@{tmp_path}/b"
    pasted = read_curl(command, ORIGIN, reads=False)
    assert pasted.files == (str(missing), str(tmp_path / "b"))
    assert read_curl(f"curl {ADDRESS} -F 'n=@{missing}' -F 'm=<{missing}'", ORIGIN, reads=False).files == (
        str(missing),
    )
    with pytest.raises(RequestRejectedError, match="none is not a file"):
        read_curl(f"curl {ADDRESS} -d @{missing}", ORIGIN)
