"""What CI installs: the step of the action, and the commands of the image without Docker."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.long.shipping.conftest import ROOT
from tests.long.shipping.newcomer import PYTHONS, TAKES
from tui.airisk.openapi.yaml_loader import read_yaml

pytestmark = pytest.mark.xdist_group("shipping")


def test_the_action_installs_the_program_from_the_lock(newcomer, tmp_path):
    install = read_yaml((ROOT / "action.yml").read_text())[0]["runs"]["steps"][0]
    assert set(install["env"]) == {"SOURCE", "PYTHON"}
    path = tmp_path / "path"
    environment = newcomer.environment | {
        "SOURCE": str(ROOT),
        "PYTHON": sys.executable,
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_PATH": str(path),
    }
    script = "set -eo pipefail\n" + install["run"]
    subprocess.run(["bash", "-c", script], env=environment, cwd=tmp_path, check=True, timeout=TAKES)
    assert newcomer.types(Path(path.read_text().strip()) / "airisk-tui", "--version").startswith("airisk-tui ")


@pytest.mark.parametrize("python", PYTHONS.values(), ids=PYTHONS.keys())
def test_the_commands_of_the_image_build_the_program_from_what_is_sent_to_docker(newcomer, tmp_path, python):
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
    build, _ = text.split("\n\n")
    source = tmp_path / "source"
    for instruction, rest in re.findall(r"^(COPY|RUN) (.+)$", build, re.MULTILINE):
        if instruction == "COPY":
            *copied, _ = rest.split()
            for name in copied:
                copy(ROOT / name, source / name)
            continue
        command = rest.replace("/opt/", f"{tmp_path}/opt/").replace("python -m venv", f"{python} -m venv")
        subprocess.run(["sh", "-ec", command], cwd=source, env=newcomer.environment, check=True, timeout=TAKES)
    assert newcomer.types(tmp_path / "opt" / "airisk-tui" / "bin" / "airisk-tui", "--version").startswith("airisk-tui ")


def copy(path: Path, to: Path) -> None:
    """Copy a file or a folder, as COPY does."""
    to.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        shutil.copytree(path, to, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copyfile(path, to)
