"""What is shipped, built as `make dist` does, and who installs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.long.shipping.newcomer import TAKES, Newcomer

ROOT = Path(__file__).parents[3]
_BUILD = """
import sys
from flit_core.buildapi import build_sdist, build_wheel
build_wheel(sys.argv[1]), build_sdist(sys.argv[1])
"""


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and the sdist, and return the directory in which they are."""
    directory = tmp_path_factory.mktemp("dist")
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}
    subprocess.run([sys.executable, "-c", _BUILD, directory], cwd=ROOT, env=environment, check=True)
    return directory


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    """Return the wheel."""
    (path,) = built.glob("airisk_tui-*.whl")
    return path


@pytest.fixture(scope="session")
def sdist(built: Path) -> Path:
    """Return the sdist."""
    (path,) = built.glob("airisk_tui-*.tar.gz")
    return path


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install pipx and uv, and return where they are."""
    venv = tmp_path_factory.mktemp("tools")
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    pip = (str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet")
    subprocess.run([*pip, "install", "pipx", "uv"], check=True, timeout=TAKES)
    return venv / "bin"


@pytest.fixture
def newcomer(tmp_path: Path, tools: Path) -> Newcomer:
    """Return somebody whose home is empty."""
    (tmp_path / "home").mkdir()
    return Newcomer(tmp_path / "home", tools)
