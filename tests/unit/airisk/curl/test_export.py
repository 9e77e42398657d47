"""What a copy as curl, Python or a command cannot say is refused, with the copy that can."""

import re
from collections.abc import Callable

import pytest

from tui.airisk.curl.export import as_command, as_curl, as_python
from tui.airisk.identity import Identity
from tui.airisk.models import Draft, Upload, User
from tui.config.origin import Origin
from tui.errors import RequestRejectedError

ADA = Identity.of(User("u-1", "Ada"))
ORIGIN = Origin("https", "demo.aicrisk.com")

REFUSED: dict[str, tuple[Callable[[Draft], str], Draft, str]] = {
    "a path upwards": (
        lambda draft: as_curl(draft, ADA, ORIGIN),
        Draft("GET", "/a/../b"),
        "The path must not contain . or .. as a segment.",
    ),
    "a method that is none": (
        lambda draft: as_python(draft, ADA, ORIGIN),
        Draft("GET; id", "/"),
        "The method must be one of",
    ),
    "a header of the program's own": (
        lambda draft: as_command(draft, ADA),
        Draft("GET", "/", (), (("Host", "x"),)),
        "Only airisk-tui may set the header Host.",
    ),
    "half a character": (
        lambda draft: as_curl(draft, ADA, ORIGIN),
        Draft("GET", "/", (("a", "\ud800"),)),
        "The query contains invalid Unicode",
    ),
    "a form's own type": (
        lambda draft: as_curl(draft, ADA, ORIGIN),
        Draft("POST", "/", (), (("content-type", "x"),), files=(Upload("a", "a", b""),)),
        "curl sets the Content-Type of a form itself.",
    ),
    "a part with =": (
        lambda draft: as_curl(draft, ADA, ORIGIN),
        Draft("POST", "/", files=(Upload("a=b", "a", b""),)),
        "curl cannot send a form part with this name.",
    ),
    "NUL in a value": (
        lambda draft: as_curl(draft, ADA, ORIGIN),
        Draft("POST", "/", files=(Upload("a", "", b"\0"),)),
        "A command's argument cannot contain a NUL character.",
    ),
    "a huge value": (
        lambda draft: as_curl(draft, ADA, ORIGIN),
        Draft("POST", "/", files=(Upload("a", "", b"x" * 200_000),)),
        "This is too long for a command's argument.",
    ),
    "a body of no type": (
        lambda draft: as_command(draft, ADA),
        Draft("POST", "/", body=b"x"),
        "The command would add a Content-Type to the body.",
    ),
    "a value in a form": (
        lambda draft: as_command(draft, ADA),
        Draft("POST", "/", files=(Upload("a", "", b""),)),
        "The command cannot send this form.",
    ),
    "a user called application": (
        lambda draft: as_command(draft, Identity("user", "application")),
        Draft("GET", "/"),
        "As --as application, the command would take the user for another identity.",
    ),
    "a blank at the end": (
        lambda draft: as_command(draft, ADA),
        Draft("GET", "/", (), (("X", "a\xa0"),)),
        "The command cannot send the blanks around the value of the header X.",
    ),
    "an id that is no text": (
        lambda draft: as_command(draft, Identity("user", "\ud800")),
        Draft("GET", "/"),
        "This contains invalid Unicode (an unpaired surrogate).",
    ),
}


@pytest.mark.parametrize(("copy", "draft", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_sent_in_this_way_is_not_copied(copy: Callable[[Draft], str], draft: Draft, words: str) -> None:
    with pytest.raises(RequestRejectedError, match=re.escape(words)):
        copy(draft)
