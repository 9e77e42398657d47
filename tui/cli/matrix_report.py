"""Output of `airisk-tui matrix`: plan and progress on stderr, then the matrix, the reports and the exit code."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from rich.cells import cell_len as width

from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import Matrix, encode
from tui.access.model import Cell, Finding, Verdict
from tui.access.plan import ProposedRun
from tui.access.policy import Policy, read_policy
from tui.access.reports import check, csv_report, write
from tui.access.reports.grouping import GroupedRows, limit_groups, merge_similar, sections
from tui.access.reports.wording import (
    HOW_TO_SUGGESTED,
    SUGGESTED,
    cell_sentence,
    coverage_sentence,
    gap_sentence,
    headline,
    mark_of,
    size_words,
    waiver_sentence,
    warnings,
    who,
)
from tui.access.runner import Run
from tui.access.suggestions import rules_file
from tui.airisk.users.remarks import part_words
from tui.cli.annotations import annotations_of, are_wanted, write_annotations
from tui.cli.output import write_failure
from tui.format import count, countdown, plural
from tui.text import clean, clean_lines

_MOST_LINES, _MOST_FINDINGS, _MOST_SKIPPED = 60, 30, 20
_UNEXPECTED, _UNTESTED = 1, 6
_LEGEND = (
    "A allowed  = same  ≠ differs  D denied  ? inconclusive  . not tested  "
    "A! unexpected allow  D! unexpected deny  ~ drift  w waived  A? may be a denial"
)


def expected_by(path: Path | None) -> Policy | None:
    """Read the policy from a file, if one is named. Blocks.

    Raises:
        RulesFileError: the file cannot be read or is invalid.
    """
    return read_policy(path) if path else None


def check_reports(paths: list[Path]) -> None:
    """Refuse reports that cannot be written, before any request is sent.

    Raises:
        SettingsError: an extension is unknown, or a directory does not exist.
    """
    for path in paths:
        check(path)


def deliver(matrix: Matrix, arguments: argparse.Namespace) -> int:
    """Write the reports and print the matrix; return the exit code. Blocks.

    Raises:
        OutputError: a report cannot be written.
    """
    if arguments.fail_on:
        parameters = msgspec.structs.replace(matrix.parameters, fail_on=arguments.fail_on)
        matrix = msgspec.structs.replace(matrix, parameters=parameters)
    for path in arguments.reports:
        try:
            write(matrix, path)
        except OSError as error:
            raise write_failure(path, error) from None
    is_terminal = sys.stdout.isatty()
    if arguments.format == "table":
        sys.stdout.writelines(f"{line}\n" for line in _table(matrix))
    else:
        text = (encode if arguments.format == "json" else csv_report.encode)(matrix).decode()
        sys.stdout.write(clean_lines(text) if is_terminal else text)
    code = exit_code(matrix, tolerated=arguments.max_inconclusive)
    if code == _UNEXPECTED and not any(matrix.summary.findings.values()):
        sys.stderr.writelines(f"airisk-tui: {clean(waiver_sentence(use))}\n" for use in matrix.waivers if use.is_stale)
    if code == _UNTESTED:
        sys.stderr.writelines(f"airisk-tui: {clean(why)}\n" for why in _untested(matrix, arguments.max_inconclusive))
    if are_wanted(arguments.annotations):
        write_annotations(annotations_of(matrix, code))
    return code


def exit_code(matrix: Matrix, *, tolerated: float) -> int:
    """Return 1 for unexpected results or stale waivers, 6 if something was not tested, else 0, as `fail_on` says.

    Args:
        matrix: the matrix. Whether a shard is complete is judged when all are merged.
        tolerated: the percentage of cells that may be untested.
    """
    fail_on = matrix.parameters.fail_on
    if any(matrix.summary.count(finding) for finding in Finding if finding.replace(" ", "-") in fail_on):
        return _UNEXPECTED
    if matrix.parameters.shard:
        return 0
    if "stale-waivers" in fail_on and any(use.is_stale for use in matrix.waivers):
        return _UNEXPECTED
    return _UNTESTED if "untested" in fail_on and any(_untested(matrix, tolerated)) else 0


def _untested(matrix: Matrix, tolerated: float) -> Iterator[str]:
    """Yield each reason why the matrix is not a complete test."""
    if matrix.parameters.listed:
        yield f"Only {part_words(matrix.parameters.listed)} were listed. The others were not tested."
    yield from (gap_sentence(gap) for gap in matrix.gaps if gap.kind != "policy")
    summary = matrix.summary
    planned = max(summary.cells, len(matrix.identities) * len(matrix.endpoints))
    unknown = planned - summary.cells + summary.count(Verdict.INCONCLUSIVE)
    if planned == 0:
        yield "Nothing was tested."
    elif 100 * unknown > tolerated * planned:
        yield f"Too many inconclusive cells: more than {tolerated:g} %. Run again with --resume to retry them."


def _table(matrix: Matrix) -> Iterator[str]:
    board = LiveMatrix.of(matrix)
    size = size_words(len(matrix.identities), matrix.endpoints)
    yield f"{size} at {clean(matrix.deployment)}. {headline(board)}"
    yield from map(clean, warnings(board))
    if covered := coverage_sentence(matrix.coverage):
        skipped = len(matrix.coverage.skipped)
        yield clean(f"{covered}; {count(skipped)} skipped, named in the reports." if skipped else f"{covered}.")
    if suggestions := board.suggestions:
        yield ""
        yield f"{SUGGESTED}. {HOW_TO_SUGGESTED}"
        yield from clean_lines(rules_file(suggestions)).split("\n")
    yield ""
    for number, column in enumerate(matrix.endpoints, start=1):
        yield f"{number:>3}  {clean(column.label, limit=110)}"
    yield ""
    yield from _lines(board)
    yield _LEGEND
    yield from _findings(matrix)
    yield from (clean(f"Audit trail: {head} on {head.host}") for head in matrix.audit)


def _lines(board: LiveMatrix) -> Iterator[str]:
    shown, skipped = limit_groups([merge_similar(section) for section in sections(board)], _MOST_LINES)
    roles = [clean(section.role if section.is_users else "", limit=24) for section in shown]
    margin = max(map(width, roles), default=0)
    numbers = "".join(f"{number:>4}" for number in range(1, len(board.columns) + 1))
    yield f"{'':{margin}}{numbers}"
    for role, section in zip(roles, shown, strict=True):
        for line in section.lines:
            marks = "".join(f"  {_mark(cells, board)}" for cells in line.cells)
            yield f"{role}{' ' * (margin - width(role))}{marks}   {_who(line)}"
    if skipped:
        yield f"… and {plural(skipped, 'identity')} more; use --report to see all."


def _mark(cells: Sequence[Cell], board: LiveMatrix) -> str:
    if not cells:
        return ". "
    return cells[0].verdict.letter + (mark_of(cells[0], board.suggestion_for(cells[0])) or " ")


def _who(line: GroupedRows) -> str:
    first = clean(str(line.rows[0].identity), limit=48)
    return first if len(line.rows) == 1 else f"{plural(len(line.rows), 'user')} like {first}"


def _findings(matrix: Matrix) -> Iterator[str]:
    found = matrix.findings()
    rows, labels = matrix.rows(), {column.name: column.label for column in matrix.endpoints}
    if found:
        yield ""
    for cell in found[:_MOST_FINDINGS]:
        row = rows.get(cell.row_key)
        named = clean(who(row) if row else cell.identity, limit=60)
        what = f"{clean(labels.get(cell.endpoint, cell.endpoint), limit=80)}: {clean(cell_sentence(cell), limit=160)}"
        yield f"{cell.finding.value if cell.finding else ''}: {named} · {what}"
    if len(found) > _MOST_FINDINGS:
        yield f"… and {len(found) - _MOST_FINDINGS:,} more; use --report to see all."


_A_MOMENT, _A_WHILE = 0.5, 30.0
"""Seconds between two progress messages: on a terminal, and elsewhere."""


def say_plan(proposal: ProposedRun, host: str, *, goes_on: bool) -> None:
    """Print what will be sent, as which identities, and how long that takes."""
    plan, earlier = proposal.plan, proposal.earlier
    if not plan.rows:
        say("This shard has no users: nothing is sent. Use fewer shards.")
        return
    kinds = " and ".join(f"{count(number)} {method}" for method, number in plan.by_method.items())
    pace = f"at most {plan.rate:g} per second" if plan.rate else "no rate limit"
    say(
        f"{plural(len(plan.rows), 'identity')} × {plural(len(plan.requests), 'endpoint')} at {host}: "
        f"{kinds}, and {count(plan.sign_ins)} sign-in requests; "
        f"{plan.concurrency} concurrent, {pace}: about {countdown(plan.seconds)}."
    )
    for left in plan.skipped[:_MOST_SKIPPED]:
        say(f"skipped {left.name}: {left.reason}")
    if len(plan.skipped) > _MOST_SKIPPED:
        say(f"skipped {count(len(plan.skipped) - _MOST_SKIPPED)} more, named in the reports")
    if proposal.parameters.listed:
        say(f"Only {part_words(proposal.parameters.listed)} are listed. Run `airisk-tui users` to see why.")
    if proposal.parameters.seed is not None:
        say(f"To draw this sample again, pass --seed {proposal.parameters.seed}.")
    if earlier and goes_on:
        known = sum(map(len, earlier.known().values()))
        say(f"{count(known)} of {count(plan.cells)} cells have results and are not sent again.")
    elif earlier and not earlier.is_whole:
        say("An unfinished run exists and will be replaced. Use --resume to continue it.")


def say(line: str) -> None:
    """Print a line to stderr."""
    sys.stderr.write(f"airisk-tui: {clean(line)}\n")


@asynccontextmanager
async def progress_shown(run: Run) -> AsyncIterator[None]:
    """Print the progress: on one line of a terminal, else a line now and then."""
    is_terminal = sys.stderr.isatty()

    async def show() -> None:
        while True:
            await asyncio.sleep(_A_MOMENT if is_terminal else _A_WHILE)
            now = run.progress
            held = f", AIRisk asks to wait {now.held:.0f} s" if now.held > 1 else ""
            line = f"{count(now.done)} of {count(now.total)}, {countdown(now.seconds_left)} left{held}"
            sys.stderr.write(f"\r\x1b[K{line}" if is_terminal else f"airisk-tui: {line}\n")
            sys.stderr.flush()

    showing = asyncio.create_task(show())
    try:
        yield
    finally:
        showing.cancel()
        if is_terminal:
            sys.stderr.write("\r\x1b[K")
