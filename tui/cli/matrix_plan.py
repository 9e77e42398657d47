"""Plan `airisk-tui matrix` from its options, before any matrix request is sent."""

from __future__ import annotations

import argparse
import asyncio
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from tui.access.coverage import coverage_of
from tui.access.matrix_document import RunParameters
from tui.access.model import Gap, Row, SkippedEndpoint
from tui.access.plan import CONCURRENCY, RATE, ProposedRun, filter_confirmed, latest_unfinished, load_run
from tui.access.planner import RunChoice
from tui.access.policy import Policy
from tui.access.reports.wording import gap_sentence
from tui.access.requests import MatrixRequest, default_requests, parse_requests
from tui.access.rules import Rules
from tui.access.selection import OTHERS, IdentitySelection
from tui.airisk.endpoints.model import Endpoint
from tui.airisk.models import UserList
from tui.airisk.session import Session
from tui.background import run_in_thread
from tui.cli.matrix_inputs import KnownEndpoints, read_all_values, read_bodies, read_body, read_endpoints
from tui.cli.matrix_report import say
from tui.cli.session import says_wait
from tui.errors import (
    ChangesNotAllowedError,
    NoResponseError,
    PlanError,
    ServiceBusyError,
    SettingsError,
    UserListError,
)

_TRIED_AGAIN, _PAUSE = 2, 1.0
"""Retries of the user list after an error, and the seconds between them."""


async def propose(
    session: Session, arguments: argparse.Namespace, rules: Rules, policy: Policy | None
) -> tuple[ProposedRun, list[Gap]]:
    """Return a checked proposal, and what the policy names in vain.

    The proposal is what the options choose, or with --resume alone the rest of the last run.

    Raises:
        PlanError: no identity or endpoint is chosen, a value is missing, or there is no run to resume.
        RequestRejectedError: the settings do not allow it.
        RunFileError: another program uses this run.
        AIRiskError: the user list is needed and not available, or the application cannot sign in.
    """
    options = _Options(session, arguments, rules)
    proposal = await options.proposal()
    proposal = replace(proposal, plan=replace(proposal.plan, allows_changes=arguments.allows_changes))
    try:
        proposal.plan.check(session.settings)
    except ChangesNotAllowedError as error:
        raise ChangesNotAllowedError(error.message, advice="Pass --allow-changes.") from None
    return proposal, await options.unmatched(policy, proposal) if policy else []


def refuse_unmatched(gaps: Sequence[Gap], *, is_allowed: bool) -> None:
    """Print what a policy names in vain, and refuse it unless that is allowed.

    Raises:
        PlanError: a part of the policy matches nothing.
    """
    for gap in gaps:
        say(gap_sentence(gap))
    if gaps and not is_allowed:
        parts = "A part" if len(gaps) == 1 else f"{len(gaps)} parts"
        raise PlanError(f"{parts} of the policy would test nothing.", advice="Correct it, or pass --allow-unmatched.")


@dataclass(frozen=True, slots=True)
class _Options:
    """The options of one run, and its session."""

    session: Session
    arguments: argparse.Namespace
    rules: Rules

    async def proposal(self) -> ProposedRun:
        return await (self._left() if self.arguments.resume and self._chooses_nothing else self._chosen())

    async def unmatched(self, policy: Policy, proposal: ProposedRun) -> list[Gap]:
        """Return what a policy names in vain, among all users and all known endpoints."""
        everyone = IdentitySelection(is_all=True)
        listing = proposal.listing if proposal.listing.users else await self._listing(everyone, is_needed=False)
        if not listing.users:
            say("The users, roles and groups of the policy could not be checked: there is no user list.")
        rows = await run_in_thread(everyone.rows, listing) if listing.users else None
        names = {endpoint.key for endpoint in (await self._endpoints()).endpoints}
        names |= {request.column.name for request in proposal.plan.requests}
        return await run_in_thread(lambda: list(policy.unmatched(rows, names, proposal.parameters.objects)))

    @property
    def _chooses_nothing(self) -> bool:
        """Whether the options choose neither identities nor endpoints."""
        given = self.arguments
        return not (given.others or given.endpoints or self._names_users)

    @property
    def _names_users(self) -> bool:
        """Whether the options choose users, or an identity with --as."""
        given = self.arguments
        return bool(given.ids or given.is_all or given.filter or given.roles or given.sample)

    async def _left(self) -> ProposedRun:
        run = await run_in_thread(latest_unfinished, self.session.settings)
        if run is None or run.head is None:
            raise PlanError(
                "No unfinished run to resume.", advice="Choose users with --as, --all, --filter, --role or --sample."
            )
        say(f"Resuming the run of {run.head.started[:16].replace('T', ' ')} UTC.")
        names = [column.name for column in run.head.columns] + [each.endpoint for each in run.head.inputs]
        _refuse_strays(names, {"--allow-unsafe": self.arguments.allowed_unsafe})
        await self._sign_in_for(run.head.rows)
        parameters, allowed = (
            self._paced(run.head.parameters),
            [_spaced(name) for name in self.arguments.allowed_unsafe],
        )
        known = await self._endpoints()
        return await run_in_thread(ProposedRun.resume, run, known.endpoints, parameters, allowed)

    async def _chosen(self) -> ProposedRun:
        known = await self._endpoints()
        requests, skipped = await self._questions(known.endpoints)
        paced = self._paced(RunParameters(concurrency=CONCURRENCY, rate=RATE))
        whom = self._whom()
        chosen = RunChoice(
            settings=self.session.settings,
            rules=self.rules,
            whom=whom,
            requests=requests,
            skipped=skipped,
            coverage=coverage_of(known.endpoints, requests, skipped, source=known.source, problems=known.problems),
            concurrency=paced.concurrency,
            rate=paced.rate,
            reason=paced.reason,
            objects=self.arguments.objects,
        )
        earlier = await run_in_thread(lambda: load_run(chosen.path))
        head = earlier.head if earlier and self.arguments.resume else None
        if earlier and head:
            await self._sign_in_for(head.rows)
            return chosen.resume(earlier, head, self._paced(head.parameters))
        listing = await self._listing(whom)
        return await run_in_thread(chosen.proposal, listing, earlier)

    async def _sign_in_for(self, rows: Iterable[Row]) -> None:
        if any(row.kind != "anonymous" for row in rows) and not self.session.settings.single_user:
            await self.session.sign_in(on_wait=says_wait())

    def _paced(self, parameters: RunParameters) -> RunParameters:
        """Return the parameters with the pace and the reason from the options, where given."""
        given = self.arguments
        said = {"concurrency": given.concurrency, "rate": given.rate, "reason": given.reason or None}
        return msgspec.structs.replace(parameters, **{name: value for name, value in said.items() if value is not None})

    async def _questions(
        self, endpoints: tuple[Endpoint, ...]
    ) -> tuple[tuple[MatrixRequest, ...], tuple[SkippedEndpoint, ...]]:
        given = self.arguments
        files = read_bodies(given.bodies)
        _refuse_strays(given.endpoints, {"--allow-unsafe": given.allowed_unsafe, "--body": files})
        values = await run_in_thread(read_all_values, given.values_file, given.values, given.endpoints, endpoints)
        bodies = {_plain(name): read_body(path) for name, path in files.items()}
        if not given.endpoints:
            return filter_confirmed(default_requests(endpoints, values), ())
        asked = (
            request
            for text in given.endpoints
            for request in parse_requests(text, endpoints, values, bodies.get(_plain(text)))
        )
        return filter_confirmed(asked, [_spaced(name) for name in given.allowed_unsafe])

    async def _endpoints(self) -> KnownEndpoints:
        return await read_endpoints(self.session, self.arguments.openapi)

    def _whom(self) -> IdentitySelection:
        given, settings = self.arguments, self.session.settings
        ids = (*given.ids, *given.others)
        if "" in ids:  # an empty variable in a script must not select a user
            raise SettingsError("--as is empty.", advice="Pass a user's id, application or anonymous.")
        if not all(map(str.strip, given.roles)):
            raise SettingsError("--role is empty.", advice="Pass a role, as in the user list.")
        is_nobody = not (given.others or self._names_users)
        if is_nobody and settings.single_user:
            ids = (settings.user_id,)
        elif is_nobody:
            advice = "Pass --as ID, --all, --filter TEXT, --role ROLE or --sample N."
            raise SettingsError("No users selected.", advice=advice)
        # Every shard must draw the same sample.
        drawn = 0 if given.shard else secrets.randbelow(1_000_000)
        return IdentitySelection(
            ids=ids,
            is_all=given.is_all,
            words=given.filter,
            roles=tuple(given.roles),
            sample=given.sample,
            seed=drawn if given.seed is None else given.seed,
            is_seed_given=given.seed is not None,
            shard=given.shard,
            compared_with=given.compare_with,
        )

    async def _listing(self, choice: IdentitySelection, *, is_needed: bool = True) -> UserList:
        """Return the user list; an empty one if it is not needed, or fails and all users were named by id."""
        is_single = self.session.settings.single_user
        has_users = any(identifier not in OTHERS for identifier in (*choice.ids, choice.compared_with or "application"))
        is_needed = is_needed and choice.needs_list
        if not is_needed and (is_single or not (has_users or choice.needs_list)):
            return UserList(())
        for is_last in (*[False] * _TRIED_AGAIN, True):
            try:
                return await self.session.users(on_wait=says_wait())
            except ServiceBusyError as error:
                if is_needed:
                    raise
                say(f"{error.message} Names, roles and groups are unknown.")
                break
            except UserListError as error:
                if is_last and is_needed:
                    # Exit code 1 would mean a finding.
                    raise NoResponseError(error.message, advice=error.advice) from None
                if is_last:
                    say(f"{error.message} Names, roles and groups are unknown.")
                    break
            await asyncio.sleep(_PAUSE)
        return UserList(())


def _refuse_strays(endpoints: Iterable[str], named_by: Mapping[str, Iterable[str]]) -> None:
    """Refuse options for endpoints that are not in the matrix: they are misspelt or meant for another one."""
    asked = {_plain(text) for text in endpoints}
    for option, names in named_by.items():
        for name in names:
            if _plain(name) not in asked:
                message = f"{option} names “{_spaced(name)}”, which is not in the matrix."
                raise SettingsError(message, advice="Pass the same METHOD PATH with --endpoint.")


def _spaced(name: str) -> str:
    return re.sub(r"\s+", " ", name.strip())


def _plain(name: str) -> str:
    return _spaced(name).casefold()
