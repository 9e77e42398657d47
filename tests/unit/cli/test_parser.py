"""The values of options, as they are typed."""

import pytest

from tui.cli import main


@pytest.mark.parametrize(
    ("option", "typed", "seconds"),
    [
        ("latency", "150ms", 0.15),
        ("latency", "150", 0.15),
        ("latency", "2s", 2),
        ("token_seconds", "30m", 1_800),
        ("token_seconds", "60", 60),
    ],
)
def test_a_duration_has_a_unit_or_the_one_of_its_option(option, typed, seconds):
    arguments = main._parser().parse_args(["sandbox", f"--{option.replace('_', '-')}", typed])
    assert getattr(arguments, option) == pytest.approx(seconds)


@pytest.mark.parametrize("typed", ["11m", "-1", "soon", ""])
def test_what_is_no_duration_is_refused(typed, capsys):
    with pytest.raises(SystemExit) as refused:
        main._parser().parse_args(["sandbox", f"--latency={typed}"])
    assert refused.value.code == 2
    words = "airisk-tui: --latency must be a duration from 0ms to 10m, as in 150ms, 60s, 30m or 2h."
    assert capsys.readouterr().err.startswith(words)


@pytest.mark.parametrize(
    "command", ["users", "doctor", "info", "matrix", "matrix merge x.json", "audit show", "audit verify"]
)
def test_json_is_the_shorthand_of_its_format(command):
    for option in ("--json", "--format=json"):
        assert main._parser().parse_args([*command.split(), option]).format == "json"
    assert main._parser().parse_args(command.split()).format in {"table", "text"}


@pytest.mark.parametrize(
    "command",
    [
        "request GET / --as generic",
        "exec --as generic -- true",
        "matrix --compare-with generic",
        "audit show --user generic",
    ],
)
def test_generic_is_another_spelling_of_the_application(command):
    given = vars(main._parser().parse_args(command.split()))
    assert "application" in given.values()
    assert "generic" not in given.values()
