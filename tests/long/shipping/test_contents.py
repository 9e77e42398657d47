"""The wheel holds the whole program, and nothing else."""

from zipfile import ZipFile

import pytest

from tests.long.shipping.conftest import ROOT

pytestmark = pytest.mark.xdist_group("shipping")
NEEDED = {
    "tui/app.tcss",
    "tui/opening.tcss",
    "tui/py.typed",
    "tui/access/default_rules.toml",
    "tui/access/reports/page.css",
    "tui/access/reports/page.html.jinja",
    "tui/airisk/catalogue.py",
    "tui/sandbox/serve.py",
}


def test_it_has_all_that_the_program_reads_and_a_manual(wheel):
    names = set(ZipFile(wheel).namelist())
    metadata = {name for name in names if ".dist-info/" in name or ".data/" in name}
    assert names - metadata >= NEEDED
    assert names - metadata == {str(path.relative_to(ROOT)) for path in files_of_the_program()}
    assert any(name.endswith(".data/data/share/man/man1/airisk-tui.1") for name in metadata)
    (entry_points,) = (name for name in metadata if name.endswith("entry_points.txt"))
    assert b"airisk-tui=tui.cli:main" in ZipFile(wheel).read(entry_points)


def files_of_the_program():
    return (path for path in (ROOT / "tui").rglob("*") if path.is_file() and path.suffix != ".pyc")
