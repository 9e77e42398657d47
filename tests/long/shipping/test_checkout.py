"""`make` in a checkout: what was installed before is used, and made anew where it cannot work any more."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.long.shipping.conftest import ROOT
from tests.long.shipping.newcomer import PYTHONS, Newcomer

pytestmark = pytest.mark.xdist_group("shipping")

INSTALLED = "Installing airisk-tui into .venv…"


@pytest.fixture
def checkout(newcomer: Newcomer) -> Path:
    """The project, as it is now, in the home of a newcomer."""
    directory = newcomer.home / "airisk-tui"
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).exists():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, directory / name)
    return directory


def test_the_demo_opens_wherever_the_checkout_is_and_whatever_became_of_python(
    newcomer: Newcomer, checkout: Path
) -> None:
    def installed(*settings: str) -> bool:
        return INSTALLED in newcomer.types("make", "-C", checkout, ".venv/.run", *settings)

    assert (installed(), installed()) == (True, False)
    newcomer.opens_the_demo("make", "-C", checkout)

    checkout = checkout.rename(checkout.with_name("moved"))
    assert installed()
    newcomer.opens_the_demo("make", "-C", checkout)

    for link in (checkout / ".venv" / "bin").glob("python*"):
        link.unlink()
        link.symlink_to("/nowhere/python3")
    assert installed()
    newcomer.opens_the_demo("make", "-C", checkout)


@pytest.mark.parametrize("python", PYTHONS.values(), ids=PYTHONS.keys())
def test_another_python_gets_an_environment_of_its_own(newcomer: Newcomer, checkout: Path, python: str) -> None:
    def version(*settings: str) -> str:
        newcomer.types("make", "-C", checkout, ".venv/.run", *settings)
        return newcomer.types(checkout / ".venv" / "bin" / "python", "--version")

    version()
    assert version(f"PYTHON={python}") == newcomer.types(python, "--version")
    assert version() == newcomer.types(python, "--version"), "made anew, and nobody asked for that"
