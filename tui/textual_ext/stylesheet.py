"""Stylesheet that parses each text once for each theme."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from textual.cache import LRUCache
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_MOST_TEXTS = 256
_parsed: defaultdict[frozenset[tuple[str, str]], LRUCache[tuple[Any, ...], list[RuleSet]]] = defaultdict(
    lambda: LRUCache(_MOST_TEXTS)
)
"""Rules by the variables of a theme, and by text. Rules do not change after they are parsed."""


class ReusingStylesheet(Stylesheet):
    """Stylesheet that parses each text once for each theme.

    Textual parses all styles again whenever it switches to another mode: three times for the first screen.
    """

    def __init__(self, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self.set_variables(variables)

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take these variables, and what was parsed with them."""
        self._parse_cache = LRUCache(_MOST_TEXTS)  # Textual clears this one.
        super().set_variables(variables)
        self._parse_cache = _parsed[frozenset(variables.items())]

    def reparse(self) -> None:
        """Parse what was not yet parsed with these variables."""
        self.parse()
