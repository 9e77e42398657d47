"""`airisk-tui matrix policy` and `matrix rules`: print an example or the default rules, and check a file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tui.access.policy import Policy, example_policy, policy_problems
from tui.access.rules import RulesFile, default_rules_text, rules_problems
from tui.access.structured_file import Problem, StructuredFile
from tui.cli.annotations import Annotation, are_wanted, write_annotations
from tui.format import plural
from tui.text import clean

_INVALID = 2


def policy(arguments: argparse.Namespace) -> int:
    """Print an example policy or the schema, or check a policy.

    Raises:
        RulesFileError: the file cannot be read, or is neither YAML nor TOML.
    """
    if arguments.check:
        return _check(arguments.check, policy_problems)
    sys.stdout.write(schema(Policy) if arguments.schema else example_policy())
    return 0


def rules(arguments: argparse.Namespace) -> int:
    """Print the default rules or the schema, or check a file of rules.

    Raises:
        RulesFileError: the file cannot be read, or is neither YAML nor TOML.
    """
    if arguments.check:
        return _check(arguments.check, rules_problems)
    sys.stdout.write(schema(RulesFile) if arguments.schema else default_rules_text())
    return 0


def schema(kind: Any) -> str:
    """Return the JSON Schema of a policy or of a file of rules."""
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(kind)), indent=2).decode() + "\n"


def _check(path: Path, problems_of: Callable[[StructuredFile], Sequence[Problem]]) -> int:
    source = StructuredFile.read(path)
    problems = problems_of(source)
    sys.stderr.writelines(f"airisk-tui: {clean(str(path))}, {clean(str(problem))}\n" for problem in problems)
    if are_wanted("auto"):
        write_annotations(
            Annotation("error", "Invalid file", problem.text, str(path), problem.line) for problem in problems
        )
    if problems:
        return _INVALID
    number = len(source.value.get("rules", ())) if isinstance(source.value, dict) else 0
    sys.stdout.write(f"{clean(str(path))} is valid ({plural(number, 'rule')}).\n")
    return 0
