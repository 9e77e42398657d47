"""Conversations: earlier ones are computed on demand, those of this run are stored."""

from collections import OrderedDict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from tui.sandbox.agents import BY_ID, seen_by
from tui.sandbox.api import AUDIT_SAMPLE
from tui.sandbox.people import LAST_SEEN_BEFORE, People, Person, draw, id_of

MOST_KEPT = 10_000
MOST_MESSAGES = 1_000
_A_PAGE, _MOST_HAD, _FEW = 20, 60, 9
_FIRST_OF_THIS_RUN = 100
_QUARTERS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")


class Message(msgspec.Struct, rename="camel"):
    """One message; `message_type` is User, AI or System."""

    id: str
    message_type: str
    text: str
    created: str
    file_ids: list[str] = msgspec.field(default_factory=list)
    citations: list[dict[str, Any]] = msgspec.field(default_factory=list)
    feedback: str | None = None


class Conversation(msgspec.Struct, rename={"user_id": "userID", "bot_id": "botID", "thread_id": "threadID"}):
    """A conversation as in GetConversation, with AIRisk's mixed casing."""

    id: str
    user_id: str
    bot_id: str
    title: str
    thread_id: str
    created: str
    metadata: list[Any]
    messages: list[Message] = msgspec.field(default_factory=list)
    files: list[dict[str, Any]] = msgspec.field(default_factory=list)

    def listed(self) -> dict[str, Any]:
        """Return the conversation as in GetConversations: without its messages."""
        whole: dict[str, Any] = msgspec.to_builtins(self)
        return {name: value for name, value in whole.items() if name not in {"messages", "files"}}

    def say(self, message: Message) -> None:
        """Add a message, dropping the oldest of more than 1,000."""
        self.messages.append(message)
        del self.messages[:-MOST_MESSAGES]


class Conversations:
    """All conversations. At most 10,000 that were created or changed in this run are stored."""

    def __init__(self, people: People, seed: int) -> None:
        self._people = people
        self._seed = seed
        self._kept: OrderedDict[str, Conversation] = OrderedDict()
        self._made = 0

    def of(self, person: Person) -> list[Conversation]:
        """Return a user's list, newest first. An auditor's list is the sample under audit."""
        shown = [person]
        if person.role == "Auditor":
            shown = [self._people[index] for index in range(min(AUDIT_SAMPLE, len(self._people)))]
        found = [conversation for owner in shown for conversation in self._owned(owner)]
        return sorted(found, key=lambda conversation: (conversation.created, conversation.id), reverse=True)

    def find(self, conversation_id: str) -> Conversation | None:
        """Return the conversation with this id, of any user."""
        if conversation_id in self._kept:
            return self._kept[conversation_id]
        prefix, number, place = (*conversation_id.split("-"), "", "")[:3]
        index = self._people.index(f"u-{number}")
        if prefix != "c" or index is None or not (place.isascii() and place.isdigit() and len(place) == 2):
            return None
        return self._computed(index, int(place)) if int(place) < self._had(index) else None

    def make(self, person: Person, agent_id: str, title: str, metadata: list[Any], when: float) -> Conversation:
        """Create a conversation."""
        number = f"{person.id[2:]}-{_FIRST_OF_THIS_RUN + self._made}"
        self._made += 1
        made = Conversation(f"c-{number}", person.id, agent_id, title, f"thread-{number}", written(when), metadata)
        self.keep(made)
        return made

    def keep(self, conversation: Conversation) -> None:
        """Store the current state of a conversation."""
        self._kept[conversation.id] = conversation
        self._kept.move_to_end(conversation.id)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def _owned(self, owner: Person) -> Iterator[Conversation]:
        index = int(owner.id[2:])
        for place in range(self._had(index)):
            computed = self._computed(index, place)
            yield self._kept.get(computed.id, computed)
        for kept in self._kept.values():
            if kept.user_id == owner.id and int(kept.id.rpartition("-")[2]) >= _FIRST_OF_THIS_RUN:
                yield kept

    def _had(self, index: int) -> int:
        # Admins have more than two pages of conversations, half of all others only a few.
        chance = draw(self._seed + 1, index)
        if self._people[index].role == "Admin":
            return 2 * _A_PAGE + 1 + chance % (_MOST_HAD - 2 * _A_PAGE)
        return chance % (_MOST_HAD + 1) if chance >> 32 & 1 else chance % _FEW

    def _computed(self, index: int, place: int) -> Conversation:
        chance = draw(self._seed + 2, index * _FIRST_OF_THIS_RUN + place)
        agents = seen_by(self._people[index])
        agent = agents[chance % len(agents)]
        when = LAST_SEEN_BEFORE - timedelta(days=300 - 4 * place, seconds=chance >> 20 & 0x3FFFF)
        number = f"{index:06}-{place:02}"
        conversation = Conversation(
            id=f"c-{number}",
            user_id=id_of(index),
            bot_id=agent.id,
            title=agent.topics[(chance >> 8) % len(agent.topics)],
            thread_id=f"thread-{number}",
            created=written(when.timestamp()),
            metadata=[f"quarter:{_QUARTERS[chance >> 12 & 3]}", f"agent:{agent.name}"],
        )
        for question in agent.suggestions[: 1 + (chance >> 16 & 1)]:
            self._exchange(conversation, question, answer_to(agent.id, question))
        return conversation

    @staticmethod
    def _exchange(conversation: Conversation, question: str, answer: str) -> None:
        for kind, text in (("User", question), ("AI", answer)):
            message_id = f"m-{conversation.id[2:]}-{len(conversation.messages)}"
            conversation.messages.append(Message(message_id, kind, text, conversation.created))


def answer_to(agent_id: str, question: str) -> str:
    """Return an agent's reply to a question, always the same."""
    agent = BY_ID[agent_id]
    topic = agent.topics[draw(len(question), len(agent.topics)) % len(agent.topics)]
    return (
        f"{agent.description} On “{question[:200]}”: the nearest record is “{topic}”. "
        "Two points are settled there, one is open. Settled: who owns the risk, and when it is looked at again. "
        "Open: the evidence, which nobody has filed yet. I would ask the owner for it before the next review."
    )


def written(when: float) -> str:
    """Return a time in seconds since 1970 as ISO 8601, UTC."""
    return datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
