"""`airisk-tui info`: the version, and where files are, without settings and without a look at a secret."""

import json

import tui
from tui.config.keyring import service_name


def test_it_prints_where_files_are(place):
    state, config = place.home / ".local/state/airisk-tui", place.home / ".config/airisk-tui"
    done = place.run("info")
    assert (done.code, done.err) == (0, "")
    lines = dict(line.split(maxsplit=1) for line in done.text.splitlines())
    assert lines["version"] == tui.__version__
    assert lines["config"] == f"{config} (does not exist)"
    assert lines["audit"] == f"{state}/audit/audit.jsonl (does not exist)"
    state.mkdir(parents=True)
    assert f"{state}\n" in place.run("info").text
    facts = json.loads(place.run("info", "--json").out)
    assert (facts["version"], facts["state"]) == (tui.__version__, str(state))
    assert facts["settings"] == str(place.cwd / ".env")
    assert "keyring" in facts["keyring"]


def test_it_names_the_keyring_and_reads_no_secret(place, real_keyring):
    real_keyring.store(b"canary", service=service_name("https://demo.aicrisk.com", "client"), username="client-secret")
    real_keyring.lock()
    done = place.run("info", **real_keyring.environment)
    assert (done.code, done.err) == (0, "")
    assert "keyring   Secret Service" in done.text
    assert "canary" not in done.text
