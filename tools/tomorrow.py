"""Run tests with what may come next: `make tomorrow`.

First with the newest Textual, releases to come included, then with httpx2 in the place of httpx. Arguments go to
pytest.
The environment is brought back to what is locked before and after each of them.
"""

import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

TESTS = ("tests/unit", "tests/service", "tests/screens")
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
LOCKED = ("install", "--require-hashes", "--only-binary", ":all:", "-r", "requirements/dev.txt")
SUCCESSORS = {"httpx": "httpx2", "httpcore": "httpcore2"}
_STAND_IN = "import sys\n\nimport {successor}\n\nsys.modules[__name__] = {successor}\n"


def main() -> int:
    """Run the tests twice; return 1 if any failed."""
    codes = []
    for try_out in (newest_textual, successor_of_httpx):
        restore()
        try:
            try_out()
            print(f"── {try_out.__doc__}", *sorted(versions()))
            codes.append(test())
        finally:
            restore()
    return int(any(codes))


def newest_textual() -> None:
    """Install the newest Textual."""
    pip("install", "--upgrade", "--pre", "textual")


def successor_of_httpx() -> None:
    """Install httpx2, and have `import httpx` import it."""
    pip("install", "--upgrade", "httpx2")
    pip("uninstall", "--yes", *SUCCESSORS)
    for name, successor in SUCCESSORS.items():
        _place_of(name).write_text(_STAND_IN.format(successor=successor))


def restore() -> None:
    """Install what is locked."""
    for name in SUCCESSORS:
        _place_of(name).unlink(missing_ok=True)
    pip(*LOCKED)


def versions() -> Iterator[str]:
    """Yield the versions of what is tried out."""
    for name in ("textual", "httpx", *SUCCESSORS.values()):
        with suppress(PackageNotFoundError):
            yield f"{name} {version(name)}"


def test() -> int:
    """Run the tests; return pytest's exit code."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "--dist", "loadgroup", *(sys.argv[1:] or TESTS)]
    return subprocess.run(command, check=False).returncode


def pip(*arguments: str) -> None:
    """Run pip."""
    subprocess.run([*PIP, *arguments], check=True)


def _place_of(name: str) -> Path:
    return Path(sysconfig.get_path("purelib")) / f"{name}.py"


if __name__ == "__main__":
    sys.exit(main())
