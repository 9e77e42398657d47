"""A failed request of the service, as a command would report it."""

import io
from collections.abc import Awaitable
from contextlib import redirect_stderr

import pytest

from tests.faults.common import check_secrets
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.leaks import told_by
from tests.kit.shell import Place
from tui.cli import main
from tui.errors import AIRiskError


async def failure_of(request: Awaitable[object], place: Place, server: ForeignAIRisk) -> tuple[str, int]:
    """Return the error line and the exit code; the error holds no secret."""
    with pytest.raises(AIRiskError) as failed:
        await request
    check_secrets(place, server, told_by(failed.value))
    return report_of(failed.value)


def report_of(error: AIRiskError) -> tuple[str, int]:
    """Return the line that a command prints for this error, without the program's name, and its exit code."""
    with redirect_stderr(io.StringIO()) as stderr:
        main.complain(error)
    return stderr.getvalue().removeprefix("airisk-tui: ").rstrip("\n"), error.exit_code
