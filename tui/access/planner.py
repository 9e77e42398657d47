"""The planner of a matrix: what was chosen, on the screen or on the command line, becomes a run to propose.

The same identities sent the same requests under the same rules are the same run, wherever they were chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from tui.access.document import RunParameters
from tui.access.plan import CONCURRENCY, RATE, ProposedRun, load_run, run_key
from tui.access.requests import MatrixRequest, SkippedEndpoint
from tui.access.rules import Rules
from tui.access.run_file import RunFile, RunHeader, directory_of
from tui.access.selection import IdentitySelection
from tui.airisk.endpoints.forms import EndpointForm
from tui.airisk.endpoints.variables import Into, Variables
from tui.airisk.http.methods import SAFE_METHODS
from tui.airisk.models import APPLICATION, Identity, Upload, UserList
from tui.config.settings import Settings
from tui.errors import RequestRejectedError

Whom = Literal["marked", "acting", "all", "sample"]
What = Literal["marked", "safe"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInputs:
    """What there is to choose from.

    Args:
        listing: the users.
        words: what the list of users is filtered by.
        matching: how many of them match.
        users: the ids of the marked ones.
        forms: every endpoint, with what was typed into its form.
        endpoints: the keys of the marked ones.
        active: who is acted as.
        known: what placeholders stand for.
        uploads: the files that marked endpoints send along, by the endpoints' keys and the names of fields.
    """

    listing: UserList = field(default_factory=lambda: UserList(()))
    words: str = ""
    matching: int = 0
    users: tuple[str, ...] = ()
    forms: tuple[EndpointForm, ...] = ()
    endpoints: frozenset[str] = frozenset()
    active: Identity = APPLICATION
    known: Variables = field(default_factory=Variables)
    uploads: Mapping[str, Mapping[str, Upload]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """What a person chose of it. `others` are the identities that are no users; `confirmed` names unsafe endpoints."""

    whom: Whom = "sample"
    sample: int = 20
    seed: int = 0
    others: tuple[str, ...] = ("generic", "anonymous")
    what: What = "safe"
    confirmed: frozenset[str] = frozenset()
    concurrency: int = CONCURRENCY
    rate: float = RATE
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunChoice:
    """What a run is of, before anybody is listed for it.

    Args:
        settings: of the deployment.
        rules: what answers mean.
        whom: the identities.
        questions: what each is asked.
        left_out: what is not asked, and why.
        concurrency: requests under way at once.
        rate: requests a second.
        reason: why, for the audit trail.
    """

    settings: Settings
    rules: Rules
    whom: IdentitySelection
    questions: tuple[MatrixRequest, ...]
    left_out: tuple[SkippedEndpoint, ...] = ()
    concurrency: int = CONCURRENCY
    rate: float = RATE
    reason: str = ""

    @property
    def path(self) -> Path:
        """The file of the run: what is known of it need not be asked again."""
        deployment = str(self.settings.origin)
        what = sorted((question.column.name, question.digest) for question in self.questions)
        key = run_key(deployment, self.settings.client_id, self.whom.key, what, self.rules.ids)
        return directory_of(deployment) / f"{key}.jsonl"

    def proposal(self, listing: UserList, earlier: RunFile | None) -> ProposedRun:
        """The run, of the users who are listed. For a hundred thousand of them this takes a while: off the loop.

        Raises:
            PlanError: nobody is meant.
            RequestRejectedError: an id may be one of several users'.
        """
        whom = self.whom
        terms = RunParameters(
            concurrency=self.concurrency,
            rate=self.rate,
            sample=whom.sample,
            seed=whom.seed if whom.sample else None,
            filter=whom.words,
            rules=self.rules.name,
            shard=whom.shard,
            reason=self.reason,
            listed=listing.part if whom.needs_list else None,
        )
        return ProposedRun.of(
            whom.rows(listing),
            self.questions,
            self.left_out,
            terms=terms,
            rules=self.rules,
            path=self.path,
            earlier=earlier,
        )

    def resume(self, earlier: RunFile, head: RunHeader, parameters: RunParameters) -> ProposedRun:
        """What is left of a run of the same choice, in the names in which it was begun."""
        return ProposedRun.of(
            head.rows,
            self.questions,
            self.left_out,
            terms=parameters,
            rules=self.rules,
            path=self.path,
            earlier=earlier,
        )


def propose(material: PlanInputs, wishes: PlanOptions, rules: Rules, settings: Settings) -> ProposedRun:
    """What the screen proposes. Blocks, and makes every request once: off the loop.

    Raises:
        PlanError: nobody is meant.
        RunFileError: another program is at this run.
    """
    questions, left_out = requests_of(material, wishes)
    chosen = RunChoice(
        settings=settings,
        rules=rules,
        whom=selection_of(material, wishes),
        questions=questions,
        left_out=left_out,
        concurrency=wishes.concurrency,
        rate=wishes.rate,
        reason=wishes.reason,
    )
    return chosen.proposal(material.listing, load_run(chosen.path))


def requests_of(
    material: PlanInputs, wishes: PlanOptions
) -> tuple[tuple[MatrixRequest, ...], tuple[SkippedEndpoint, ...]]:
    """What is asked, and what is left out with the reason why."""
    asked, left = [], []
    for form in _forms(material, wishes):
        found = _question(form, material, wishes.confirmed)
        if isinstance(found, MatrixRequest):
            asked.append(found)
        else:
            left.append(found)
    return tuple(asked), tuple(left)


def unsafe_endpoints(material: PlanInputs, wishes: PlanOptions) -> tuple[str, ...]:
    """The marked endpoints that may change things: each has to be confirmed."""
    marked = _forms(material, wishes) if wishes.what == "marked" else ()
    return tuple(form.endpoint.key for form in marked if _question(form, material, frozenset()) == _unconfirmed(form))


def selection_of(material: PlanInputs, wishes: PlanOptions) -> IdentitySelection:
    """Whom to ask as."""
    if wishes.whom == "marked":
        return IdentitySelection(ids=wishes.others, users=material.users)
    if wishes.whom == "acting":
        return IdentitySelection(ids=wishes.others, users=(material.active.id,) if material.active.is_user else ())
    sample = wishes.sample if wishes.whom == "sample" else None
    return IdentitySelection(
        ids=wishes.others, is_all=not material.words, words=material.words, sample=sample, seed=wishes.seed
    )


def _forms(material: PlanInputs, wishes: PlanOptions) -> Iterator[EndpointForm]:
    for form in material.forms:
        endpoint = form.endpoint
        if wishes.what == "marked":
            if endpoint.key in material.endpoints:
                yield form
        elif not endpoint.is_path_unknown and endpoint.method in SAFE_METHODS:
            yield form


def _question(form: EndpointForm, material: PlanInputs, confirmed: frozenset[str]) -> MatrixRequest | SkippedEndpoint:
    endpoint = form.endpoint
    name = endpoint.key
    if endpoint.is_path_unknown:
        return SkippedEndpoint(name, "only its name is known: open it, and type its method and path")
    is_confirmed = name in confirmed
    if endpoint.method not in SAFE_METHODS and not is_confirmed:
        return _unconfirmed(form)
    try:
        settled = _settled(form, material)
        question = MatrixRequest.of_form(name, settled, material.known, material.uploads.get(name))
    except RequestRejectedError as refusal:
        return SkippedEndpoint(name, refusal.message)
    return question if question.is_safe or is_confirmed else _unconfirmed(form)


def _unconfirmed(form: EndpointForm) -> SkippedEndpoint:
    return SkippedEndpoint(form.endpoint.key, "it may change things, and was not confirmed")


def _settled(form: EndpointForm, material: PlanInputs) -> EndpointForm:
    """With what placeholders stand for to whoever acts: everybody is asked for the same; `{{user.…}}` is the asker."""

    def settle(text: str, into: Into) -> str:
        if "{{" not in text or "{{user." in text.replace(" ", ""):
            return text
        return material.known.fill(text, material.active, into).replace("{{", r"\{{")

    values = {name: settle(text, "value") for name, text in form.values.items()}
    return replace(form, values=values, body=None if form.body is None else settle(form.body, "json"))
