"""A request as a command line of this program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.airisk.copying.shell import is_argument, printed, word
from tui.airisk.errors import Refused
from tui.airisk.http.request import has_content_type, refuse_unsendable_draft
from tui.airisk.models import Draft, Identity, Upload

_OTHER_WAY = "Copy it as curl."


def as_command(draft: Draft, identity: Identity, where: Sequence[str] = ()) -> str:
    """`airisk-tui request …` for this request.

    Args:
        draft: the request.
        identity: in whose name.
        where: option and value that name the deployment; without them it is that of where the command is run.

    Raises:
        Refused: the program itself would not send it, or the command cannot.
    """
    refuse_unsendable_draft(draft)
    path, query = _path_and_query(draft)
    asked = ("airisk-tui", "request", *map(word, where), draft.method, word(path), _option("--as", _name(identity)))
    lines = [
        " ".join(asked),
        *(_option("-q", pair) for pair in query),
        *(_header(name, value) for name, value in draft.headers),
        *([_option("-F", _part(file)) for file in draft.files] or _body(draft)),
    ]
    is_fed = not draft.files and not _is_option(draft.body)
    return (f"{printed(draft.body)} | " if is_fed else "") + " \\\n  ".join(lines)


def _path_and_query(draft: Draft) -> tuple[str, list[str]]:
    """The query as options where they can tell it, else within the path."""
    if all(name and "=" not in name and not name.startswith("-") for name, _ in draft.query):
        return draft.path, [f"{name}={value}" for name, value in draft.query]
    return draft.target, []


def _name(identity: Identity) -> str:
    if not identity.is_user:
        return identity.kind
    if identity.id in {"generic", "anonymous"}:
        raise Refused(f"The command takes {identity.id} for another identity.", advice=_OTHER_WAY)
    return identity.id


def _header(name: str, value: str) -> str:
    value = value.strip(" \t")
    if value != value.strip():
        raise Refused(f"The command cannot send the blank at an end of the header {name}.", advice=_OTHER_WAY)
    return _option("-H", f"{name}: {value}")


def _body(draft: Draft) -> Iterator[str]:
    if not draft.body:
        return
    if not has_content_type(draft):
        raise Refused("The command would say what the body is.", advice=f"Give a Content-Type. {_OTHER_WAY}")
    yield _option("-d", draft.body) if _is_option(draft.body) else "-d @-"


def _is_option(body: bytes) -> bool:
    return is_argument(body) and not body.startswith(b"@")


def _part(part: Upload) -> str:
    # The command takes a ~ for somebody's home.
    if not part.name or "=" in part.name or not part.filename or "/" in part.filename or part.filename[0] == "~":
        raise Refused("The command cannot send this form.", advice=_OTHER_WAY)
    return f"{part.name}=@{part.filename}"


def _option(name: str, value: str | bytes) -> str:
    """An option with its value: what looks like another option must not stand alone."""
    if value[:1] in {"-", b"-"}:
        return (name + "=" if name.startswith("--") else name) + word(value)
    return f"{name} {word(value)}"
