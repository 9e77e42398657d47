"""`airisk-tui matrix`: send the same requests as many identities. `matrix merge`: merge the parts of one run."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from tui.access.classifier import Classifier
from tui.access.evaluation import Expectations
from tui.access.matrix_document import Matrix, read_matrix
from tui.access.merge import assemble, merge
from tui.access.model import Gap
from tui.access.plan import Plan
from tui.access.policy import Policy
from tui.access.rules import Rules, default_rules, read_rules
from tui.access.run_file import RunFile
from tui.access.runner import Run
from tui.access.selection import row_named
from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.session import Session
from tui.background import run_async, run_in_thread, shielded
from tui.cli.matrix_plan import propose, refuse_unmatched
from tui.cli.matrix_report import check_reports, deliver, expected_by, progress_shown, say, say_plan
from tui.cli.session import open_session, refuse_unconfirmed
from tui.config.settings import RawSettings
from tui.errors import AIRiskError


def run(raw: RawSettings, arguments: argparse.Namespace) -> int:
    """Plan, run and report.

    Raises:
        AIRiskError: the run failed as a whole; if one request or identity fails, its cells are inconclusive.
    """
    check_reports(arguments.reports)
    baseline = read_matrix(arguments.baseline) if arguments.baseline else None
    expectations = Expectations(expected_by(arguments.policy), baseline)
    rules = read_rules(arguments.rules) if arguments.rules else default_rules()
    matrix = run_async(_run_matrix(raw, arguments, rules, expectations))
    return deliver(matrix, arguments) if matrix else 0


async def _run_matrix(
    raw: RawSettings, arguments: argparse.Namespace, rules: Rules, expectations: Expectations
) -> Matrix | None:
    async with open_session(raw) as session:
        settings, goes_on = session.settings, arguments.resume
        proposal, gaps = await propose(session, arguments, rules, expectations.policy)
        if goes_on and proposal.earlier:
            proposal = replace(proposal, plan=replace(proposal.plan, known=proposal.earlier.known()))
        refuse_unmatched(gaps, is_allowed=arguments.allow_unmatched)
        say_plan(proposal, settings.origin.name, goes_on=goes_on)
        if arguments.dry_run:
            return None
        if unsafe := [request.column.name for request in proposal.plan.requests if not request.is_safe]:
            refuse_unconfirmed(settings, " and ".join(unsafe), is_confirmed=arguments.is_confirmed)
        file, head = await run_in_thread(lambda: proposal.start(settings, goes_on=goes_on))
        try:
            await _run(session, replace(proposal.plan, rows=head.rows, known=file.known()), proposal.rules, file)
            compared = row_named(head.rows, arguments.compare_with)
            expectations = replace(expectations, compared_with=compared.key if compared else None)
            named = {name: str(getattr(arguments, name) or "") for name in ("policy", "baseline")}
            audit = await session.audit_head()
            return await run_in_thread(
                lambda: assemble(file, expectations, is_over=True, gaps=gaps, audit=audit, **named)
            )
        finally:
            await run_in_thread(file.close)


async def _run(session: Session, plan: Plan, rules: Rules, file: RunFile) -> None:
    run = Run(session, plan, Classifier(rules), file.cells.values())
    try:
        async with progress_shown(run):
            await run.go(file.on_cell, file.on_row)
    except (asyncio.CancelledError, AIRiskError):
        say("The run was stopped. Its results are saved; continue it with --resume.")
        raise
    finally:
        await shielded(run_in_thread(file.flush))


def merge_reports(arguments: argparse.Namespace) -> int:
    """Merge, report and print.

    Raises:
        MatrixFileError: a file is not a report, or the parts do not belong together.
        RulesFileError: the policy cannot be read.
        SettingsError: the name of a report is invalid.
    """
    check_reports(arguments.reports)
    baseline = read_matrix(arguments.baseline) if arguments.baseline else None
    expectations = Expectations(expected_by(arguments.policy), baseline, keeps=True)
    parts = [read_matrix(path) for path in arguments.files]
    gaps = _unmatched(parts, expectations.policy)
    refuse_unmatched(gaps, is_allowed=arguments.allow_unmatched)
    merged = merge(parts, expectations, gaps)
    named = {name: str(path) for name in ("policy", "baseline") if (path := getattr(arguments, name))}
    merged = msgspec.structs.replace(merged, parameters=msgspec.structs.replace(merged.parameters, **named))
    return deliver(merged, arguments)


def _unmatched(parts: Sequence[Matrix], policy: Policy | None) -> list[Gap]:
    """Return what a policy names in vain, as far as the reports show the users and endpoints."""
    if policy is None:
        return []
    rows = [row for part in parts for row in part.identities]
    names = {column.name for part in parts for column in part.endpoints} | {endpoint.key for endpoint in ENDPOINTS}
    return list(policy.unmatched(rows, names, parts[0].parameters.objects))
