"""Turn what was chosen on the screen or the command line into a proposed run.

Equal identities, requests and rules make the same run, no matter where they were chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from tui.access.coverage import coverage_of
from tui.access.matrix_document import RunParameters
from tui.access.model import NO_COVERAGE, Coverage, Gap, ObjectKind, SkippedEndpoint
from tui.access.plan import CONCURRENCY, RATE, Plan, ProposedRun, load_run, run_key
from tui.access.policy import Policy
from tui.access.requests import MatrixRequest
from tui.access.rules import Rules
from tui.access.run_file import RunFile, RunHeader, directory_of
from tui.access.selection import IdentitySelection
from tui.airisk.endpoints.forms import EndpointForm
from tui.airisk.endpoints.variables import Into, Variables
from tui.airisk.http.methods import SAFE_METHODS
from tui.airisk.identity import APPLICATION, Identity
from tui.airisk.models import Upload, UserList
from tui.airisk.responses.volatile_fields import digest_of_bytes
from tui.config.settings import Settings
from tui.errors import RequestRejectedError
from tui.plain_names import encodable

Whom = Literal["marked", "acting", "all", "sample", "role"]
What = Literal["marked", "safe"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInputs:
    """The users and endpoints to choose from.

    Args:
        listing: the users.
        words: the filter of the user list.
        matching: the number of users that match.
        roles: their most common roles, each with its number of users.
        users: the ids of the marked users.
        forms: every endpoint, with the values typed into its form.
        endpoints: the keys of the marked endpoints.
        active: the active identity.
        known: the values of placeholders.
        uploads: the files that marked endpoints send, by endpoint key and field name.
    """

    listing: UserList = field(default_factory=lambda: UserList(()))
    words: str = ""
    matching: int = 0
    roles: tuple[tuple[str, int], ...] = ()
    users: tuple[str, ...] = ()
    forms: tuple[EndpointForm, ...] = ()
    endpoints: frozenset[str] = frozenset()
    active: Identity = APPLICATION
    known: Variables = field(default_factory=Variables)
    uploads: Mapping[str, Mapping[str, Upload]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """What the user chose.

    `role` is the role of the users, if one was chosen.
    `others` are the non-user identities; `confirmed` names unsafe endpoints; `objects` are the kinds that get columns.
    """

    whom: Whom = "sample"
    role: str = ""
    sample: int = 20
    seed: int = 0
    others: tuple[str, ...] = ("application", "anonymous")
    what: What = "safe"
    confirmed: frozenset[str] = frozenset()
    concurrency: int = CONCURRENCY
    rate: float = RATE
    reason: str = ""
    objects: tuple[ObjectKind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunChoice:
    """The choice for a run, before the users are listed.

    Args:
        settings: the deployment's settings.
        rules: the verdict rules.
        whom: the identities.
        requests: the requests to send as each identity.
        skipped: the skipped endpoints, with reasons.
        coverage: which of the known endpoints these are.
        concurrency: the number of concurrent requests.
        rate: requests per second.
        reason: the reason for the audit trail.
        objects: the kinds of objects that get columns.
    """

    settings: Settings
    rules: Rules
    whom: IdentitySelection
    requests: tuple[MatrixRequest, ...]
    skipped: tuple[SkippedEndpoint, ...] = ()
    coverage: Coverage = NO_COVERAGE
    concurrency: int = CONCURRENCY
    rate: float = RATE
    reason: str = ""
    objects: tuple[ObjectKind, ...] = ()

    @property
    def path(self) -> Path:
        """The file of the run, which holds the results that need no new request."""
        deployment = str(self.settings.origin)
        what = sorted((request.column.name, request.digest) for request in self.requests)
        key = run_key(deployment, self.settings.client_id, self.whom.key, what, self.rules.ids, *self.objects)
        return directory_of(deployment) / f"{key}.jsonl"

    def proposal(self, listing: UserList, earlier: RunFile | None) -> ProposedRun:
        """Propose the run for the listed users. Takes a while for 100,000 users: call it off the event loop.

        Raises:
            PlanError: no identity is selected, or a role is unknown.
            RequestRejectedError: an id is ambiguous.
        """
        whom = self.whom
        parameters = RunParameters(
            concurrency=self.concurrency,
            rate=self.rate,
            sample=whom.sample,
            seed=whom.seed if whom.sample else None,
            filter=encodable(whom.words),
            roles=tuple(map(encodable, whom.roles)),
            rules=self.rules.name,
            rules_digest=digest_of_bytes(self.rules.ids),
            shard=whom.shard,
            reason=self.reason,
            listed=listing.part if whom.needs_list else None,
            objects=self.objects,
        )
        return ProposedRun.of(
            whom.rows(listing),
            self.requests,
            self.skipped,
            parameters=parameters,
            rules=self.rules,
            path=self.path,
            earlier=earlier,
            coverage=self.coverage,
            listing=listing,
        )

    def resume(self, earlier: RunFile, head: RunHeader, parameters: RunParameters) -> ProposedRun:
        """Propose the rest of an earlier run of the same choice, with the rows of its header."""
        return ProposedRun.of(
            head.rows,
            self.requests,
            self.skipped,
            parameters=parameters,
            rules=self.rules,
            path=self.path,
            earlier=earlier,
            coverage=self.coverage,
        )


def propose(material: PlanInputs, options: PlanOptions, rules: Rules, settings: Settings) -> ProposedRun:
    """Propose the run that the options describe. Blocks, and builds every request: call it off the event loop.

    Raises:
        PlanError: no identity is selected.
        RunFileError: another program uses this run.
    """
    requests, skipped = requests_of(material, options)
    chosen = RunChoice(
        settings=settings,
        rules=rules,
        whom=selection_of(material, options),
        requests=requests,
        skipped=skipped,
        coverage=coverage_of([form.endpoint for form in material.forms], requests, skipped),
        concurrency=options.concurrency,
        rate=options.rate,
        reason=options.reason,
        objects=options.objects,
    )
    return chosen.proposal(material.listing, load_run(chosen.path))


def unmatched(policy: Policy, material: PlanInputs, plan: Plan) -> list[Gap]:
    """Return what a policy names in vain, among all listed users and all known endpoints. Blocks."""
    rows = IdentitySelection(is_all=True).rows(material.listing) if material.listing.users else None
    names = {form.endpoint.key for form in material.forms} | {request.column.name for request in plan.requests}
    return list(policy.unmatched(rows, names, plan.objects))


def requests_of(
    material: PlanInputs, options: PlanOptions
) -> tuple[tuple[MatrixRequest, ...], tuple[SkippedEndpoint, ...]]:
    """Return the requests to send, and the skipped endpoints with the reason for each."""
    asked, left = [], []
    for form in _forms(material, options):
        found = _matrix_request(form, material, options.confirmed)
        if isinstance(found, MatrixRequest):
            asked.append(found)
        else:
            left.append(found)
    return tuple(asked), tuple(left)


def unsafe_endpoints(material: PlanInputs, options: PlanOptions) -> tuple[str, ...]:
    """Return the marked endpoints that may change data; each has to be confirmed."""
    marked = _forms(material, options) if options.what == "marked" else ()
    return tuple(
        form.endpoint.key for form in marked if _matrix_request(form, material, frozenset()) == _unconfirmed(form)
    )


def selection_of(material: PlanInputs, options: PlanOptions) -> IdentitySelection:
    """Return the selection of identities."""
    if options.whom == "marked":
        return IdentitySelection(ids=options.others, users=material.users)
    if options.whom == "acting":
        return IdentitySelection(ids=options.others, users=(material.active.id,) if material.active.is_user else ())
    return IdentitySelection(
        ids=options.others,
        is_all=not material.words,
        words=material.words,
        roles=(options.role,) if options.whom == "role" else (),
        sample=options.sample if options.whom == "sample" else None,
        seed=options.seed,
    )


def _forms(material: PlanInputs, options: PlanOptions) -> Iterator[EndpointForm]:
    for form in material.forms:
        endpoint = form.endpoint
        if options.what == "marked":
            if endpoint.key in material.endpoints:
                yield form
        elif not endpoint.is_path_unknown and endpoint.method in SAFE_METHODS:
            yield form


def _matrix_request(
    form: EndpointForm, material: PlanInputs, confirmed: frozenset[str]
) -> MatrixRequest | SkippedEndpoint:
    endpoint = form.endpoint
    name = endpoint.key
    if endpoint.is_path_unknown:
        return SkippedEndpoint(name, "path unknown; open it and type its method and path")
    is_confirmed = name in confirmed
    if endpoint.method not in SAFE_METHODS and not is_confirmed:
        return _unconfirmed(form)
    try:
        settled = _settled(form, material)
        request = MatrixRequest.of_form(name, settled, material.known, material.uploads.get(name))
    except RequestRejectedError as refusal:
        return SkippedEndpoint(name, refusal.message)
    return request if request.is_safe or is_confirmed else _unconfirmed(form)


def _unconfirmed(form: EndpointForm) -> SkippedEndpoint:
    return SkippedEndpoint(form.endpoint.key, "may change data, and was not confirmed")


def _settled(form: EndpointForm, material: PlanInputs) -> EndpointForm:
    """Fill in placeholders with the active identity's values for all identities, except `{{user.…}}`."""

    def settle(text: str, into: Into) -> str:
        if "{{" not in text or "{{user." in text.replace(" ", ""):
            return text
        return material.known.fill(text, material.active, into).replace("{{", r"\{{")

    values = {name: settle(text, "value") for name, text in form.values.items()}
    return replace(form, values=values, body=None if form.body is None else settle(form.body, "json"))
