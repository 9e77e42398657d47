"""Where these were before they came to `tests.kit.shell`."""

from tests.kit.shell import Run, run_all

__all__ = ["Run", "run_all"]
