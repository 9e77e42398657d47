"""A real GNOME Keyring on a session bus of its own, which a test may lock, stop or kill.

Where gnome-keyring, dbus or secret-tool is missing its tests are skipped; REQUIRE_MACHINE_PARTS=1 makes
them fail instead.
"""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.kit.machine import needs
from tests.kit.patience import ENOUGH, PATIENCE, until
from tui.config.keyring import Vault

PROGRAMS = ("dbus-daemon", "gnome-keyring-daemon", "secret-tool")
_STARTS = 5
# No service directories: what is killed stays dead, and no prompter is started.
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""


class RealKeyring:
    """A bus and a keyring under `root`, unlocked and empty; whatever `cleanup` has been given ends them."""

    def __init__(self, root: Path, cleanup: ExitStack) -> None:
        self._cleanup = cleanup
        self._address = f"unix:path={root / 'bus'}"
        (root / "run").mkdir(mode=0o700)
        (root / "home").mkdir()
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(root / "home"),
            "XDG_RUNTIME_DIR": str(root / "run"),
            "DBUS_SESSION_BUS_ADDRESS": self._address,
        }
        self._log = cleanup.enter_context((root / "log").open("w"))
        self._bus = self._start_bus(root)
        self._keyring = self._start_keyring()
        for _ in range(_STARTS - 1):
            if self._is_usable():
                break
            _end(self._keyring)
            self._keyring = self._start_keyring()

    def use(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Make this the keyring of the running process as well, which gives it time to answer."""
        for name, value in self.environment.items():
            monkeypatch.setenv(name, value)
        if defaults := Vault.__init__.__kwdefaults__:
            monkeypatch.setitem(defaults, "deadline", ENOUGH)

    def lock(self) -> None:
        """Lock it, as the desktop does when its owner leaves."""
        self._call_secret_service("Lock", "/org/freedesktop/secrets/aliases/default")

    def hold_prompts_open(self) -> None:
        """Be the desktop's prompter, and never answer."""
        from jeepney.bus_messages import message_bus
        from jeepney.io.blocking import Proxy

        Proxy(message_bus, self._connection()).RequestName("org.gnome.keyring.SystemPrompter")

    def stop(self) -> None:
        self._keyring.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._keyring.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        _end(self._keyring)

    def stop_bus(self) -> None:
        self._bus.send_signal(signal.SIGSTOP)

    def kill_bus(self) -> None:
        _end(self._bus)

    def store(self, value: bytes, **attributes: str) -> None:
        """Keep an item as another application would."""
        import secretstorage

        collection = secretstorage.Collection(self._connection())
        collection.create_item("kept by another application", attributes, value)

    def search(self, service: str) -> list[str]:
        """Return the values of all items of `service`, as secret-tool sees them."""
        done = subprocess.run(
            ["secret-tool", "search", "--all", "service", service],
            env=self.environment,
            capture_output=True,
            timeout=PATIENCE,
            check=False,  # it ends with 1 when nothing is found
        )
        lines = done.stdout.decode(errors="replace").splitlines()
        return [line.removeprefix("secret = ") for line in lines if line.startswith("secret = ")]

    def monitor(self) -> Callable[[], None]:
        """Watch the bus from now on; the function returned waits until somebody asks the keyring."""
        from jeepney import HeaderFields
        from jeepney.bus_messages import Monitoring
        from jeepney.io.blocking import Proxy

        connection = self._connection()
        Proxy(Monitoring(), connection).BecomeMonitor(["destination='org.freedesktop.secrets'"])

        def destination_of_the_next() -> object:
            return connection.receive(timeout=PATIENCE).header.fields.get(HeaderFields.destination)

        def wait_until_asked() -> None:
            until(lambda: destination_of_the_next() == "org.freedesktop.secrets", "somebody to ask the keyring")

        return wait_until_asked

    def _start_bus(self, root: Path) -> subprocess.Popen[str]:
        config = root / "bus.conf"
        config.write_text(BUS.format(path=root / "bus"))
        bus = subprocess.Popen(
            ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self._cleanup.callback(_end, bus)
        assert bus.stdout is not None
        assert bus.stdout.readline().startswith(self._address)
        return bus

    def _start_keyring(self) -> subprocess.Popen[str]:
        from jeepney import MatchRule
        from jeepney.bus_messages import message_bus
        from jeepney.io.blocking import Proxy

        rule = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
        rule.add_arg_condition(0, "org.freedesktop.secrets")
        connection = self._connection()
        Proxy(message_bus, connection).AddMatch(rule)
        with connection.filter(rule) as appeared:
            keyring = subprocess.Popen(
                ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=self._log,
                stderr=self._log,
                text=True,
            )
            self._cleanup.callback(_end, keyring)
            assert keyring.stdin is not None
            keyring.stdin.write("the password of this keyring")
            keyring.stdin.close()
            connection.recv_until_filtered(appeared, timeout=PATIENCE)
        return keyring

    def _is_usable(self) -> bool:
        """Whether there is a default collection: on a busy machine a daemon may have one that is nowhere, or end."""
        from secretstorage import Collection
        from secretstorage.exceptions import ItemNotFoundException, SecretServiceNotAvailableException

        try:
            Collection(self._connection())
        except (ItemNotFoundException, SecretServiceNotAvailableException):
            return False
        return True

    def _connection(self):
        from jeepney.io.blocking import open_dbus_connection

        return self._cleanup.enter_context(closing(open_dbus_connection(self._address)))

    def _call_secret_service(self, method: str, path: str) -> None:
        from jeepney import DBusAddress, new_method_call

        service = DBusAddress("/org/freedesktop/secrets", "org.freedesktop.secrets", "org.freedesktop.Secret.Service")
        answer = self._connection().send_and_get_reply(new_method_call(service, method, "ao", ([path],)))
        assert answer.body == ([path], "/")


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


@pytest.fixture
def real_keyring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealKeyring]:
    """A GNOME Keyring of the test's own, unlocked and empty."""
    needs(*PROGRAMS)
    with ExitStack() as cleanup:
        # A short name: the path of a socket has at most 107 characters.
        yield RealKeyring(tmp_path_factory.mktemp("k"), cleanup)


@pytest.fixture
def keyring(real_keyring: RealKeyring, monkeypatch: pytest.MonkeyPatch) -> RealKeyring:
    """The same, as the keyring of the running process."""
    real_keyring.use(monkeypatch)
    return real_keyring
