"""YAML is read as OpenAPI means it: as YAML 1.2, where yes is a word and a date is a text."""

from typing import Any

import pytest

from tui.airisk.openapi.yaml_loader import read_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[yes, no, on, off, y]", ["yes", "no", "on", "off", "y"]),
        ("[true, False, ~, null, '']", [True, False, None, None, ""]),
        ("[1, -7, +3, 0x1F, 0o17, 007, 1_000]", [1, -7, 3, 31, 15, 7, "1_000"]),
        ("[1.5, -.5, 1e3, 1., .inf, '1']", [1.5, -0.5, 1000.0, 1.0, ".inf", "1"]),
        ("[2026-01-31, 12:30, =, 1.2.3]", ["2026-01-31", "12:30", "=", "1.2.3"]),
        ("{200: a, true: b, null: c, 1.0: d}", {"200": "a", "true": "b", "null": "c", "1.0": "d"}),
        ("a: &x {p: 1}\nb: {<<: *x, q: 2}\nc: {p: 3, <<: *x}", {"a": {"p": 1}, "b": {"p": 1, "q": 2}, "c": {"p": 3}}),
        ("a: |\n  one\n  two\nb: >-\n  one\n  two", {"a": "one\ntwo\n", "b": "one two"}),
        ("a: !!str 7\nb: !!int '7'\nc: !x {d: 1}", {"a": "7", "b": "7", "c": {"d": 1}}),
        ("&k a: 1\n*k : 2", {"a": 2}),
        ("9" * 30, float("9" * 30)),
    ],
)
def test_each_value_is_what_it_says(text: str, value: Any) -> None:
    assert read_yaml(text)[0] == value


def test_each_part_knows_the_line_of_its_name() -> None:
    _, lines = read_yaml("a:\n  b:\n    - c: 1\n    - d:\n        e: {}\nf: 1\n")

    asked = {pointer: lines.line(pointer) for pointer in ("", "/a/b", "/a/b/0", "/a/b/1/d/e", "/f", "/a/b/9", "/x/y")}
    assert asked == {"": 1, "/a/b": 2, "/a/b/0": 3, "/a/b/1/d/e": 5, "/f": 1, "/a/b/9": 2, "/x/y": 1}
