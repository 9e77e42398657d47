"""Resolve what is needed: every version and hash, for every platform and Python.

pyproject.toml into run.txt, dev.txt and proof.txt, and each peer of `make bench` into a file of its own. Arguments go
to `uv pip compile`, e.g. `make lock ARGS=--upgrade-package=httpx`.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
OPTIONS = ["--universal", "--generate-hashes", "--python-version=3.11", "--no-header", "--quiet", "--no-emit-index-url"]


def _compile(output: str, *sources: str) -> None:
    command = [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, *sys.argv[1:], *sources, "-o", output]
    subprocess.run(command, cwd=HERE.parent, check=True)  # noqa: S603


_compile("requirements/run.txt", "requirements/build.in", "pyproject.toml")
for group in ("dev", "proof"):
    _compile(
        f"requirements/{group}.txt",
        "requirements/build.in",
        "pyproject.toml",
        f"--group={group}",
        "--constraint=requirements/run.txt",
    )
for peer in sorted((HERE / "peers").glob("*.in")):
    _compile(f"requirements/peers/{peer.stem}.txt", str(peer.relative_to(HERE.parent)))
