"""What a copy as curl, Python or a command cannot say is refused, with the copy that can."""

import re
from collections.abc import Callable

import pytest

from tui.airisk.curl.export import as_command, as_curl, as_python
from tui.airisk.models import Draft, Identity, Upload, User
from tui.config.origin import Origin
from tui.errors import RequestRejectedError

ADA = Identity.of(User("u-1", "Ada"))
ORIGIN = Origin("https", "demo.aicrisk.com")

REFUSED: dict[str, tuple[Callable[[Draft], str], Draft, str]] = {
    "a path upwards": (
        lambda draft: as_curl(draft, ADA, ORIGIN),
        Draft("GET", "/a/../b"),
        "The path must not contain . or .. as a step.",
    ),
    "a method that is none": (
        lambda draft: as_python(draft, ADA, ORIGIN),
        Draft("GET; id", "/"),
        "This method is not one of",
    ),
    "a header of the program's own": (
        lambda draft: as_command(draft, ADA),
        Draft("GET", "/", (), (("Host", "x"),)),
        "The header Host is the program's own to set.",
    ),
    "half a character": (
        lambda draft: as_curl(draft, ADA, ORIGIN),
        Draft("GET", "/", (("a", "\ud800"),)),
        "The query holds half a character",
    ),
    "a form's own type": (
        lambda draft: as_curl(draft, ADA, ORIGIN),
        Draft("POST", "/", (), (("content-type", "x"),), files=(Upload("a", "a", b""),)),
        "curl writes the Content-Type of a form itself.",
    ),
    "a part with =": (
        lambda draft: as_curl(draft, ADA, ORIGIN),
        Draft("POST", "/", files=(Upload("a=b", "a", b""),)),
        "curl cannot send a part of that name.",
    ),
    "NUL in a value": (
        lambda draft: as_curl(draft, ADA, ORIGIN),
        Draft("POST", "/", files=(Upload("a", "", b"\0"),)),
        "A command's argument cannot hold a NUL.",
    ),
    "a huge value": (
        lambda draft: as_curl(draft, ADA, ORIGIN),
        Draft("POST", "/", files=(Upload("a", "", b"x" * 200_000),)),
        "This is too long for a command's argument.",
    ),
    "a body of no type": (
        lambda draft: as_command(draft, ADA),
        Draft("POST", "/", body=b"x"),
        "The command would say what the body is.",
    ),
    "a value in a form": (
        lambda draft: as_command(draft, ADA),
        Draft("POST", "/", files=(Upload("a", "", b""),)),
        "The command cannot send this form.",
    ),
    "a user called application": (
        lambda draft: as_command(draft, Identity("user", "application")),
        Draft("GET", "/"),
        "The command takes application for another identity.",
    ),
    "a blank at the end": (
        lambda draft: as_command(draft, ADA),
        Draft("GET", "/", (), (("X", "a\xa0"),)),
        "The command cannot send the blank at an end of the header X.",
    ),
    "an id that is no text": (
        lambda draft: as_command(draft, Identity("user", "\ud800")),
        Draft("GET", "/"),
        "This holds half a character, which no command can.",
    ),
}


@pytest.mark.parametrize(("copy", "draft", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_sent_in_this_way_is_not_copied(copy: Callable[[Draft], str], draft: Draft, words: str) -> None:
    with pytest.raises(RequestRejectedError, match=re.escape(words)):
        copy(draft)
