"""What `airisk-tui matrix` asks of whom: read from its options, before anything is sent."""

from __future__ import annotations

import argparse
import asyncio
import re
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from tui.access.choosing import Choice
from tui.access.document import Terms, now
from tui.access.kept import Head, RunFile, directory_of
from tui.access.plan import Plan, confirmed, identity_of_run
from tui.access.questions import LeftOut, Question, named, offered
from tui.access.rules import Rules
from tui.airisk.catalogue import ENDPOINTS, merge
from tui.airisk.endpoints import Endpoint
from tui.airisk.errors import AIRiskError, NoAnswer, NotAUserList, SettingsError
from tui.airisk.models import UserList
from tui.airisk.session import Session
from tui.airisk.threads import in_thread
from tui.memory import Memory
from tui.readable import clock, count
from tui.text import clean

_OTHERS = frozenset({"generic", "anonymous"})

_TRIED_AGAIN, _PAUSE = 2, 1.0
"""How often the list of users is asked for again where there was an error, and after how many seconds."""


@dataclass(frozen=True, slots=True)
class Planning:
    """The options of one run, and the session in which it asks."""

    session: Session
    arguments: argparse.Namespace
    rules: Rules

    async def questions(self) -> tuple[tuple[Question, ...], tuple[LeftOut, ...]]:
        """The endpoints to ask, and those left out.

        Raises:
            NotAPlan: what was named is no endpoint, or lacks a value.
        """
        given = self.arguments
        endpoints = await self._endpoints()
        values = dict(_pair(text) for text in given.values)
        bodies = {_plain(name): _body(text) for name, text in given.bodies}
        if not given.endpoints:
            return confirmed(offered(endpoints, values), given.confirmed)
        asked = (named(text, endpoints, values, bodies.get(_plain(text))) for text in given.endpoints)
        return confirmed(asked, [_spaced(name) for name in given.confirmed])

    async def _endpoints(self) -> tuple[Endpoint, ...]:
        """Those that are known, and what a description that was imported adds."""
        try:
            described = await Memory(str(self.session.settings.origin)).document()
            if described:
                from tui.airisk.openapi import read_document  # noqa: PLC0415 - only where there is one

                return merge(ENDPOINTS, (await in_thread(read_document, described)).endpoints)
        except AIRiskError as error:
            say(f"{error.message} {error.advice}")
        return ENDPOINTS

    def file(self, questions: tuple[Question, ...]) -> Path:
        """Where this very run is kept: the same question under the same rules has the same place."""
        given, settings = self.arguments, self.session.settings
        who = (sorted({*given.ids, *given.others}), given.is_all, given.filter, given.sample)
        how = (given.seed, given.shard, given.compare_with, self.rules.ids, given.values, given.bodies)
        what = [(question.column.name, question.column.target) for question in questions]
        deployment = str(settings.origin)
        key = identity_of_run(deployment, settings.client_id, settings.user_id, who, how, what)
        return directory_of(deployment) / f"{key}.jsonl"

    async def head(self, file: RunFile, questions: tuple[Question, ...]) -> Head:
        """What is asked of whom: as it was begun, or as it is to begin.

        Raises:
            NotAPlan: nobody is meant.
            AIRiskError: the list of users is needed and cannot be had, or the application cannot sign in.
        """
        settings = self.session.settings
        if self.arguments.resume and file.head:
            if any(row.kind != "anonymous" for row in file.head.rows) and not settings.single_user:
                await self.session.sign_in()
            return file.head
        choice = self._choice()
        return Head(
            key=file.path.stem,
            deployment=str(settings.origin),
            client_id=settings.client_id,
            started=now(),
            terms=self._terms(choice),
            rows=choice.rows(await self._listing(choice)),
            columns=[question.column for question in questions],
        )

    def plan(self, head: Head, questions: tuple[Question, ...], left_out: tuple[LeftOut, ...]) -> Plan:
        """All of it, checked.

        Raises:
            NotAPlan: it is nonsense.
            Refused: the settings do not allow it.
        """
        given = self.arguments
        plan = Plan(
            rows=head.rows,
            questions=questions,
            left_out=left_out,
            concurrency=given.concurrency,
            rate=given.rate,
            reason=given.reason,
        )
        plan.check(self.session.settings)
        return plan

    def _choice(self) -> Choice:
        given, settings = self.arguments, self.session.settings
        ids = (*given.ids, *given.others)
        if "" in ids:  # an empty variable in a script must not become somebody
            raise SettingsError("--as is empty.", advice="Give a user's id, generic or anonymous.")
        is_nobody = not (ids or given.is_all or given.filter or given.sample)
        if is_nobody and settings.single_user:
            ids = (settings.user_id,)
        elif is_nobody:
            raise SettingsError("Nobody is chosen.", advice="Give --as ID, --all, --filter TEXT or --sample N.")
        # Every shard has to draw the same sample.
        drawn = 0 if given.shard else secrets.randbelow(1_000_000)
        return Choice(
            ids=ids,
            is_all=given.is_all,
            words=given.filter,
            sample=given.sample,
            seed=drawn if given.seed is None else given.seed,
            shard=given.shard,
            compared_with=given.compare_with,
        )

    def _terms(self, choice: Choice) -> Terms:
        given = self.arguments
        return Terms(
            concurrency=given.concurrency,
            rate=given.rate,
            sample=choice.sample,
            seed=choice.seed if choice.sample else None,
            filter=choice.words,
            rules=self.rules.name,
            compared_with=choice.compared_with,
            shard=choice.shard,
            reason=given.reason,
        )

    async def _listing(self, choice: Choice) -> UserList:
        """Who there is; where everybody was named by id, names and roles need not be known."""
        is_single = self.session.settings.single_user
        has_users = any(identifier not in _OTHERS for identifier in (*choice.ids, choice.compared_with or "generic"))
        if not choice.needs_list and (is_single or not has_users):
            return UserList(())
        for is_last in (*[False] * _TRIED_AGAIN, True):
            try:
                return await self.session.users()
            except NotAUserList as error:
                if is_last and choice.needs_list:
                    # 1 would say that the matrix found something.
                    raise NoAnswer(error.message, advice=error.advice) from None
                if is_last:
                    say(f"{error.message} Names, roles and groups are not known.")
                    break
            await asyncio.sleep(_PAUSE)
        return UserList(())


def say_plan(plan: Plan, host: str, head: Head, file: RunFile) -> None:
    """What will be asked, of whom, and how long that takes: to stderr."""
    kinds = " and ".join(f"{count(number)} {method}" for method, number in plan.by_method.items())
    pace = f"{plan.rate:g} a second" if plan.rate else "any number a second"
    say(
        f"{count(len(plan.rows))} identities × {count(len(plan.questions))} endpoints at {host}: "
        f"{kinds}, and {count(plan.sign_ins)} requests to sign in; "
        f"{plan.concurrency} at once, {pace}: about {clock(plan.seconds)}."
    )
    for left in plan.left_out:
        say(f"left out: {left.name}: {left.why}")
    if head.terms.seed is not None:
        say(f"The sample is that of --seed {head.terms.seed}.")
    if file.head is head:
        say(f"{count(sum(map(len, file.known().values())))} of {count(plan.cells)} cells are known already.")
    elif file.head and 0 < len(file.cells) < len(file.head.rows) * len(file.head.columns):
        say("A run of this was not finished, and is begun anew; --resume would go on with it.")


def say(line: str) -> None:
    """A line to stderr."""
    sys.stderr.write(f"airisk-tui: {clean(line)}\n")


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign):
        raise SettingsError("--value takes NAME=VALUE.", advice="See `airisk-tui matrix --help`.")
    return name, value


def _body(text: str) -> str:
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{text[1:]} cannot be read as text.", advice="Check its path.") from None


def _spaced(name: str) -> str:
    return re.sub(r"\s+", " ", name.strip())


def _plain(name: str) -> str:
    return _spaced(name).casefold()
