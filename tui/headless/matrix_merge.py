"""`airisk-tui matrix merge`: the parts of one run in one matrix; asks nothing and needs no setting."""

from __future__ import annotations

import argparse
import sys

import msgspec

from tui.access.document import read_matrix
from tui.access.evaluation import Expectations
from tui.access.merge import merge, missing_parts
from tui.headless.matrix_out import check_reports, deliver, expected_by


def run(arguments: argparse.Namespace) -> int:
    """Merge, report and print.

    Raises:
        MatrixFileError: a file is no report, or the parts do not belong together.
        RulesFileError: the policy cannot be read.
        SettingsError: a report could not be written under its name.
    """
    check_reports(arguments.reports)
    baseline = read_matrix(arguments.baseline) if arguments.baseline else None
    expectations = Expectations(expected_by(arguments.policy), baseline, keeps=True)
    parts = [read_matrix(path) for path in arguments.files]
    if missing := missing_parts(parts):
        numbers = ", ".join(map(str, missing))
        sys.stderr.write(f"airisk-tui: part {numbers} is missing: what is merged is not the whole run.\n")
    merged = merge(parts, expectations)
    named = {name: str(path) for name in ("policy", "baseline") if (path := getattr(arguments, name))}
    merged = msgspec.structs.replace(merged, terms=msgspec.structs.replace(merged.terms, **named))
    return deliver(merged, arguments)
