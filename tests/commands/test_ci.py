"""The action and the examples for CI: what a runner would run is run here, and every option in them exists."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.kit.permissions import AGENTS
from tests.kit.shell import Place
from tui.airisk.openapi.yaml_loader import read_yaml
from tui.cli import main

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
ACTION: dict[str, Any] = read_yaml((ROOT / "action.yml").read_text())[0]
INSTALL, MATRIX = ACTION["runs"]["steps"]


def run_action(place: Place, arguments: str) -> tuple[int, str, dict[str, str]]:
    """Run the step of the action as a runner does; return its exit code, what it wrote to stderr, and its outputs."""
    files = {name: place.tmp / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for path in files.values():
        path.touch()
    set_by_github = {name: str(path) for name, path in files.items()} | {"RUNNER_TEMP": str(place.tmp)}
    assert set(MATRIX["env"]) == {"ARGUMENTS"}
    script = "set -eo pipefail\n" + MATRIX["run"]
    done = place.shell(script, ARGUMENTS=arguments, GITHUB_ACTIONS="true", **set_by_github)
    written = files["GITHUB_OUTPUT"].read_text().splitlines()
    return done.code, done.err, {line.partition("=")[0]: line.partition("=")[2] for line in written}


def test_the_action_writes_every_report_a_summary_and_annotations(place, airisk):
    (place.cwd / "a policy.yaml").write_text("default: deny\n")
    code, err, outputs = run_action(place, f"--all --endpoint '{AGENTS}'\n--policy 'a policy.yaml'  # nobody may")
    assert (code, outputs["exit-code"]) == (1, "1")
    reports = Path(outputs["reports"])
    assert {path.suffix for path in reports.iterdir()} == {".json", ".html", ".md", ".xml", ".sarif"}
    assert (place.tmp / "GITHUB_STEP_SUMMARY").read_text() == (reports / "matrix.md").read_text()
    assert "\n::error title=Unexpected allow::GET /api/Chat/ListAgents as " in err


def test_an_action_whose_arguments_are_wrong_ends_with_the_code_of_that(place, airisk):
    code, _, outputs = run_action(place, "--all --nonsense")
    assert (code, outputs["exit-code"]) == (2, "2")


def test_outputs_and_inputs_of_the_action_are_those_of_its_steps():
    assert {each["value"] for each in ACTION["outputs"].values()} == {
        f"${{{{ steps.{MATRIX['id']}.outputs.{name} }}}}" for name in ACTION["outputs"]
    }
    used = re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text())
    assert set(used) == set(ACTION["inputs"])
    assert (ROOT / "requirements" / "run.txt").exists()
    assert "requirements/run.txt" in INSTALL["run"]


@pytest.mark.parametrize("path", sorted(EXAMPLES.iterdir()), ids=lambda path: path.name)
def test_every_command_of_an_example_can_be_typed(path, monkeypatch):
    monkeypatch.setenv("JOB_COMPLETION_INDEX", "0")
    monkeypatch.setenv("JOB_COMPLETION_COUNT", "40")
    text = path.read_text()
    if path.suffix == ".yaml":
        assert isinstance(read_yaml(text)[0], dict)
    commands = [*typed_in(text), *arguments_in(text)]
    assert commands
    for words in commands:
        assert callable(main._parsed(words).run), words


def test_the_example_of_the_readme_names_inputs_of_the_action_and_arguments_that_can_be_typed():
    (block,) = re.findall(r"```yaml\n(- uses: .*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (step,), _ = read_yaml(block)
    assert len(block.splitlines()) == 3
    assert set(step["with"]) <= set(ACTION["inputs"])
    assert main._parsed(["matrix", *shlex.split(step["with"]["arguments"])]).openapi == "/swagger/v1/swagger.json"
    assert set(step["env"]) == {"AIRISK_URL", "CLIENT_ID", "CLIENT_SECRET"}


def typed_in(text: str) -> list[list[str]]:
    """The commands in a text, up to what the shell does with them; what a shell or an engine fills in is 1."""
    lines = re.sub(r"\\\n\s*", " ", text)
    found = re.findall(r"airisk-tui (matrix .+?)(?: \|\| .*| >.*|'$|$)", lines, re.MULTILINE)
    plain = [re.sub(r"\$\{\{.*?\}\}|\$\w+|\{\}", "1", each.replace('"$@"', "")) for each in found]
    return [shlex.split(each, comments=True) for each in plain]


def arguments_in(text: str) -> list[list[str]]:
    """The arguments in lists of Kubernetes, and in the input of the action."""
    lists = re.findall(r"args:\n((?: +- [^|\s]+\n)+)", text)
    inputs = re.findall(r"arguments: (.+)", text)
    return [re.findall(r"- (\S+)", each) for each in lists] + [["matrix", *shlex.split(each)] for each in inputs]


def test_the_image_copies_what_there_is_and_starts_the_program():
    dockerfile = (ROOT / "Dockerfile").read_text()
    copied = [each.split()[:-1] for each in re.findall(r"^COPY (?!--from)(.+)$", dockerfile, re.MULTILINE)]
    sources = {source for each in copied for source in each}
    assert [source for source in sources if not (ROOT / source).exists()] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (entry,) = re.findall(r"^ENTRYPOINT (.+)$", dockerfile, re.MULTILINE)
    assert json.loads(entry) == [*project["project"]["scripts"]]
    sent = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[0] == "!"}
    assert sent == sources
