"""Write a request as a curl command, as Python, or as an `airisk-tui` command: the same bytes, no token."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterator, Sequence

from tui.airisk.http.request import file_type, has_content_type, refuse_unsendable_draft, sent_headers, written_in_form
from tui.airisk.identity import ANONYMOUS, RESERVED_NAMES, Identity
from tui.airisk.models import Draft, Upload
from tui.config.origin import Origin
from tui.config.settings import header_setting
from tui.errors import RequestRejectedError
from tui.plain_names import is_text

_LENGTH_IS_SENT = frozenset({"PATCH", "POST", "PUT"})
"""Methods that announce even an empty body."""

_BEARER = '-H "Authorization: Bearer $AIRISK_TOKEN"'


def as_curl(draft: Draft, identity: Identity, origin: Origin, always: Collection[str] = ()) -> str:
    """Write a curl command (7.81 or newer) that sends this request; files are read from where it runs.

    Args:
        draft: the request.
        identity: the identity to send as.
        origin: where to send it.
        always: names of the headers that the settings add; their values are secrets, and stay in the environment.

    Raises:
        RequestRejectedError: the program itself would not send it, or curl cannot.
    """
    refuse_unsendable_draft(draft)
    url = shell_argument(f"{origin}{draft.target}")
    lines = [
        " ".join(["curl", *_manner(draft, origin), url]),
        *(_curl_header(name, value) for name, value in sent_headers(draft)),
        *(f'-H "{name}: ${header_setting(name)}"' for name in _not_given(draft, always)),
        *([_BEARER] if identity != ANONYMOUS else []),
        *(_form(draft) if draft.files else _data(draft)),
    ]
    is_fed = not draft.files and not is_argument(draft.body)
    return (f"{printf_command(draft.body)} | " if is_fed else "") + " \\\n  ".join(lines)


def _not_given(draft: Draft, always: Collection[str]) -> list[str]:
    given = {name.lower() for name, _ in draft.headers}
    return [name for name in always if name.lower() not in given]


def _manner(draft: Draft, origin: Origin) -> Iterator[str]:
    """Yield options for the method and the protocol, but only where curl's default differs."""
    if origin.scheme == "https":
        yield "--http1.1"
    if re.search(r"[\[\]{}]", f"{origin}{draft.target}"):
        yield "--globoff"
    if draft.target.endswith("?"):  # curl drops an empty query
        yield f"--request-target {shell_argument(draft.target)}"
    if draft.method == "HEAD" and not _has_content(draft):
        yield "--head"
    elif draft.method != ("POST" if _has_content(draft) else "GET"):
        yield f"--request {draft.method}"


def _has_content(draft: Draft) -> bool:
    return bool(draft.files or draft.body) or draft.method in _LENGTH_IS_SENT


def _curl_header(name: str, value: str) -> str:
    line = f"{name}: {value}" if value else f"{name};"
    return "-H " + shell_argument(line.encode("latin-1"))


def _data(draft: Draft) -> Iterator[str]:
    if not _has_content(draft):
        return
    if not has_content_type(draft):
        yield "-H Content-Type:"
    yield "-H Expect:"
    yield "--data-raw " + shell_argument(draft.body) if is_argument(draft.body) else "--data-binary @-"


def _form(draft: Draft) -> Iterator[str]:
    if has_content_type(draft):
        raise RequestRejectedError(
            "curl sets the Content-Type of a form itself.", advice="Remove the header, or copy the request as Python."
        )
    yield "-H Expect:"
    yield from map(_curl_part, draft.files)


def _curl_part(part: Upload) -> str:
    name = written_in_form(part.name)
    if not name or "=" in name:
        raise RequestRejectedError("curl cannot send a form part with this name.", advice="Copy the request as Python.")
    if not part.filename:
        return "--form-string " + shell_argument(f"{name}=".encode() + part.content)
    path = "./-" if part.filename == "-" else part.filename
    parameters = f"filename={_quoted(written_in_form(part.filename))};type={file_type(part.filename)}"
    return "-F " + shell_argument(f"{name}=@{_quoted(path)};{parameters}")


def _quoted(text: str) -> str:
    """Quote a text as the values of -F allow."""
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


_COPY_AS_CURL = "Copy the request as curl."


def as_command(draft: Draft, identity: Identity, where: Sequence[str] = ()) -> str:
    """Write an `airisk-tui request` command for this request.

    Args:
        draft: the request.
        identity: the identity to send as.
        where: option and value that name the deployment; by default that of the working directory.

    Raises:
        RequestRejectedError: the program itself would not send it, or the command cannot.
    """
    refuse_unsendable_draft(draft)
    path, query = _path_and_query(draft)
    command = (
        "airisk-tui",
        "request",
        *map(shell_argument, where),
        draft.method,
        shell_argument(path),
        _option("--as", _name(identity)),
    )
    lines = [
        " ".join(command),
        *(_option("-q", pair) for pair in query),
        *(_header_option(name, value) for name, value in draft.headers),
        *([_option("-F", _file_option(file)) for file in draft.files] or _body(draft)),
    ]
    is_fed = not draft.files and not _is_option(draft.body)
    return (f"{printf_command(draft.body)} | " if is_fed else "") + " \\\n  ".join(lines)


def _path_and_query(draft: Draft) -> tuple[str, list[str]]:
    """Return the path, and the query as options where they can express it, else within the path."""
    if all(name and "=" not in name and not name.startswith("-") for name, _ in draft.query):
        return draft.path, [f"{name}={value}" for name, value in draft.query]
    return draft.target, []


def _name(identity: Identity) -> str:
    if not identity.is_user:
        return identity.kind
    if identity.id in RESERVED_NAMES:
        raise RequestRejectedError(
            f"As --as {identity.id}, the command would take the user for another identity.", advice=_COPY_AS_CURL
        )
    return identity.id


def _header_option(name: str, value: str) -> str:
    value = value.strip(" \t")
    if value != value.strip():
        raise RequestRejectedError(
            f"The command cannot send the blanks around the value of the header {name}.", advice=_COPY_AS_CURL
        )
    return _option("-H", f"{name}: {value}")


def _body(draft: Draft) -> Iterator[str]:
    if not draft.body:
        return
    if not has_content_type(draft):
        raise RequestRejectedError(
            "The command would add a Content-Type to the body.", advice=f"Add a Content-Type header. {_COPY_AS_CURL}"
        )
    yield _option("-d", draft.body) if _is_option(draft.body) else "-d @-"


def _is_option(body: bytes) -> bool:
    return is_argument(body) and not body.startswith(b"@")


def _file_option(part: Upload) -> str:
    # The command expands a ~ to a home directory.
    if not part.name or "=" in part.name or not part.filename or "/" in part.filename or part.filename[0] == "~":
        raise RequestRejectedError("The command cannot send this form.", advice=_COPY_AS_CURL)
    return f"{part.name}=@{part.filename}"


def _option(name: str, value: str | bytes) -> str:
    """Write an option with its value, attached to it if the value looks like an option."""
    if value[:1] in {"-", b"-"}:
        return (name + "=" if name.startswith("--") else name) + shell_argument(value)
    return f"{name} {shell_argument(value)}"


_PYTHON_BEARER = """("Authorization", f"Bearer {os.environ['AIRISK_TOKEN']}"),"""


def as_python(draft: Draft, identity: Identity, origin: Origin, always: Collection[str] = ()) -> str:
    """Write a script (httpx 0.28) that sends this request; files are read from where it runs.

    Args:
        draft: the request.
        identity: the identity to send as.
        origin: where to send it.
        always: names of the headers that the settings add; their values are secrets, and stay in the environment.

    Raises:
        RequestRejectedError: the program itself would not send it.
    """
    refuse_unsendable_draft(draft)
    from_environment = [f"({name!r}, os.environ[{header_setting(name)!r}])," for name in _not_given(draft, always)]
    if identity != ANONYMOUS:
        from_environment.append(_PYTHON_BEARER)
    return "\n".join(
        [
            *(["import os"] if from_environment else []),
            *_imports(draft),
            "request = httpx.Request(",
            f"    {draft.method!r},",
            f"    httpx.URL({str(origin)!r}, raw_path={draft.target.encode('ascii')!r}),",
            "    headers=[",
            *(f"        ({name!r}, {_value(value)})," for name, value in sent_headers(draft)),
            *(f"        {header}" for header in from_environment),
            "    ],",
            *_content(draft),
            ")",
            "with httpx.Client(trust_env=False, timeout=60) as client:",
            "    response = client.send(request)",
            "print(response.status_code, response.reason_phrase)",
            "print(response.text)",
            "",
        ]
    )


def _imports(draft: Draft) -> Iterator[str]:
    if any(part.filename for part in draft.files):
        yield "from pathlib import Path"
    yield from ("", "import httpx", "")


def _content(draft: Draft) -> Iterator[str]:
    if draft.files:
        yield "    files=["
        yield from (f"        ({part.name!r}, {_file_tuple(part)})," for part in draft.files)
        yield "    ],"
    elif draft.body:
        yield f"    content={_literal(draft.body)},"


def _file_tuple(part: Upload) -> str:
    if not part.filename:
        return f"(None, {_literal(part.content)})"
    return f"({part.filename!r}, Path({part.filename!r}).read_bytes())"


def _value(value: str) -> str:
    """Write a header's text as httpx takes it: ASCII, else bytes."""
    return repr(value if value.isascii() else value.encode("latin-1"))


def _literal(content: bytes) -> str:
    text = readable_text(content)
    return repr(content) if content.isascii() or text is None else f"{text!r}.encode()"


LONGEST_WORD = 100_000
"""Bytes of one argument: Linux takes 128 KiB."""

_ESCAPED = re.compile(rb"[^ \"-&(-\[\]-~]")
_COPY_AS_PYTHON = "Copy the request as Python."


def readable_text(content: bytes) -> str | None:
    """Decode a text if all of it is visible, since what is pasted must be what was seen; else return None."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return text if all(character == "\n" or character.isprintable() for character in text) else None


def shell_argument(content: str | bytes) -> str:
    """Quote one argument of a command.

    Raises:
        RequestRejectedError: no command can have such an argument.
    """
    raw = _bytes(content)
    if b"\0" in raw:
        raise RequestRejectedError("A command's argument cannot contain a NUL character.", advice=_COPY_AS_PYTHON)
    if len(raw) > LONGEST_WORD:
        raise RequestRejectedError("This is too long for a command's argument.", advice=_COPY_AS_PYTHON)
    text = readable_text(raw)
    if text is not None:
        return shlex.quote(text)
    # A shell strips the trailing newlines of a command's output.
    stem = raw.rstrip(b"\n")
    newlines = raw[len(stem) :].decode()
    return f'"$({printf_command(stem)})"' + (shlex.quote(newlines) if newlines else "")


def printf_command(content: bytes) -> str:
    r"""Write a command that prints bytes: `printf %b` has the same escapes in every shell, \0 and three octals."""
    return f"printf %b '{_ESCAPED.sub(_escape, content).decode('ascii')}'"


def is_argument(body: bytes) -> bool:
    """Return whether a body is best passed as an argument; any other is piped into the command."""
    return len(body) <= LONGEST_WORD and readable_text(body) is not None


def _escape(byte: re.Match[bytes]) -> bytes:
    return rb"\n" if byte[0] == b"\n" else rb"\0%03o" % byte[0][0]


def _bytes(content: str | bytes) -> bytes:
    if isinstance(content, bytes):
        return content
    if not is_text(content):
        raise RequestRejectedError("This contains invalid Unicode (an unpaired surrogate).")
    return content.encode()
