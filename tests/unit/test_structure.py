"""How the program's classes are built: of parts that they hold, not of parents that keep them short."""

import ast
import inspect
import pkgutil
from collections import Counter
from importlib import import_module
from types import ModuleType
from typing import Any, TypeGuard

import tui
from tui.errors import AIRiskError

DEEPEST = 3
"""Classes of the program in one line of descent."""

LONGEST = 600
"""Lines of code of a class, with what it inherits from others of the program."""


def test_no_class_has_a_long_line_of_parents_or_two_of_them():
    too_deep = {name_of(each) for each in classes() if len(grown_from(each)) > DEEPEST or len(parents_of(each)) > 1}
    assert too_deep == set()


def test_no_class_is_long_with_what_it_inherits():
    counted = lines_of_code()
    lines = {each: sum(counted[name_of(parent)] for parent in line_of(each)) for each in classes()}
    assert {name_of(each): count for each, count in lines.items() if count > LONGEST} == {}


def modules() -> list[ModuleType]:
    names = [each.name for each in pkgutil.walk_packages(tui.__path__, "tui.")]
    return [import_module(name) for name in names if not name.endswith("__main__")]


def classes() -> set[type[Any]]:
    """Every class of the program but the errors, which are a tree on purpose."""
    found = {each for module in modules() for each in vars(module).values() if inspect.isclass(each) and is_own(each)}
    return {each for each in found if not issubclass(each, AIRiskError)}


def is_own(each: type[Any]) -> bool:
    return each.__module__.startswith("tui.")


def name_of(each: type[Any]) -> str:
    return f"{each.__module__}.{each.__qualname__}"


def parents_of(each: type[Any]) -> list[type[Any]]:
    return [parent for parent in each.__bases__ if is_own(parent)]


def line_of(each: type[Any]) -> list[type[Any]]:
    """The class, and the classes of the program that it descends from."""
    return [parent for parent in each.__mro__ if is_own(parent)]


def grown_from(each: type[Any]) -> list[type[Any]]:
    """The line without what only mends Textual, which its own classes would do."""
    return [parent for parent in line_of(each) if not parent.__module__.startswith("tui.textual_ext")]


def lines_of_code() -> Counter[str]:
    """The lines of each class that are not blank, comments or docstrings; a nested one counts as part of its own."""
    counted: Counter[str] = Counter()
    for module in modules():
        source = inspect.getsource(module)
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef):
                counted[f"{module.__name__}.{node.name}"] = len(lines_within(node, source.splitlines()))
    return counted


def lines_within(node: ast.ClassDef, source: list[str]) -> set[int]:
    texts = {number for each in ast.walk(node) if is_text(each) for number in numbers_of(each)}
    return {number for number in numbers_of(node) if source[number - 1].strip(" ")[:1] not in {"", "#"}} - texts


def numbers_of(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def is_text(node: ast.AST) -> TypeGuard[ast.Expr]:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
