"""Opens the HTML report in a real headless Chromium: `python -m tests.long.wild.axe DIRECTORY`, outside the repository.

axe-core, from the npm registry, looks for what keeps people from reading it; a grave fault is exit code 1.
Pictures are taken 1,280 pixels wide and of the first page on A4, to be looked at by a person.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from tests.kit.matrices import HOSTILE, crowd, small, texts
from tui.access.document import Matrix
from tui.access.reports import page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
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
GRAVE = frozenset({"serious", "critical"})
MATRICES: dict[str, Matrix] = {"small": small(), "crowd": crowd(300, findings=5), "hostile": texts(HOSTILE[0])}
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_PATIENCE = 120


def main(directory: Path) -> int:
    """Look at each report, tell what was found, and leave the pictures there."""
    directory.mkdir(parents=True, exist_ok=True)
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.stderr.write("There is no Chromium: install the package chromium.\n")
        return 2
    axe = _axe(directory)
    grave = 0
    for name, matrix in MATRICES.items():
        report = directory / f"{name}.html"
        report.write_bytes(page.encode(matrix))
        _photograph(browser, report)
        found = _faults(browser, report, axe)
        grave += sum(fault["impact"] in GRAVE for fault in found["violations"])
        _tell(name, found)
    sys.stdout.write(f"Pictures: {directory}/*.png, and *.pdf for paper.\n")
    return 1 if grave else 0


def _axe(directory: Path) -> str:
    """The text of axe-core, brought once."""
    kept = directory / "axe.min.js"
    if not kept.exists():
        with tempfile.TemporaryDirectory() as place:
            command = ["npm", "pack", "--silent", "--pack-destination", place, "axe-core"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=300)
            (archive,) = Path(place).glob("*.tgz")
            with tarfile.open(archive) as packed:
                content = packed.extractfile("package/axe.min.js")
                assert content
                kept.write_bytes(content.read())
    return kept.read_text()


def _faults(browser: str, report: Path, axe: str) -> dict[str, Any]:
    """What axe-core says of a page, whose own policy would let no script run: in a copy without it."""
    tried = _POLICY.sub("", report.read_text())
    ending = "axe.run().then(found => { document.body.textContent = 'AXE' + JSON.stringify(found) + 'EXA' })"
    copy = report.with_suffix(".axe.html")
    copy.write_text(f"{tried}<script>{axe}</script><script>{ending}</script>")
    dumped = _run(browser, "--virtual-time-budget=60000", "--dump-dom", copy.as_uri())
    told = re.search(r"AXE(\{.*\})EXA", dumped, re.DOTALL)
    if told is None:
        raise SystemExit(f"axe-core did not come to its end with {report.name}")
    found: dict[str, Any] = json.loads(html.unescape(told[1]))
    return found


def _photograph(browser: str, report: Path) -> None:
    picture, paper = report.with_suffix(".png"), report.with_suffix(".pdf")
    _run(browser, "--window-size=1280,2400", f"--screenshot={picture}", report.as_uri())
    _run(browser, "--no-pdf-header-footer", f"--print-to-pdf={paper}", report.as_uri())
    if draw := shutil.which("pdftoppm"):
        first = str(report.with_suffix("")) + "-paper"
        subprocess.run([draw, "-png", "-r", "80", "-f", "1", "-l", "1", str(paper), first], check=True)


def _run(browser: str, *arguments: str) -> str:
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, *FLAGS, f"--user-data-dir={profile}", *arguments]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=_PATIENCE)
    return done.stdout


def _tell(name: str, found: dict[str, Any]) -> None:
    passed, undecided = len(found["passes"]), len(found["incomplete"])
    sys.stdout.write(f"{name}: {passed} rules passed, {undecided} for a person to decide\n")
    for fault in found["violations"]:
        places = ", ".join(str(node["target"][0]) for node in fault["nodes"][:3])
        sys.stdout.write(f"  {fault['impact']}: {fault['help']} ({len(fault['nodes'])} times: {places})\n")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
