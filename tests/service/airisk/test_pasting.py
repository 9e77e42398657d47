"""A curl command that is pasted becomes the request it would send, for this deployment and without a token."""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.leaks import told_by
from tests.kit.machine import needs
from tests.kit.overhearing import Ear, Heard, overhearing, send, understood
from tui.airisk.errors import Refused
from tui.airisk.models import Draft, Upload
from tui.airisk.origin import Origin
from tui.airisk.pasting import Pasted, read_curl

ORIGIN = Origin("https", "demo.aicrisk.com")
ADDRESS = "https://demo.aicrisk.com/api/x"
CANARY = "eyJc4nary.c4nary"
FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
JSON = (("Content-Type", "application/json"),)


@pytest.fixture(scope="module")
def ear() -> Iterator[Ear]:
    with overhearing() as listening:
        yield listening


def draft_of(command: str) -> Draft:
    """What the command is, without the notes on it."""
    return read_curl(command, ORIGIN).draft


def refusal_of(command: str) -> Refused:
    """Why the command is refused; no part of it that may be secret is repeated."""
    with pytest.raises(Refused) as refused:
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
CHROME_WINDOWS = r'''curl ^"https://demo.aicrisk.com/api/Chat/Ask?a=^[1^]^" ^
  -H ^"accept: */*^" ^
  -H ^"authorization: Bearer eyJc4nary.c4nary^" ^
  -b ^"ARRAffinity=eyJc4nary.c4nary^" ^
  -H ^"content-type: application/json^" ^
  --data-raw ^"^{^\^"text^\^":^\^"it's ü 😀 ^\^\n^\^",^\^"a^\^":^\^"^!^\^"^}^"'''
OLDER_WINDOWS = r"""curl "https://demo.aicrisk.com/api/Chat/Ask?a=[1]" ^
  -H "accept: */*" ^
  -H "authorization: Bearer eyJc4nary.c4nary" ^
  -H "cookie: ARRAffinity=eyJc4nary.c4nary" ^
  -H "content-type: application/json" ^
  --data-raw "{""text"":""it's ü 😀 \\n"",""a"":""!""}" ^
  --compressed"""
FIREFOX = (
    r"""curl 'https://demo.aicrisk.com/api/Chat/Ask?a=[1]' -X POST -H 'Accept: */*' """
    r"""-H 'Authorization: Bearer eyJc4nary.c4nary' -H 'Content-Type: application/json' -H 'TE: trailers' """
    r"""-H 'Cookie: a=eyJc4nary.c4nary' --data-raw $'{"text":"it\'s ü 😀 \\n","a":"\u0021"}'"""
)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("command", [CHROME, CHROME_WINDOWS, OLDER_WINDOWS, FIREFOX])
def test_what_browsers_copy(command: str, newline: str) -> None:
    pasted = read_curl(command.replace("\n", newline), ORIGIN)
    draft = pasted.draft
    assert (draft.method, draft.target) == ("POST", "/api/Chat/Ask?a=[1]")
    assert [(name.lower(), value) for name, value in draft.headers] == [
        ("accept", "*/*"),
        ("content-type", "application/json"),
    ]
    assert draft.body.decode() == r"""{"text":"it's ü 😀 \n","a":"!"}"""
    assert "The header Authorization was left out: it is the program's own to set." in pasted.notes
    assert any("ookie" in note for note in pasted.notes)
    assert CANARY not in repr(pasted)


def test_a_body_of_several_lines_from_windows() -> None:
    command = 'curl ^"https://demo.aicrisk.com/api/x?a=^%^20b^" ^\n  --data-raw ^"one^\n\ntwo ^& 100^% ^>^"'
    assert draft_of(command) == Draft("POST", "/api/x", (("a", " b"),), FORM, b"one\ntwo & 100% >")
    assert draft_of(f'curl "{ADDRESS}" ^\n -d "a^b & c" & other').body == b"a^b & c"


# What people write

WRITTEN: dict[str, Draft] = {
    "curl HERE": Draft("GET", "/api/x"),
    "$ curl HERE": Draft("GET", "/api/x"),
    "curl https://DEMO.aicrisk.com:443": Draft("GET", "/"),
    "curl demo.aicrisk.com/api/x": Draft("GET", "/api/x"),
    "curl https://demo.aicrisk.com?a=b#c": Draft("GET", "/", (("a", "b"),)),
    "curl 'https://demo.aicrisk.com/ü b|'": Draft("GET", "/%C3%BC%20b%7C"),
    "curl --url HERE -I": Draft("HEAD", "/api/x"),
    "curl -XDELETE HERE": Draft("DELETE", "/api/x"),
    "curl -sX PUT HERE -o f -w '%{http_code}'": Draft("PUT", "/api/x"),
    "curl HERE -d a=1 -d b=2": Draft("POST", "/api/x", (), FORM, b"a=1&b=2"),
    "curl HERE -da=1": Draft("POST", "/api/x", (), FORM, b"a=1"),
    "curl HERE?a=1 -G -d b=2 --data-urlencode 'c=x d'": Draft("GET", "/api/x?a=1&b=2&c=x+d"),
    "curl HERE --url-query 'a=b&'": Draft("GET", "/api/x", (("a", "b&"),)),
    "curl HERE --data-urlencode '=a b'": Draft("POST", "/api/x", (), FORM, b"a+b"),
    "curl HERE --json '{' --json '}'": Draft("POST", "/api/x", (), JSON, b"{}"),
    "curl HERE -d '{}' -H 'content-type:application/json'": Draft(
        "POST", "/api/x", (), (("content-type", "application/json"),), b"{}"
    ),
    "curl HERE -d a -H Content-Type:": Draft("POST", "/api/x", body=b"a"),
    "curl HERE -H 'X-None;' -H 'Accept: application/json' -A me -e here": Draft(
        "GET", "/api/x", (), (("X-None", ""), ("User-Agent", "me"), ("Referer", "here"))
    ),
    "curl HERE -H ':authority: demo.aicrisk.com'": Draft("GET", "/api/x"),
    'curl HERE -d "a \\" \\$ \\` b\\\nc"': Draft("POST", "/api/x", (), FORM, b'a " $ ` bc'),
    "curl HERE -d $'\\x41\\102\\t\\?\\cA\\q\\U0001F600'": Draft(
        "POST", "/api/x", (), FORM, b"AB\t?\x01\\q\xf0\x9f\x98\x80"
    ),
    "curl HERE -d a\\ b'c'\"d\"": Draft("POST", "/api/x", (), FORM, b"a bcd"),
    "printf %b 'a\\0351\\n' | curl HERE --data-binary @- -H Content-Type:": Draft("POST", "/api/x", body=b"a\xe9\n"),
    "curl HERE -F a=b -F 'c=\"d;e\"' --form-string 'f=@g'": Draft(
        "POST", "/api/x", files=(Upload("a", "", b"b"), Upload("c", "", b"d;e"), Upload("f", "", b"@g"))
    ),
    'curl -H "Authorization: Bearer $AIRISK_TOKEN" HERE': Draft("GET", "/api/x"),
    "curl HERE > answer.json": Draft("GET", "/api/x"),
    "curl HERE 2> /dev/null | jq .": Draft("GET", "/api/x"),
    "curl HERE \\": Draft("GET", "/api/x"),
}


@pytest.mark.parametrize(("command", "draft"), WRITTEN.items())
def test_what_people_write(command: str, draft: Draft) -> None:
    assert draft_of(command.replace("HERE", ADDRESS)) == draft


@pytest.mark.parametrize("command", [each for each in WRITTEN if "HERE" in each and not each.startswith("$")])
def test_curl_itself_means_the_same(ear: Ear, tmp_path: Path, command: str) -> None:
    needs("curl")
    command = command.replace("HERE", f"{ear.origin}/api/x")
    asyncio.run(send(read_curl(command, ear.origin).draft, ear.origin, has_token=False))
    ours = understood(ear.last())
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    theirs = understood(ear.last())
    assert (ours.line, ours.body) == (theirs.line, theirs.body), done.stderr
    assert type_of(ours) == type_of(theirs)


def type_of(heard: Heard) -> list[bytes]:
    return [value for name, value in heard.headers if name.lower() == b"content-type"]


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
        "The type of n was left out: it follows from a file's name.",
    )


def test_what_is_left_out_is_told() -> None:
    pasted = read_curl(f"curl -kL -u ada:{CANARY} -x proxy -b {CANARY} --compressed {ADDRESS}; rm -rf x", ORIGIN)
    assert pasted == Pasted(
        Draft("GET", "/api/x"),
        (
            "The certificate of the deployment is checked all the same.",
            "Redirects are not followed.",
            "What the command signs in with was left out: the token is the program's own to send.",
            "How the deployment is reached was left out: that is for the settings to say.",
            "Cookies were left out: the program sends none.",
            "What follows the command was left out.",
        ),
    )
    signed = read_curl(f"curl https://ada:{CANARY}@demo.aicrisk.com/", ORIGIN)
    assert signed == Pasted(
        Draft("GET", "/"), ("What the command signs in with was left out: the token is the program's own to send.",)
    )


ELSEWHERE = {
    f"curl https://other.example/?{CANARY}": "This is for other.example; this deployment is demo.aicrisk.com.",
    "curl https://demo.aicrisk.com:8443/": "This is for demo.aicrisk.com:8443; this deployment is demo.aicrisk.com.",
    "curl http://demo.aicrisk.com/": "This is for http://demo.aicrisk.com; this deployment is https://demo.aicrisk.com.",
    f"curl https://demo.aicrisk.com:{CANARY}@other.example/": "This is for other.example; this deployment is"
    " demo.aicrisk.com.",
    "curl https://demo.aicrisk.com.other.example/": "This is for demo.aicrisk.com.other.example; this deployment is"
    " demo.aicrisk.com.",
    "curl 'https://other.example#@demo.aicrisk.com'": "This is for other.example; this deployment is demo.aicrisk.com.",
}


@pytest.mark.parametrize(("command", "words"), ELSEWHERE.items())
def test_another_host_is_refused_by_name(command: str, words: str) -> None:
    assert refusal_of(command).message == words


UNREADABLE = {
    f"wget https://{CANARY}": "not a curl command",
    f"curl -H Authorization: Bearer {CANARY} {ADDRESS}": "has 3 addresses",
    f"curl {CANARY}": "no host",
    f"curl 'https://demo.aicrisk.com\\@{CANARY}/'": "cannot be read",
    f"curl ftp://{CANARY}/": "cannot be read",
    f"curl 'https://[{CANARY}/'": "cannot be read",
    f"curl {ADDRESS} -d '{CANARY}": "not closed",
    f'curl ^"{ADDRESS}^" -d ^"{CANARY}': "not closed",
    f"curl {ADDRESS} --{CANARY}": "an option that cannot be read",
    f"curl {ADDRESS} -%{CANARY}": "an option that cannot be read",
    f"curl {ADDRESS} -T {CANARY}": "--upload-file",
    f"curl {ADDRESS} --next https://{CANARY}": "--next",
    f"curl {ADDRESS} -d ${CANARY}": "a shell",
    f'curl {ADDRESS} -d "`{CANARY}`"': "a shell",
    f'curl {ADDRESS} -H "X: $({CANARY})"': "a shell",
    f"curl $HOST/{CANARY}": "a shell",
    f"curl {ADDRESS} -d @-": "fed by another",
    f"curl {ADDRESS} -d @none-of-this-name": "not a file",
    f"curl https://other.example/{CANARY} -d @none-of-this-name": "This is for other.example",
    f"curl {ADDRESS} -d a -F a={CANARY}": "cannot go together",
    f"curl {ADDRESS} -F {CANARY}": "no name",
    f"curl {ADDRESS} -F 'a=@b,{CANARY}'": "several",
    f"curl {ADDRESS} -H {CANARY}": "no colon",
    f"curl {ADDRESS} -H $'X: a\\n{CANARY}'": "does not allow",
    f"curl {ADDRESS} -H 'X {CANARY}: a'": "does not allow",
    f"curl {ADDRESS} -X {CANARY}": "not one of",
    f"curl {ADDRESS}/../{CANARY}": ". or ..",
    f"curl {ADDRESS} --request-target //{CANARY}/": "one /",
    f"curl {ADDRESS} --request-target {CANARY}": "one /",
    f"curl {ADDRESS} -d $'\\ud800{CANARY}'": "stands for no character",
    f"curl {ADDRESS} -d '\ud800{CANARY}'": "half a character",
    f"curl $'https://demo.aicrisk.com/\\xff{CANARY}'": "not UTF-8",
}


@pytest.mark.parametrize(("command", "words"), UNREADABLE.items())
def test_what_cannot_be_read_is_refused_and_not_quoted(command: str, words: str) -> None:
    refusal = refusal_of(command)
    assert words in refusal.message
    assert CANARY not in f"{refusal.message} {refusal.advice}"
