"""What a person and their desktop's keyring see of the secret: the keyring is a real one."""

import asyncio
import subprocess
import sys

import pytest

from tui.config.keyring import CLIENT_SECRET, MAX_LENGTH, Secret, Vault, service_name
from tui.errors import NoKeyringError, VaultError

pytestmark = pytest.mark.fault("keyring")


SERVICE = service_name("https://demo.example", "client-1")
ELSEWHERE = service_name("https://other.example", "client-1")
WORDS = "kept $ecret #1 % „ü“ 🔑"


@pytest.fixture
def vault() -> Vault:
    return Vault(SERVICE)


async def test_what_is_kept_is_read_back_verbatim(keyring, vault):
    assert await vault.get(CLIENT_SECRET) is None
    await vault.set(CLIENT_SECRET, Secret(WORDS))
    assert await vault.get(CLIENT_SECRET) == Secret(WORDS)
    assert (await vault.describe()).startswith("Secret Service")


async def test_keeping_again_replaces(keyring, vault):
    await vault.set(CLIENT_SECRET, Secret("old"))
    await vault.set(CLIENT_SECRET, Secret("new"))
    assert await vault.get(CLIENT_SECRET) == Secret("new")
    assert len(keyring.search(SERVICE)) == 1


async def test_another_address_or_client_finds_nothing(keyring, vault):
    await vault.set(CLIENT_SECRET, Secret(WORDS))
    for origin, client in [("https://other.example", "client-1"), ("https://demo.example", "client-2")]:
        assert await Vault(service_name(origin, client)).get(CLIENT_SECRET) is None


def test_no_client_id_can_pass_for_another_port():
    assert service_name("https://a", "1:b") != service_name("https://a:1", "b")


async def test_items_of_other_applications_stay_as_they_are(keyring, vault):
    keyring.store(b"mail password", service="mail", username=CLIENT_SECRET, application="mail")
    await Vault(ELSEWHERE).set(CLIENT_SECRET, Secret("of another deployment"))
    await vault.set(CLIENT_SECRET, Secret(WORDS))
    assert await vault.forget() == 1
    assert await vault.get(CLIENT_SECRET) is None
    assert keyring.search("mail") == ["mail password"]
    assert await Vault(ELSEWHERE).get(CLIENT_SECRET) == Secret("of another deployment")


FOREIGN = {
    "typed with another program": b"a plain value",
    "a later version's": b"airisk-tui:2:0:whatever",
    "cut off": b"airisk-tui:1:00000000:kep",
    "our prefix alone": b"airisk-tui:1:",
    "empty inside": b"airisk-tui:1:00000000:",
    "not text": b"\xff\xfe\x00",
}


@pytest.mark.parametrize("value", FOREIGN.values(), ids=FOREIGN)
async def test_a_value_that_is_not_ours_is_ignored_and_forget_removes_it(keyring, vault, value):
    keyring.store(value, service=SERVICE, username=CLIENT_SECRET)
    assert await vault.get(CLIENT_SECRET) is None
    assert await vault.forget() == 1
    assert keyring.search(SERVICE) == []


async def test_forget_removes_every_item_of_the_service_whatever_its_name(keyring, vault):
    await vault.set(CLIENT_SECRET, Secret(WORDS))
    keyring.store(b"one", service=SERVICE, username="another name")
    keyring.store(b"two", service=SERVICE)
    assert await vault.forget() == 3
    assert await vault.forget() == 0
    assert keyring.search(SERVICE) == []


async def test_keeping_takes_the_place_of_values_that_are_not_ours(keyring, vault):
    keyring.store(b"airisk-tui:1:nonsense", service=SERVICE, username=CLIENT_SECRET, application="other")
    keyring.store(b"a plain value", service=SERVICE, username=CLIENT_SECRET, colour="blue")
    await vault.set(CLIENT_SECRET, Secret(WORDS))
    assert await vault.get(CLIENT_SECRET) == Secret(WORDS)
    assert len(keyring.search(SERVICE)) == 1


async def test_two_programs_at_once_leave_one_whole_value(keyring):
    vaults = [Vault(SERVICE) for _ in range(4)]
    secrets = [Secret(f"of program {number}") for number in range(4)]
    keeping = (vault.set(CLIENT_SECRET, secret) for vault, secret in zip(vaults, secrets, strict=True))
    for outcome in await asyncio.gather(*keeping, return_exceptions=True):
        assert outcome is None or isinstance(outcome, VaultError)
    assert await vaults[0].get(CLIENT_SECRET) in secrets
    assert len(keyring.search(SERVICE)) == 1


UNFIT = {
    "empty": ("", "is empty"),
    "too long": ("x" * (MAX_LENGTH + 1), "is too long"),
    "too long in UTF-16": ("🔑" * (MAX_LENGTH // 2 + 1), "is too long"),
    "half a character": ("\ud83d", "contains invalid Unicode"),
}


@pytest.mark.parametrize(("text", "words"), UNFIT.values(), ids=UNFIT)
async def test_a_secret_no_keyring_can_hold_is_refused_before_trying(vault, monkeypatch, text, words):
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with pytest.raises(VaultError, match=f"The secret {words}") as refused:
        await vault.set(CLIENT_SECRET, Secret(text))
    assert not isinstance(refused.value, NoKeyringError)


async def test_the_longest_secret_is_kept(keyring, vault):
    await vault.set(CLIENT_SECRET, Secret("x" * MAX_LENGTH))
    assert await vault.get(CLIENT_SECRET) == Secret("x" * MAX_LENGTH)


ASKING = """if True:
    import asyncio, sys
    from tui.errors import VaultError
    from tui.config.keyring import CLIENT_SECRET, Secret, Vault
    assert not {"keyring", "secretstorage"} & set(sys.modules), "imported before it was needed"
    vault = Vault(sys.argv[1])
    async def story():
        try:
            await vault.set(CLIENT_SECRET, Secret(sys.stdin.read()))
            print(await vault.describe())
        except VaultError as error:
            print(type(error).__name__)
    asyncio.run(story())
    print(sorted({"keyrings", "keyring.backends.null", "bogus", "plain"} & set(sys.modules)))
"""
NAMED = {
    "plain text": "keyrings.alt.file.PlaintextKeyring",
    "the null one": "keyring.backends.null.Keyring",
    "a module that leaves its mark": "plain.Keyring",
    "nothing there is": "bogus.module.Keyring",
}


def ask(environment: dict[str, str], tmp_path) -> str:
    (tmp_path / "plain.py").write_text("import pathlib\npathlib.Path('imported').touch()\nclass Keyring: pass\n")
    command = [sys.executable, "-c", ASKING, SERVICE]
    environment |= {"PYTHONPATH": f"{tmp_path}:{':'.join(filter(None, sys.path))}"}
    done = subprocess.run(
        command, env=environment, cwd=tmp_path, input=WORDS, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.stderr == ""
    assert not (tmp_path / "imported").exists()
    return done.stdout


@pytest.mark.parametrize("backend", NAMED.values(), ids=NAMED)
def test_a_backend_named_in_the_environment_is_not_even_imported(real_keyring, tmp_path, backend):
    environment = real_keyring.environment | {"PYTHON_KEYRING_BACKEND": backend, "LANG": "C.UTF-8"}
    assert ask(environment, tmp_path).splitlines() == [
        "Secret Service (GNOME Keyring, KWallet or KeePassXC, over D-Bus)",
        "[]",
    ]
    assert len(real_keyring.search(SERVICE)) == 1


@pytest.mark.parametrize("backend", NAMED.values(), ids=NAMED)
def test_with_no_secure_keyring_nothing_is_written_and_nothing_named_is_imported(tmp_path, backend):
    home = tmp_path / "home"
    config = home / ".config/python_keyring/keyringrc.cfg"
    config.parent.mkdir(parents=True)
    config.write_text(f"[backend]\ndefault-keyring={backend}\nkeyring-path={tmp_path}\n")
    before = sorted(home.rglob("*"))
    environment = {"HOME": str(home), "PYTHON_KEYRING_BACKEND": backend, "LANG": "C.UTF-8"}
    assert ask(environment, tmp_path).splitlines() == ["NoKeyringError", "[]"]
    assert sorted(home.rglob("*")) == before
