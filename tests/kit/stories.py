"""Stories of a session that are told in any order, and what must be so after each step.

A failure is told twice: the steps as they were drawn, and the story of what came of each. The oldest and the newest are
of what waits for an answer, or of what was begun and has not ended.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from inspect import isawaitable
from itertools import product
from typing import Any, Self

import httpx
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.kit.clock import clock_of_the_story
from tests.kit.conversing import ADA, GRACE
from tests.kit.idle import IdleSelector
from tests.kit.interleaving import Stage
from tests.kit.prompted import TOKEN_SECONDS, BreaksOff, Call, owner_of
from tui.airisk.identity import ANONYMOUS, APPLICATION, Identity
from tui.airisk.models import User

STEPS_OF_A_STORY = 16

PEOPLE = (ADA, GRACE, User("u-3", "Edsger Dijkstra"))
PLACES = {"oldest": slice(0, 1), "newest": slice(-1, None), "second oldest": slice(1, 2)}

MISHAPS: dict[str, Callable[[], httpx.Response | Exception]] = {
    "is answered with 401": lambda: httpx.Response(401),
    "is answered with 403": lambda: httpx.Response(403),
    "is answered with 500": lambda: httpx.Response(500),
    "loses its connection": lambda: httpx.ReadError(""),
    "finds no connection": lambda: httpx.ConnectError(""),
    "loses its connection amid the answer": lambda: httpx.Response(200, stream=BreaksOff()),
}


class Step:
    """One thing that happens, told in `words`; it does nothing where there is nothing it could happen to.

    `is_hurry`: what comes next does not wait until the program has finished with what came before.
    """

    def __init__(self, words: str, take: Callable[[Stage], object], *, is_hurry: bool = False) -> None:
        self.take, self.is_hurry = take, is_hurry
        self._words = words

    def __repr__(self) -> str:
        return f"‹{self._words}›"


def name_of(identity: Identity | None) -> str:
    return (identity.name or identity.kind) if identity else "whoever is active"


# The person's steps


def acting_as(user: User) -> Step:
    return Step(f"act as {user.name}", lambda stage: stage.act_as(user))


def sending(method: str, identity: Identity | None, *, is_streamed: bool) -> Step:
    words = f"{'stream' if is_streamed else 'send'} a {method} as {name_of(identity)}"
    return Step(words, lambda stage: stage.send(method, identity, is_streamed=is_streamed))


def giving_up(place: str) -> Step:
    def take(stage: Stage) -> None:
        for action in stage.running[PLACES[place]]:
            stage.cancel(action)

    return Step(f"give up the {place}", take)


# The deployment's steps, the disk's and time's


def answering(
    place: str, words: str, answer: Callable[[Stage, Call], httpx.Response | Exception], *, is_mishap: bool = False
) -> Step:
    def take(stage: Stage) -> None:
        for call in stage.deployment.waiting[PLACES[place]]:
            stage.answer(call, answer(stage, call), words if is_mishap else "")

    return Step(f"the {place} {words}", take)


def answering_properly(place: str) -> Step:
    return answering(place, "is answered", lambda stage, call: stage.deployment.proper(call))


def answering_badly(place: str, words: str) -> Step:
    return answering(place, words, lambda *_: MISHAPS[words](), is_mishap=True)


def mistaking(place: str) -> Step:
    """Whoever asks for a user's token gets another user's; anything else is answered as it should be."""
    words = "is answered, with another's token if it is a user's"
    return answering(place, words, lambda stage, call: stage.deployment.proper(call, is_mistaken=True))


def revoking(identity: Identity | None) -> Step:
    def take(stage: Stage) -> None:
        whose = identity or stage.session.active
        stage.story.append(f"the tokens of {name_of(whose)} are revoked")
        stage.deployment.revoke(owner_of(whose))

    return Step(f"the tokens of {name_of(identity)} are revoked", take)


def expiring() -> Step:
    def take(stage: Stage) -> None:
        stage.story.append("every token expires")
        stage.clock.ahead += TOKEN_SECONDS

    return Step("every token expires", take)


def hurrying(turns: int) -> Step:
    def take(stage: Stage) -> None:
        stage.turns = turns

    return Step(f"{turns} turns later" if turns else "in the same moment", take, is_hurry=True)


NOTHING = Step("nothing", lambda _: None)
EVERYTHING = Step("everything is answered", Stage.answer_all)
IDENTITIES = (*map(Identity.of, PEOPLE), APPLICATION, ANONYMOUS)
OFTEN = [
    *map(acting_as, PEOPLE),
    *map(giving_up, PLACES),
    *map(hurrying, range(4)),
    *map(answering_properly, PLACES),
    *(sending(method, None, is_streamed=False) for method in ("GET", "GET", "POST")),
    revoking(None),
    Step("the disk stalls", Stage.stall),
    EVERYTHING,
]
STEPS = [
    NOTHING,
    *OFTEN,
    Step("stop acting", Stage.stop_acting),
    *(sending(method, each, is_streamed=False) for method, each in product(("GET", "POST"), IDENTITIES)),
    *(sending(method, each, is_streamed=True) for method, each in product(("GET", "POST"), (None, *IDENTITIES[:2]))),
    *(answering_badly(place, words) for place, words in product(PLACES, MISHAPS)),
    *map(mistaking, PLACES),
    *map(revoking, IDENTITIES[:-1]),
    expiring(),
    Step("the disk goes on", Stage.go_on),
    *OFTEN,
    *OFTEN,
]


class Story(tuple[Step, ...]):
    """As many steps as there are, of a fixed number in which nothing may happen: drawn in half the time of a list."""

    __slots__ = ()

    def __new__(cls, steps: Iterable[Step]) -> Self:
        return super().__new__(cls, (step for step in steps if step is not NOTHING))

    def _repr_pretty_(self, printer: Any, *_: object) -> None:
        printer.text("Story([" + "".join(f"\n    {step!r}," for step in self) + "\n])")


class Teller:
    """Tells stories, each to a new session, on one loop: `told` are those there were, `seen` what came of them."""

    def __init__(self) -> None:
        self.told: set[int] = set()
        self.seen: Counter[str] = Counter()
        self._selector = IdleSelector()
        self._runner = asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(self._selector))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.close()

    def tell(self, *steps: Step, is_single_user: bool = False) -> Stage:
        """Take the steps one after the other; whatever is wrong after any of them is an AssertionError."""
        return self._runner.run(self._play(steps, is_single_user=is_single_user))

    async def _play(self, steps: Iterable[Step], *, is_single_user: bool) -> Stage:
        with clock_of_the_story() as clock:
            stage = Stage(self._selector, clock, self.seen, is_single_user=is_single_user)
            try:
                for step in steps:
                    if not step.is_hurry:
                        await stage.settle()
                    taken = step.take(stage)
                    if isawaitable(taken):
                        await taken
                await stage.end()
            except BaseException as error:
                error.add_note("\n".join(["The story:", *stage.story]))
                raise
            finally:
                await stage.leave()
        self.told.add(hash(tuple(stage.story)))
        return stage


def tell_stories(number: int) -> Teller:
    """Draw that many stories and tell each; whatever is wrong in one is an AssertionError."""
    with Teller() as teller:

        @settings(max_examples=number, database=None, phases=(Phase.generate, Phase.shrink))
        @given(st.booleans(), st.tuples(*[st.sampled_from(STEPS)] * STEPS_OF_A_STORY).map(Story))
        def whatever_happens(is_single_user: bool, story: Story) -> None:
            teller.tell(*story, is_single_user=is_single_user)

        whatever_happens()
    return teller
