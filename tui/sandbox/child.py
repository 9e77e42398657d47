"""Main program of the sandbox process: options from stdin, URL to stdout, until stdin closes."""

import json
import sys
from typing import Any

from tui.sandbox.options import Options
from tui.sandbox.server import Sandbox


def main() -> int:
    """Serve until the parent closes stdin."""
    handed_over = json.loads(sys.stdin.buffer.readline())
    options = Options(**handed_over | {"faults": tuple(handed_over["faults"])})
    try:
        with Sandbox(options) as sandbox:
            _tell({"url": sandbox.url})
            sys.stdin.buffer.read()
    except OSError as error:
        _tell({"error": f"port {options.port}: {error.strerror}"})
        return 2
    return 0


def _tell(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
