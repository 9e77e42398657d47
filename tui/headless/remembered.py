"""What is known of a deployment without asking it: whom one acted as there, and what can be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress

from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.endpoints.model import Endpoint
from tui.audit.entry import AuditEntry
from tui.audit.reader import recent_entries
from tui.config.paths import audit_file
from tui.config.workspace import WorkspaceStore
from tui.errors import AIRiskError

_LARGEST = 512 * 1024
"""Bytes of an imported description; to read a larger one takes longer than a key press should."""


class Remembered:
    """One deployment.

    Args:
        deployment: its origin; where it is empty, only what every AIRisk has is known.
    """

    def __init__(self, deployment: str) -> None:
        self._deployment = deployment

    def people(self) -> dict[str, str]:
        """The names of those who were acted as, by their ids, the latest first."""
        people: dict[str, str] = {}
        for entry in self._entries():
            if entry.kind == "user" and not people.get(entry.identity):
                people[entry.identity] = entry.name
        return people

    def endpoints(self) -> dict[tuple[str, str], str]:
        """Titles by method and path: those that AIRisk is known to have, the imported ones, and what was asked."""
        endpoints = {(each.method, each.path): each.title for each in (*ENDPOINTS, *self._imported()) if each.path}
        asked = ((entry.method, entry.path) for entry in self._entries() if entry.path)
        return {key: endpoints.get(key, "") for key in (*endpoints, *asked)}

    def _entries(self) -> Iterator[AuditEntry]:
        return recent_entries(audit_file(), self._deployment) if self._deployment else iter(())

    def _imported(self) -> tuple[Endpoint, ...]:
        with suppress(AIRiskError):
            document = asyncio.run(WorkspaceStore(self._deployment).document()) if self._deployment else b""
            if document and len(document) <= _LARGEST:
                from tui.airisk.openapi.document import read_document  # noqa: PLC0415 - only where there is one

                return read_document(document).endpoints
        return ()
