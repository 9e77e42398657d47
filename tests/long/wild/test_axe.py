"""The HTML report in a real headless Chromium: axe-core finds nothing grave that keeps people from reading it.

Pictures, 1,280 pixels wide in light and dark, 390 pixels wide, and of the first page on A4, are left beside the report,
to be looked at by a person.
"""

from __future__ import annotations

import html
import json
import logging
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.kit.machine import needs
from tests.kit.matrices import HOSTILE, crowd, small, texts
from tests.kit.planted import planted
from tests.long.wild import npm
from tui.access.matrix_document import Matrix
from tui.access.reports import html as page

pytestmark = pytest.mark.xdist_group("wild")

PLACE = npm.PLACE / "axe"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
DARK = "--blink-settings=preferredColorScheme=0"
GRAVE = frozenset({"serious", "critical"})
MATRICES: dict[str, Matrix] = {
    "small": small(),
    "crowd": crowd(300, findings=5),
    "hostile": texts(HOSTILE[0]),
    "planted": planted(),
}
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_PATIENCE = 120


_LOG = logging.getLogger(__name__)


@pytest.mark.parametrize("scheme", [(), (DARK,)], ids=["light", "dark"])
@pytest.mark.parametrize("name", MATRICES)
def test_nothing_grave_keeps_people_from_reading_it(name: str, scheme: tuple[str, ...]) -> None:
    needs("chromium")
    PLACE.mkdir(parents=True, exist_ok=True)
    report = PLACE / f"{name}.html"
    report.write_bytes(page.encode(MATRICES[name]))
    _photograph(report)
    found = _faults(report, *scheme)
    _LOG.info("%s: %d rules passed, %d for a person to decide", name, len(found["passes"]), len(found["incomplete"]))
    _LOG.info("pictures: %s/%s*.png and .pdf", PLACE, name)
    for fault in found["violations"]:
        places = ", ".join(str(node["target"][0]) for node in fault["nodes"][:3])
        _LOG.info("%s: %s (%d times: %s)", fault["impact"], fault["help"], len(fault["nodes"]), places)
    assert [fault["help"] for fault in found["violations"] if fault["impact"] in GRAVE] == []


def _axe() -> str:
    """The text of axe-core, brought once."""
    kept = PLACE / "axe.min.js"
    if not kept.exists():
        with npm.packed("axe-core") as archive:
            content = archive.extractfile("package/axe.min.js")
            assert content
            kept.write_bytes(content.read())
    return kept.read_text()


def _faults(report: Path, *scheme: str) -> dict[str, Any]:
    """What axe-core says of a page, whose own policy would let no script run: in a copy without it."""
    tried = _POLICY.sub("", report.read_text())
    ending = "axe.run().then(found => { document.body.textContent = 'AXE' + JSON.stringify(found) + 'EXA' })"
    copy = report.with_suffix(".axe.html")
    copy.write_text(f"{tried}<script>{_axe()}</script><script>{ending}</script>")
    dumped = _run(*scheme, "--virtual-time-budget=60000", "--dump-dom", copy.as_uri())
    told = re.search(r"AXE(\{.*\})EXA", dumped, re.DOTALL)
    assert told, f"axe-core did not come to its end with {report.name}"
    found: dict[str, Any] = json.loads(html.unescape(told[1]))
    return found


def _photograph(report: Path) -> None:
    picture, paper = report.with_suffix(".png"), report.with_suffix(".pdf")
    _run("--window-size=1280,2400", f"--screenshot={picture}", report.as_uri())
    _run("--window-size=1280,2400", DARK, f"--screenshot={report.with_suffix('.dark.png')}", report.as_uri())
    phone = report.with_suffix(".phone.html")  # a window is never as narrow
    phone.write_text(f'<iframe src="{report.name}" style="width: 390px; height: 4000px; border: 0"></iframe>')
    _run("--window-size=520,4000", f"--screenshot={report.with_suffix('.phone.png')}", phone.as_uri())
    _run("--no-pdf-header-footer", f"--print-to-pdf={paper}", report.as_uri())
    if draw := shutil.which("pdftoppm"):
        first = str(report.with_suffix("")) + "-paper"
        subprocess.run([draw, "-png", "-r", "80", "-f", "1", "-l", "1", str(paper), first], check=True)


def _run(*arguments: str) -> str:
    with tempfile.TemporaryDirectory() as profile:
        command = ["chromium", *FLAGS, f"--user-data-dir={profile}", *arguments]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=_PATIENCE)
    return done.stdout
