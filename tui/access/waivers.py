"""The waivers of a policy: which unexpected results they accept, and which of them are expired or no longer needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import msgspec

from tui import clocks
from tui.access.model import Cell, Column, Finding, Row, Verdict, WaiverUse, waiver_state
from tui.access.policy import Policy, Waiver

_CACHED = 20_000
"""Rows whose waivers are cached."""


class Waivers:
    """The waivers of a policy, as of today.

    Args:
        policy: the policy, if there is one.
        columns: the endpoints.
    """

    def __init__(self, policy: Policy | None, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._today = clocks.now().date()
        self._all: list[tuple[str, Waiver]] = []
        if policy:
            self._all = list(zip(policy.waiver_names(), policy.waivers, strict=True))
        valid = [(name, waiver) for name, waiver in self._all if not self._is_expired(waiver)]
        self._at = {
            column.name: [each for each in valid if each[1].covers(column)] for column in (columns if valid else ())
        }
        self._holding = lru_cache(maxsize=_CACHED)(
            lambda row: frozenset(name for name, waiver in valid if waiver.holds(row))
        )

    def name_for(self, row: Row, endpoint: str, finding: Finding) -> str:
        """Return the name of the first waiver that accepts a finding, or an empty text."""
        says = "allow" if finding is Finding.UNEXPECTED_ALLOW else "deny"
        fitting = (name for name, waiver in self._at.get(endpoint, ()) if waiver.says == says)
        return next((name for name in fitting if name in self._holding(row)), "")

    def uses(self, rows: Sequence[Row], cells: Sequence[Sequence[Cell | None]]) -> list[WaiverUse]:
        """Return what became of each waiver.

        Args:
            rows: the identities.
            cells: the evaluated cells of each row, by column.
        """
        return [self._use(name, waiver, rows, cells) for name, waiver in self._all]

    def _use(self, name: str, waiver: Waiver, rows: Sequence[Row], cells: Sequence[Sequence[Cell | None]]) -> WaiverUse:
        covered = [*self._covered(waiver, rows, cells)]
        numbers = {
            "cells": len(covered),
            "tested": sum(cell.verdict is not Verdict.INCONCLUSIVE for cell in covered),
            "waived": sum(cell.waiver == name for cell in covered),
        }
        return WaiverUse(
            name=name,
            what=waiver.what,
            reason=waiver.reason,
            owner=waiver.owner,
            expires=waiver.expires.isoformat(),
            state=waiver_state(is_expired=self._is_expired(waiver), **numbers),
            **numbers,
        )

    def _covered(self, waiver: Waiver, rows: Sequence[Row], cells: Sequence[Sequence[Cell | None]]) -> Iterator[Cell]:
        places = [place for place, column in enumerate(self._columns) if waiver.covers(column)]
        for row, known in zip(rows, cells, strict=True) if places else ():
            if waiver.holds(row):
                yield from filter(None, (known[place] for place in places))

    def _is_expired(self, waiver: Waiver) -> bool:
        return waiver.expires < self._today


def merge_waivers(parts: Iterable[Sequence[WaiverUse]]) -> list[WaiverUse]:
    """Return what became of each waiver in all parts of a run together."""
    merged: dict[str, WaiverUse] = {}
    for use in (use for part in parts for use in part):
        known = merged.get(use.name)
        if known is None:
            merged[use.name] = use
            continue
        numbers = {name: getattr(known, name) + getattr(use, name) for name in ("cells", "tested", "waived")}
        is_expired = "expired" in {known.state, use.state}
        state = waiver_state(is_expired=is_expired, **numbers)
        merged[use.name] = msgspec.structs.replace(known, state=state, **numbers)
    return list(merged.values())
