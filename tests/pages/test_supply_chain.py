"""What the program stands on, and what is made of it: all of it locked, looked at, and the same each time."""

import json
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from zipfile import ZipFile

import pytest
from packaging.markers import Marker

import tui
from requirements import audit, index, licences
from requirements.pins import HERE, pinned

ROOT = HERE.parent
LOCKS = ("run.txt", "dev.txt", "proof.txt")
BUILD = """
import shutil, sys
from pathlib import Path
from flit_core.buildapi import build_sdist, build_wheel
source, without = Path(sys.argv[1]), shutil.ignore_patterns("__pycache__")
for name in ("tui", "data", "docs"):
    shutil.copytree(source / name, name, ignore=without, copy_function=shutil.copyfile)
for name in ("pyproject.toml", "LICENSE", ".env.example", *map(str, source.glob("*.md"))):
    shutil.copyfile(source / name, Path(name).name)
Path("dist").mkdir()
build_sdist("dist"), build_wheel("dist")
"""
NEEDED = {
    "tui/app.tcss",
    "tui/opening.tcss",
    "tui/py.typed",
    "tui/access/default_rules.toml",
    "tui/access/reports/page.css",
    "tui/access/reports/page.html.jinja",
    "tui/airisk/endpoints/catalog.py",
    "tui/sandbox/server.py",
}

together = pytest.mark.xdist_group("built")


@pytest.mark.parametrize("lock", LOCKS)
def test_whatever_is_installed_is_locked_to_the_byte(lock):
    entries = [entry for entry in (HERE / lock).read_text().replace("\\\n", "").splitlines() if entry[:1].isalnum()]
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
    assert len(entries) == len(pinned(lock))


def test_the_licences_told_are_those_of_what_is_locked():
    rows = [line.strip("| ").split(" | ") for line in licences.FILE.read_text().splitlines() if line.startswith("| ")]
    told = {release: licence for release, licence, _ in rows[1:]}
    assert set(told) == {str(pin) for pin in pinned("run.txt")}
    for pin in pinned("run.txt"):
        if not pin.where or Marker(pin.where).evaluate():
            assert told[str(pin)] == licences.installed_licence(pin.name), "run `make lock`"
        assert told[str(pin)], f"nobody says how {pin} may be used"
        assert "GPL" not in told[str(pin)], "the program could not stay under the MIT licence"


class PackageIndex(BaseHTTPRequestHandler):
    """One that knows of two advisories, one of them withdrawn, and serves but each project's newest release."""

    def do_GET(self) -> None:
        name, _, version = self.path.removeprefix("/").removesuffix("/json").partition("/")
        newest = next(pin.version for pin in pinned(*LOCKS) if pin.name == name)
        newest = "99" if name == "rich" else newest
        advisory = {"id": f"GHSA-{name}", "aliases": ["CVE-1"], "link": "https://osv.dev/1", "withdrawn": None}
        known = {"h11": [advisory], "idna": [advisory | {"withdrawn": "2026-01-01"}]}.get(name, [])
        self.send_response(404 if version else 200)
        self.end_headers()
        if not version:
            self.wfile.write(json.dumps({"info": {"version": newest}, "vulnerabilities": known}).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def package_index(monkeypatch) -> Iterator[None]:
    with ThreadingHTTPServer(("127.0.0.1", 0), PackageIndex) as server:
        monkeypatch.setattr(index, "INDEX", f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield
        server.shutdown()
        thread.join()


def test_an_audit_ends_badly_where_something_is_vulnerable_or_nobody_could_be_asked(package_index, capsys):
    assert audit.main() == 1
    told = capsys.readouterr().out
    assert "VULNERABLE  h11" in told
    assert "GHSA-idna" not in told
    assert "NO ANSWER   rich" in told
    assert told.endswith(" 1 vulnerable.\n")


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> tuple[Path, Path]:
    """What is built twice: in another place, with other times and permissions of the files, language and zone."""
    here, elsewhere = tmp_path_factory.mktemp("here"), tmp_path_factory.mktemp("elsewhere") / "below"
    elsewhere.mkdir()
    build(here, umask=0o022, LC_ALL="C.UTF-8", TZ="UTC")
    build(elsewhere, umask=0o077, LC_ALL="C", TZ="Asia/Tokyo")
    return here / "dist", elsewhere / "dist"


def build(place: Path, *, umask: int, **environment: str) -> None:
    """Copy what is built from, as a checkout with that umask would, and build wheel and sdist of it."""
    told = os.environ | {"SOURCE_DATE_EPOCH": "1700000000"} | environment
    subprocess.run([sys.executable, "-c", BUILD, ROOT], cwd=place, env=told, umask=umask, check=True, timeout=60)


@together
def test_what_is_built_twice_is_the_same_to_the_byte(built):
    first, second = (sorted(dist.iterdir()) for dist in built)
    assert {path.suffix for path in first} == {".whl", ".gz"}
    for one, other in zip(first, second, strict=True):
        assert one.name == other.name
        assert one.read_bytes() == other.read_bytes()


@together
def test_the_wheel_has_all_that_the_program_reads_and_a_manual_and_nothing_else(built):
    (wheel,) = built[0].glob("airisk_tui-*.whl")
    names = set(ZipFile(wheel).namelist())
    metadata = {name for name in names if ".dist-info/" in name or ".data/" in name}
    assert names - metadata >= NEEDED
    assert names - metadata == {str(path.relative_to(ROOT)) for path in files_of_the_program()}
    assert any(name.endswith(".data/data/share/man/man1/airisk-tui.1") for name in metadata)
    (entry_points,) = (name for name in metadata if name.endswith("entry_points.txt"))
    assert b"airisk-tui=tui.cli.main:main" in ZipFile(wheel).read(entry_points)


@together
def test_the_description_leads_somewhere_on_a_package_index(built):
    (wheel,), (sdist,) = built[0].glob("*.whl"), built[0].glob("*.tar.gz")
    (metadata,) = (name for name in ZipFile(wheel).namelist() if name.endswith(".dist-info/METADATA"))
    described = message_from_bytes(ZipFile(wheel).read(metadata))
    text = str(described.get_payload())
    assert described["Summary"] == tui.__doc__
    assert [link for link in re.findall(r"\]\((.*?)\)", text) if not link.startswith("https://")] == []
    paths = set(re.findall(r"`([\w./-]+\.(?:md|example))`", text))
    assert "docs/tutorial.md" in paths
    with tarfile.open(sdist) as archive:
        assert paths - {name.partition("/")[2] for name in archive.getnames()} == set()


def files_of_the_program():
    return (path for path in (ROOT / "tui").rglob("*") if path.is_file() and path.suffix != ".pyc")
