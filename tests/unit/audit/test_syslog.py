"""The message that a collector gets, and the addresses of collectors."""

import pytest

from tests.kit.trails import RFC_5424, an_entry
from tui.audit.entry import sign
from tui.audit.syslog import SyslogAddress, message
from tui.errors import SettingsError

PRIORITIES = {"refusal": 84, "start": 85, "allow": 85, "stop": 85, "intent": 85, "request": 86}


@pytest.mark.parametrize(("event", "priority"), PRIORITIES.items())
def test_a_refusal_weighs_more_than_a_request(event, priority):
    assert message(sign(an_entry(event=event), 1, "")[0]).startswith(f"<{priority}>1 ".encode())


@pytest.mark.parametrize("host", ["", "a b\n<86>1", "é", "x" * 1_000])
def test_a_host_of_any_name_keeps_the_header_in_its_form(host):
    assert RFC_5424.fullmatch(message(sign(an_entry(os_host=host, process=host), 1, "")[0]))


@pytest.mark.parametrize(
    ("text", "collector"),
    [
        ("unix:/dev/log", SyslogAddress("unix", "/dev/log")),
        ("unix:///dev/log", SyslogAddress("unix", "/dev/log")),
        ("udp://logs.example", SyslogAddress("udp", "logs.example", 514)),
        ("udp://[::1]:5140", SyslogAddress("udp", "::1", 5140)),
        ("tcp://logs.example:6514/", SyslogAddress("tcp", "logs.example", 6514)),
        ("tls://logs.example", SyslogAddress("tls", "logs.example", 6514)),
    ],
)
def test_addresses(text, collector):
    assert SyslogAddress.read(text) == collector


@pytest.mark.parametrize(
    "text",
    [
        "",
        "logs.example",
        "unix:",
        "unix:relative",
        "unix:/dev/\x00log",
        "https://logs.example",
        "udp://",
        "udp://logs.example:0",
        "udp://logs.example:65536",
        "udp://user:s3cret@logs.example",
        "tcp://logs.example/s3cret",
        "tcp://logs.example?s3cret",
        "tcp://logs.example#s3cret",
    ],
)
def test_what_is_no_address_is_named_and_not_quoted(text):
    with pytest.raises(SettingsError, match="AIRISK_SYSLOG ") as raised:
        SyslogAddress.read(text)
    assert "s3cret" not in raised.value.message + raised.value.advice
