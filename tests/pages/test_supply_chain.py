"""What the program stands on, and what is made of it: all of it locked, looked at, and the same each time."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from requirements import audit, index, licences
from requirements.pins import HERE, pinned

ROOT = HERE.parent
LOCKS = ("run.txt", "dev.txt", "proof.txt")
BUILD = "from flit_core.buildapi import build_sdist, build_wheel; build_sdist('dist'), build_wheel('dist')"


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
        assert told[str(pin)] == (licences.installed_licence(pin.name) or told[str(pin)]), "run `make lock`"
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


def test_what_is_built_twice_is_the_same_to_the_byte(tmp_path):
    """In another place, with other times and permissions of the files, in another language and zone."""
    first = built(ROOT, tmp_path / "first", umask=0o022, LC_ALL="C.UTF-8", TZ="UTC")
    second = built(ROOT, tmp_path / "elsewhere" / "second", umask=0o077, LC_ALL="C", TZ="Asia/Tokyo")
    assert {path.suffix for path in first} == {".whl", ".gz"}
    for one, other in zip(first, second, strict=True):
        assert one.name == other.name
        assert one.read_bytes() == other.read_bytes()


def built(source: Path, place: Path, *, umask: int, **environment: str) -> list[Path]:
    """Copy what is built from, as a checkout with that umask would, and build wheel and sdist of it."""
    before = os.umask(umask)
    try:
        ignored = shutil.ignore_patterns("__pycache__")
        for name in ("tui", "data"):
            shutil.copytree(source / name, place / name, ignore=ignored, copy_function=shutil.copyfile)
        for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", ".env.example"):
            shutil.copyfile(source / name, place / name)
        (place / "dist").mkdir()
        told = os.environ | {"SOURCE_DATE_EPOCH": "1700000000"} | environment
        subprocess.run([sys.executable, "-c", BUILD], cwd=place, env=told, check=True, timeout=60)
    finally:
        os.umask(before)
    return sorted((place / "dist").iterdir())
