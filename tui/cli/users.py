"""`airisk-tui users`: print the users of the deployment as a table, JSON or CSV."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

import msgspec

from tui.airisk.models import User, UserList
from tui.airisk.users.lazy_list import index_of
from tui.airisk.users.remarks import remarks
from tui.background import run_async
from tui.cli.output import print_csv, print_table
from tui.cli.session import open_session, says_wait
from tui.config.settings import RawSettings
from tui.text import clean, clean_lines

COLUMNS = ("id", "name", "email", "role")


def run(raw: RawSettings, arguments: argparse.Namespace) -> int:
    """Print the users, and return 0 even if there are none."""
    listing, said = run_async(_list(raw))
    found = [listing.users[place] for place in index_of(listing.users).matching(arguments.filter)]
    {"json": _print_json, "csv": _print_csv, "table": _print_table}[arguments.format](listing, found)
    if listing.unrecognized:
        total = len(listing.users) + listing.unrecognized
        said.append(f"Skipped {listing.unrecognized} of {total} entries that are not users.")
    if listing.users and not found:
        said.append(f"No user matches “{arguments.filter}”.")
    sys.stderr.writelines(f"airisk-tui: {clean(words)}\n" for words in said)
    return 0


async def _list(raw: RawSettings) -> tuple[UserList, list[str]]:
    """Return the users, and the remarks on the list."""
    async with open_session(raw) as session:
        listing = await session.users(on_wait=says_wait())
        return listing, [each.words for each in remarks(listing, session.settings)]


def _cells(user: User) -> tuple[str, ...]:
    return (user.id, user.name, user.email, user.role, *user.more)


def _headings(listing: UserList) -> tuple[str, ...]:
    return COLUMNS + listing.columns


def _print_json(listing: UserList, users: Sequence[User]) -> None:
    keys = tuple(
        heading.replace(" ", "_").lower() if heading in listing.columns else heading for heading in _headings(listing)
    )
    # The four documented keys win over columns of the same name.
    records = [dict(zip(reversed(keys), reversed(_cells(user)), strict=True)) for user in users]
    ordered = [{key: record[key] for key in dict.fromkeys(keys)} for record in records]
    lines = ",\n  ".join(map(_json, ordered))
    text = f"[\n  {lines}\n]\n" if ordered else "[]\n"
    sys.stdout.write(clean_lines(text) if sys.stdout.isatty() else text)


def _json(record: dict[str, str]) -> str:
    try:
        return msgspec.json.encode(record).decode()
    except UnicodeEncodeError:  # an unpaired surrogate, which JSON can only hold escaped
        return json.dumps(record)


def _print_csv(listing: UserList, users: Sequence[User]) -> None:
    print_csv((_headings(listing), *map(_cells, users)))


def _print_table(listing: UserList, users: Sequence[User]) -> None:
    print_table([clean(heading, limit=48) for heading in _headings(listing)], map(_cells, users))
