"""Every fault of the settings, where they are read and as a command reports it."""

import pytest

from tests.faults.common import in_environment
from tests.faults.service import report_of
from tests.faults.settings import CANARY, FAULTS, FINE, VERBATIM, FineFile, SettingsFault
from tests.faults.table import every
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.leaks import told_by
from tests.kit.shell import Place, Run, run_all
from tui.cli.session import open_session
from tui.config.keyring import Secret
from tui.config.settings import ENV_FILE, read
from tui.errors import SettingsError


@every("fault", FAULTS)
async def test_fault_is_reported_without_a_value(place: Place, fault: SettingsFault) -> None:
    fault.write(place.cwd / ".env")
    with in_environment(place, {}), pytest.raises(SettingsError) as failed:
        async with open_session(read(fault.environment)):
            pass
    line, code = report_of(failed.value)
    assert (line[: len(fault.words)], code) == (fault.words, 2)
    assert CANARY not in told_by(failed.value)
    (outcome,) = run_all([Run(place, ("users",), fault.environment)])
    assert (outcome.line, outcome.code, outcome.out) == (line, 2, b"")


@every("fine", FINE)
async def test_odd_file_is_read(place: Place, fine: FineFile) -> None:
    with ForeignAIRisk(client_id="demo", client_secret=VERBATIM) as server:
        fine.write(place.cwd / ".env", server.url)
        with in_environment(place, {}):
            told = read({})
            assert (told.secret, told.secret_from, told.warnings) == (Secret(VERBATIM), ENV_FILE, ())
            async with open_session(told) as session:
                assert len((await session.users()).users) == 3
