"""What a person has marked and typed, made into a plan: whom to ask as, what to ask, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from tui.access.cells import Row
from tui.access.choosing import Choice
from tui.access.document import Terms
from tui.access.plan import CONCURRENCY, RATE, identity_of_run
from tui.access.questions import LeftOut, Question
from tui.access.rules import Rules
from tui.airisk.endpoints.forms import EndpointForm
from tui.airisk.endpoints.variables import Into, Variables
from tui.airisk.errors import Refused
from tui.airisk.http.methods import SAFE_METHODS
from tui.airisk.models import APPLICATION, Identity, Upload, UserList
from tui.config.settings import Settings

Whom = Literal["marked", "acting", "all", "sample"]
What = Literal["marked", "safe"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
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
class Wishes:
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


def rows_of(material: Material, wishes: Wishes) -> list[Row]:
    """The identities. For a hundred thousand users this takes a while: off the loop.

    Raises:
        NotAPlan: nobody is meant.
    """
    return _choice(material, wishes).rows(material.listing)


def questions_of(material: Material, wishes: Wishes) -> tuple[tuple[Question, ...], tuple[LeftOut, ...]]:
    """What is asked, and what is left out with the reason why."""
    asked, left = [], []
    for form in _forms(material, wishes):
        found = _question(form, material, wishes.confirmed)
        if isinstance(found, Question):
            asked.append(found)
        else:
            left.append(found)
    return tuple(asked), tuple(left)


def unsafe_among(material: Material, wishes: Wishes) -> tuple[str, ...]:
    """The marked endpoints that may change things: each has to be confirmed."""
    marked = _forms(material, wishes) if wishes.what == "marked" else ()
    return tuple(form.endpoint.key for form in marked if _question(form, material, frozenset()) == _unconfirmed(form))


def terms_of(material: Material, wishes: Wishes, rules: Rules) -> Terms:
    """Under which terms it is asked."""
    is_sample = wishes.whom == "sample"
    return Terms(
        concurrency=wishes.concurrency,
        rate=wishes.rate,
        sample=wishes.sample if is_sample else None,
        seed=wishes.seed if is_sample else None,
        filter=material.words if wishes.whom in {"all", "sample"} else "",
        rules=rules.name,
        reason=wishes.reason,
        listed=material.listing.part if wishes.whom in {"all", "sample"} else None,
    )


def key_of(material: Material, wishes: Wishes, rules: Rules, settings: Settings, questions: Sequence[Question]) -> str:
    """The same for the same question, put again: what is known of it need not be asked again."""
    who: object = {
        "marked": sorted(material.users),
        "acting": [material.active.kind, material.active.id],
        "all": ["all", material.words],
        "sample": ["sample", wishes.sample, material.words],
    }[wishes.whom]
    forms = {form.endpoint.key: [sorted(form.values.items()), form.body or ""] for form in material.forms}
    what = [(each.column.name, each.column.target, forms.get(each.column.name)) for each in questions]
    deployment = (str(settings.origin), settings.client_id)
    return identity_of_run("screen", deployment, who, sorted(wishes.others), what, rules.ids)


def _choice(material: Material, wishes: Wishes) -> Choice:
    if wishes.whom == "marked":
        return Choice(ids=wishes.others, users=material.users)
    if wishes.whom == "acting":
        return Choice(ids=wishes.others, users=(material.active.id,) if material.active.is_user else ())
    sample = wishes.sample if wishes.whom == "sample" else None
    return Choice(ids=wishes.others, is_all=not material.words, words=material.words, sample=sample, seed=wishes.seed)


def _forms(material: Material, wishes: Wishes) -> Iterator[EndpointForm]:
    for form in material.forms:
        endpoint = form.endpoint
        if wishes.what == "marked":
            if endpoint.key in material.endpoints:
                yield form
        elif not endpoint.is_path_unknown and endpoint.method in SAFE_METHODS:
            yield form


def _question(form: EndpointForm, material: Material, confirmed: frozenset[str]) -> Question | LeftOut:
    endpoint = form.endpoint
    name = endpoint.key
    if endpoint.is_path_unknown:
        return LeftOut(name, "only its name is known: open it, and type its method and path")
    is_confirmed = name in confirmed
    if endpoint.method not in SAFE_METHODS and not is_confirmed:
        return _unconfirmed(form)
    try:
        settled = _settled(form, material)
        question = Question.of_form(name, settled, material.known, material.uploads.get(name))
    except Refused as refusal:
        return LeftOut(name, refusal.message)
    return question if question.is_safe or is_confirmed else _unconfirmed(form)


def _unconfirmed(form: EndpointForm) -> LeftOut:
    return LeftOut(form.endpoint.key, "it may change things, and was not confirmed")


def _settled(form: EndpointForm, material: Material) -> EndpointForm:
    """With what placeholders stand for to whoever acts: everybody is asked for the same; `{{user.…}}` is the asker."""

    def settle(text: str, into: Into) -> str:
        if "{{" not in text or "{{user." in text.replace(" ", ""):
            return text
        return material.known.fill(text, material.active, into).replace("{{", r"\{{")

    values = {name: settle(text, "value") for name, text in form.values.items()}
    return replace(form, values=values, body=None if form.body is None else settle(form.body, "json"))
