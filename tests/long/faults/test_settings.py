"""Every fault of the settings in a real terminal."""

import pytest

from tests.faults import startup
from tests.faults.settings import FAULTS, FINE, FineFile, SettingsFault
from tests.faults.table import every
from tests.kit.shell import Place

pytestmark = pytest.mark.fault(".env and settings")


@every("fault", FAULTS)
def test_wrong_settings(place: Place, fault: SettingsFault) -> None:
    startup.wrong_settings(place, fault)


@every("fine", FINE)
def test_odd_settings_file(place: Place, fine: FineFile) -> None:
    startup.odd_file(place, fine)
