"""What a person reads on a screen and does at it, in the same words wherever the program runs."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Generic, TypeVar

Done_co = TypeVar("Done_co", covariant=True)
"""What waiting gives: nothing, or, in an event loop, something to await."""

_FACTS = re.compile(
    r"· as [^·]+ · [^\s·]+(?: · [^·]+?(?:ms|s) · [\d.]+ k?B)?(?: · [a-z]+/[a-z]+)?(?: GET \S+)?"  # whose, how long
)


class Person(ABC, Generic[Done_co]):
    """Someone who reads the screen, and presses keys by Textual's names: `enter`, `ctrl+q`, `f5`, `j`."""

    # What is read

    @property
    @abstractmethod
    def lines(self) -> list[str]:
        """The lines of the screen."""

    @property
    def screen(self) -> str:
        """The whole screen."""
        return "\n".join(self.lines)

    @property
    def bar(self) -> str:
        """The identity bar."""
        return next(iter(self.lines), "")

    @property
    def who(self) -> str:
        """The left of the bar: whose name is on each request."""
        return self.bar.strip().partition("  ")[0]

    @property
    def footer(self) -> str:
        """The keys that act here and now."""
        return next(reversed(self.lines), "")

    @property
    def notice(self) -> str:
        """All words between the panes and the footer, as one line."""
        lines = self.lines
        first = next((row for row, line in enumerate(lines) if re.match(" [✗!✓] ", line)), len(lines))
        return " ".join(" ".join(lines[first:-1]).split())

    @property
    def answer(self) -> str:
        """All words in the pane of answers, as one line; whose it is and how long it took is `{facts}`."""
        lines = self.lines
        top = next((row for row, line in enumerate(lines) if "─ 4 Response ─" in line), len(lines))
        column = lines[top].index("╭─ 4 Response") if top < len(lines) else 0
        words = " ".join(line[column:].strip("│╭╮╰╯─ ") for line in lines[top + 1 : -1])
        return _FACTS.sub("{facts}", " ".join(words.split()))

    def row(self, *words: str) -> str:
        """The line on which all of these stand furthest to the left, the first of equals: lists are left of details."""
        found = (line for line in self.lines if all(each in line for each in words))
        return min(found, key=lambda line: line.index(words[0]), default="")

    # What is done

    @abstractmethod
    def press(self, *keys: str) -> Done_co:
        """Press keys."""

    @abstractmethod
    def type(self, text: str) -> Done_co:
        """Type a text at once, as a paste or a slow line does."""

    @abstractmethod
    def click(self, words: str) -> Done_co:
        """Click on the first place where these words stand."""

    # What is waited for

    @abstractmethod
    def until(self, is_so: Callable[[], bool], wanted: str) -> Done_co:
        """Wait until it is so."""

    def sees(self, *words: str) -> Done_co:
        """Wait until all of these are on the screen at once."""
        return self.until(lambda: _holds(self.screen, words), f"{words} on the screen")

    def sees_no(self, words: str) -> Done_co:
        """Wait until this is gone."""
        return self.until(lambda: words not in self.screen, f"{words!r} gone from the screen")

    def bar_says(self, *words: str) -> Done_co:
        """Wait until all of these are in the bar."""
        return self.until(lambda: _holds(self.bar, words), f"{words} in the bar")

    def reads(self, *, notice: str = "", answer: str = "") -> Done_co:
        """Wait until the notice begins with this, or there is none, and the answer begins with that."""

        def is_so() -> bool:
            has_notice = self.notice.startswith(notice) if notice else not self.notice
            return has_notice and self.answer.startswith(answer)

        return self.until(is_so, f"the notice {notice!r} and the answer {answer!r}")


def _holds(text: str, words: tuple[str, ...]) -> bool:
    return all(each in text for each in words)
