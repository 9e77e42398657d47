"""Requests as odd as a person can make them."""

from hypothesis import strategies as st

from tui.airisk.http.methods import METHODS
from tui.airisk.models import Draft, Upload

PATHS = st.text("/.%2eaZ09?=&;@:!$'()*+,~_-[]", max_size=20).map(lambda text: "/" + text)
"""Paths and queries that may be sent, or refused."""

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "a b&c=d",
        "`id`",
        "$HOME",
        "$(id)",
        "'",
        '"',
        "\\",
        "!!",
        "-x",
        "@x",
        "%41",
        "{{x}}",
        "é€😀",
        "\u202e",
        "\n",
        "",
        "=",
    ]
)
HEADER_VALUES = st.text(st.characters(max_codepoint=0xFF, exclude_categories=["Cc"]), max_size=12) | st.sampled_from(
    ["", "$HOME", "'\"`!", "\xff", "a\tb", "\xc3\xa9", "@x", ";", ":"]
)
HEADERS = st.tuples(
    st.sampled_from(["X-One", "x-two", "Accept", "user-agent", "Content-Type", "Referer"]), HEADER_VALUES
)
BODIES = st.one_of(
    st.just(b""),
    st.binary(max_size=30),
    TEXTS.map(str.encode),
    st.sampled_from(
        [
            b"@file",
            b"-d",
            b"\n\n",
            b"\0",
            b'{"it\'s": "\\n$HOME `id` !! \\\\"}',
            b"a\r\nb\n",
            b"%s%d\\0351",
            bytes(range(256)),
            b"--form",
            "zwölf\u200b€".encode(),
        ]
    ),
)
FILENAMES = st.sampled_from(
    [
        "report.pdf",
        "a b.txt",
        "x;type=y.json",
        'q"q',
        "b\\s",
        "-",
        "-x",
        "@a",
        "ü€.html",
        "a,b",
        "it's",
        "100%22",
        "~me",
        "\x07",
    ]
) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0="), min_size=1, max_size=10).filter(
    lambda name: name not in {".", ".."}
)
FILES = st.builds(
    lambda filename, name, content: Upload(name or filename, filename, content),
    FILENAMES,
    st.sampled_from(["", "", "file", 'n"\\\n;', "ü"]),
    st.binary(max_size=20),
)
VALUES = st.builds(
    lambda name, content: Upload(name, "", content),
    st.sampled_from(["title", "a b", "ü;", 'n"']),
    TEXTS.map(lambda text: text.replace("\0", "").encode()),
)
QUERIES = st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple)

WITH_BODY = st.builds(Draft, st.sampled_from(METHODS), PATHS, QUERIES, st.lists(HEADERS, max_size=3).map(tuple), BODIES)
WITH_FILES = st.builds(
    Draft,
    st.sampled_from(["POST", "PUT"]),
    PATHS,
    headers=st.lists(HEADERS.filter(lambda header: header[0] != "Content-Type"), max_size=2).map(tuple),
    files=st.lists(FILES | VALUES, min_size=1, max_size=3, unique_by=lambda file: file.filename or file.name).map(
        tuple
    ),
)
DRAFTS = WITH_BODY | WITH_FILES
