"""What an admin sets, rightly and wrongly, and what the program makes of it."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.leaks import told_by
from tests.kit.shaking import unless_refused
from tui.config.keyring import Secret
from tui.config.origin import Origin, parse_origin
from tui.config.settings import NAMES, Settings, read, without_secrets
from tui.errors import SettingsError

CANARY = "c4nary-value"
WHOLE = {"AIRISK_URL": "https://demo.aicrisk.com", "CLIENT_ID": "demo", "CLIENT_SECRET": CANARY}


@pytest.fixture(autouse=True)
def in_an_empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "outer" / "here"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)


def write_env(*lines: str, mode: int = 0o600) -> None:
    Path(".env").write_text("\n".join(lines) + "\n")
    Path(".env").chmod(mode)


# Where they come from


def test_little_is_needed() -> None:
    told = read(WHOLE)
    assert told.settings() == Settings(Origin("https", "demo.aicrisk.com"), "demo")
    assert (told.secret, told.warnings, told.secret_file, told.missing) == (Secret(CANARY), (), None, ())


def test_the_environment_comes_before_the_file() -> None:
    write_env("AIRISK_URL=https://from.file", "CLIENT_ID=from-file", "USER_ID=u-1")
    told = read({"CLIENT_ID": "from-environment", "USER_ID": ""})
    settings = told.settings()
    assert (settings.origin.host, settings.client_id, settings.user_id) == ("from.file", "from-environment", "u-1")


def test_the_env_of_a_directory_above_is_not_read() -> None:
    Path("..", ".env").write_text("CLIENT_ID=theirs\n")
    assert read({}).missing == ("AIRISK_URL", "CLIENT_ID")


def test_a_file_that_is_named_is_read_and_must_be_there(tmp_path: Path) -> None:
    write_env("CLIENT_ID=not-asked-for")
    other = tmp_path / "other"
    with pytest.raises(SettingsError, match="other does not exist"):
        read({}, other)
    other.write_text("CLIENT_ID=asked-for\n")
    assert read({}, other).values["CLIENT_ID"] == "asked-for"


def test_a_directory_or_a_loop_called_env_is_not_passed_over() -> None:
    Path(".env").mkdir()
    with pytest.raises(SettingsError, match=r"\.env is a directory, not a settings file"):
        read(WHOLE)
    Path(".env").rmdir()
    Path(".env").symlink_to(".env")
    with pytest.raises(SettingsError, match=r"\.env is a link"):
        read(WHOLE)


@pytest.mark.parametrize(("mode", "is_warned"), [(0o644, True), (0o640, True), (0o600, False)])
def test_a_client_key_that_others_can_read_is_warned_of(tmp_path: Path, mode: int, is_warned: bool) -> None:
    certificate, key = tmp_path / "us.pem", tmp_path / "us.key"
    certificate.touch(mode=0o644)
    key.touch(mode=0o600)
    key.chmod(mode)
    told = read({"AIRISK_CLIENT_CERT": str(certificate), "AIRISK_CLIENT_KEY": str(key)})
    assert [str(key) in line for line in told.warnings] == [True] * is_warned
    key.unlink()
    assert read({"AIRISK_CLIENT_CERT": str(certificate), "AIRISK_CLIENT_KEY": str(key)}).warnings == ()


def test_other_programs_settings_are_let_be() -> None:
    write_env("HTTPS_PROXY=http://p", "PYTHON_KEYRING_BACKEND=evil", "OPENAI_KEY=x")
    before = dict(os.environ)
    told = read(WHOLE)
    assert dict(os.environ) == before
    assert set(told.values) == set(NAMES) - {"CLIENT_SECRET"}


def test_a_command_for_the_secret_is_split_as_a_shell_would_and_not_taken_from_a_working_directory() -> None:
    command = "pass show 'my airisk' $HOME"
    told = read(WHOLE | {"CLIENT_SECRET_COMMAND": command})
    assert told.settings().secret_command == ("pass", "show", "my airisk", "$HOME")
    write_env(f"CLIENT_SECRET_COMMAND={command}")
    for env_file in (None, Path(".env"), Path.cwd() / ".env"):
        with pytest.raises(SettingsError, match=r"CLIENT_SECRET_COMMAND in .*\.env is not run") as refused:
            read(WHOLE, env_file)
        assert "saved deployment" in refused.value.advice
    Path(".env").rename("staging.env")
    assert read(WHOLE, Path("staging.env")).settings().secret_command[0] == "pass"


@pytest.mark.parametrize("place", ["the environment", ".env"])
def test_a_misspelt_name_is_refused_with_the_nearest_known_one(place: str) -> None:
    misspelt = {"AIRISK_READONLY": CANARY}
    if place == ".env":
        write_env(f"AIRISK_READONLY={CANARY}")
    with pytest.raises(SettingsError) as refused:
        read(WHOLE | (misspelt if place != ".env" else {}))
    assert refused.value.message == f"Unknown setting AIRISK_READONLY in {place}."
    assert refused.value.advice == "Did you mean AIRISK_READ_ONLY?"
    assert CANARY not in told_by(refused.value)


@pytest.mark.parametrize(("mode", "is_warned"), [(0o644, True), (0o640, True), (0o604, True), (0o600, False)])
def test_a_secret_that_others_can_read_is_warned_of(mode: int, is_warned: bool) -> None:
    write_env(f"CLIENT_SECRET={CANARY}", mode=mode)
    told = read({})
    assert told.secret_file == Path(".env")
    assert [("setup --from-env" in line, CANARY in line) for line in told.warnings] == [(True, False)] * is_warned


def test_without_a_secret_anyone_may_read_it() -> None:
    write_env("CLIENT_ID=demo", "CLIENT_SECRET=", mode=0o644)
    assert (read({}).warnings, read({}).secret_file) == ((), None)


def test_a_secret_is_taken_verbatim_from_either_place() -> None:
    secret = "a$HOME${X}#b%20 'c\" \\n"
    assert read(WHOLE | {"CLIENT_SECRET": secret}).secret == Secret(secret)
    write_env("CLIENT_SECRET=a$HOME${X}#b%20%PATH%")
    assert read({}).secret == Secret("a$HOME${X}#b%20%PATH%")


# What is missing or wrong


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "AIRISK_URL and CLIENT_ID are not set."),
        ({"AIRISK_URL": "https://x.example"}, "CLIENT_ID is not set."),
        (WHOLE | {"SINGLE_USER": "true"}, "USER_ID is not set."),
    ],
)
def test_what_is_missing_is_named(given: dict[str, str], missing: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(given).settings()
    assert refused.value.message == missing
    assert refused.value.advice


def test_in_single_user_mode_it_is_said_why_a_user_is_needed() -> None:
    with pytest.raises(SettingsError) as refused:
        read(WHOLE | {"SINGLE_USER": "yes"}).settings()
    assert refused.value.advice.startswith("Single-user mode signs in as this user. Set it in .env")


def test_what_is_missing_can_be_requested_whatever_else_is_wrong() -> None:
    assert read({"SINGLE_USER": "perhaps"}).missing == ("AIRISK_URL", "CLIENT_ID")


def test_a_host_without_a_scheme_is_one_with_https() -> None:
    assert parse_origin("demo.aicrisk.com") == Origin("https", "demo.aicrisk.com")
    assert parse_origin(" demo.aicrisk.com:8443 ") == Origin("https", "demo.aicrisk.com", 8443)


REFUSED = {
    "AIRISK_URL": {
        "http://demo.aicrisk.com": "must use https:// for any host but this machine",
        "http://localhost.evil.example": "must use https:// for any host but this machine",
        "http://192.168.1.1": "must use https:// for any host but this machine",
        f"https://{CANARY}:pw@demo.aicrisk.com": "must not contain a user name or password",
        f"https://{CANARY}@demo.aicrisk.com": "must not contain a user name or password",
        "https://@demo.aicrisk.com": "must not contain a user name or password",
        f"https://demo.aicrisk.com/?x={CANARY}": "must end after the host",
        "https://demo.aicrisk.com/api": "must end after the host",
        "https://demo.aicrisk.com/#x": "must end after the host",
        "demo": "must begin with https://",
        "demo.aicrisk.com/api": "must end after the host",
        "https://": "has no valid host",
        "https://a..b": "has no valid host",
        f"https://{'a' * 64}.example": "has no valid host",
        "https://999.1.1.1": "has no valid host",
        "https://127.1": "has no valid host",
        "https://[v1.foo]": "has no valid host",
        "https://[fe80::1%25eth0]": "has no valid host",
        "https://-x.example": "has no valid host",
        "ftp://demo.aicrisk.com": "must begin with https://",
        "javascript://demo.aicrisk.com": "must begin with https://",
        "https://demo.aicrisk.com:0": "has a port that is not between 1 and 65535",
        "https://demo.aicrisk.com:99999": "has a port that is not between 1 and 65535",
        f"https://demo.aicrisk.com:{CANARY}": "has a port that is not between 1 and 65535",
        "https://[::1": "is not a valid address",
        "https://demo.aicrisk.com\\@evil.example": "contains a character that an address cannot contain",
        "https://demo .aicrisk.com": "contains a character that an address cannot contain",
        "https://démo.example": "contains a character that an address cannot contain",
        "https://demo.aicrisk.com\udcff": "contains a character that an address cannot contain",
    },
    "CLIENT_ID": {"a\nb": "contains an invisible character", "\udcff": "contains an invisible character"},
    "CLIENT_SECRET": {
        f"{CANARY}\n": "contains an invisible character",
        f"{CANARY}\udcff": "contains an invisible character",
    },
    "CLIENT_SECRET_COMMAND": {
        f"op 'read {CANARY}": "has an unclosed quote",
        "op\x07": "contains an invisible character",
    },
    "USER_ID": {"u\x1b[2J": "contains an invisible character"},
    "REDIRECT_URI": dict.fromkeys(
        ["here", "https://x/#frag", "https://x/ y", "https://[x", "https://x:y/", "x:\udcff"], "is not a valid address"
    ),
    "SINGLE_USER": {"perhaps": "must be true or false"},
    "AIRISK_READ_ONLY": {"2": "must be true or false", "ture": "must be true or false"},
    "AIRISK_TIMEOUT": dict.fromkeys(["soon", "0", "-1", "nan", "inf", "1e9"], "must be a number from 0.1 to 3600"),
    "AIRISK_LIST_USERS": dict.fromkeys(
        ["users", "//evil.example/x", "https://evil.example", "/a b"], "is not a valid path"
    ),
    "AIRISK_CA_FILE": {"~nobody-of-that-name/ca.pem": "begins with a ~ that names no home directory"},
    "AIRISK_CLIENT_CERT": {"~nobody-of-that-name/us.pem": "begins with a ~ that names no home directory"},
    "AIRISK_CLIENT_KEY": {"us.key": "is set without a certificate"},
    "AIRISK_PROXY": {
        "proxy:3128": "has no valid host",
        f"socks5://{CANARY}@proxy": "must begin with http:// or https://",
        f"http://u:{CANARY}@pro xy": "contains a character that an address cannot contain",
        f"http://u:{CANARY}@999.1.1.1": "has no valid host",
    },
}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [(name, value, words) for name, values in REFUSED.items() for value, words in values.items()],
)
def test_what_is_wrong_is_refused_by_name_and_not_by_value(name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(WHOLE | {name: value}).settings()
    assert refused.value.message.startswith(f"{name} {words}")
    assert refused.value.advice
    assert CANARY not in told_by(refused.value)


ORIGINS = {
    "https://demo.aicrisk.com/": "https://demo.aicrisk.com",
    " HTTPS://Demo.AICRisk.com:443 ": "https://demo.aicrisk.com",
    "https://demo.aicrisk.com:8443": "https://demo.aicrisk.com:8443",
    "https://xn--dmo-bma.example.": "https://xn--dmo-bma.example.",
    "https://10.0.0.1": "https://10.0.0.1",
    "https://[2001:db8::1]:8443": "https://[2001:db8::1]:8443",
    "http://localhost:8080": "http://localhost:8080",
    "http://127.0.0.2:80": "http://127.0.0.2",
    "http://[::1]": "http://[::1]",
}


@pytest.mark.parametrize(("url", "origin"), ORIGINS.items())
def test_addresses_that_are_understood(url: str, origin: str) -> None:
    assert str(parse_origin(url)) == origin
    assert parse_origin(str(parse_origin(url))) == parse_origin(url)


@given(st.text(max_size=40) | st.from_regex(r"https?://[\x00-\x7f]{0,20}", fullmatch=True))
def test_any_address_is_understood_or_refused(url: str) -> None:
    origin = unless_refused(lambda: parse_origin(url), SettingsError)
    if origin is None:
        return
    assert origin.scheme == "https" or origin.host in {"localhost", "::1"} or origin.host.startswith("127.")
    assert parse_origin(str(origin)) == origin


@given(st.dictionaries(st.sampled_from([*NAMES, "AIRISK_HEADER_X_API_KEY", "PATH"]), st.text(max_size=30)))
def test_any_environment_is_understood_or_refused(environment: dict[str, str]) -> None:
    told = unless_refused(lambda: read(WHOLE | environment), SettingsError)
    settings = told and unless_refused(told.settings, SettingsError)
    if told and settings:
        assert (settings.client_id, settings.user_id) == (told.values["CLIENT_ID"], told.values["USER_ID"])


def test_passwords_are_not_shown_by_what_holds_them() -> None:
    told = read(WHOLE | {"AIRISK_PROXY": f"http://user:{CANARY}@proxy.example:3128", "USER_ID": "u-1"})
    assert CANARY in told.settings().proxy
    assert CANARY not in repr(told) + repr(told.settings()) + str(told.settings())


# Headers


def test_a_header_for_every_request_is_a_secret_wherever_it_is_set() -> None:
    write_env(f"AIRISK_HEADER_X_TENANT={CANARY}-file", f"AIRISK_HEADER_X_API_KEY={CANARY}-file")
    told = read(WHOLE | {"AIRISK_HEADER_X_API_KEY": CANARY, "AIRISK_HEADER_X_NONE": ""})
    assert dict(told.settings().headers) == {"X-Api-Key": Secret(CANARY), "X-Tenant": Secret(f"{CANARY}-file")}
    assert CANARY not in repr(told) + repr(told.settings()) + str(told.values)
    assert "AIRISK_HEADER_X_TENANT from .env" in told.origins
    assert without_secrets({"AIRISK_HEADER_X_API_KEY": CANARY, "PATH": "/bin"}) == {"PATH": "/bin"}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("AIRISK_HEADER_", CANARY, "AIRISK_HEADER_ does not name a header"),
        ("AIRISK_HEADER_X__Y", CANARY, "does not name a header"),
        ("AIRISK_HEADER_AUTHORIZATION", CANARY, "only airisk-tui may set, Authorization"),
        ("AIRISK_HEADER_X_API_KEY", f"{CANARY}\r\nX: y", "an invisible character"),
        ("AIRISK_HEADER_X_API_KEY", f"{CANARY}\u20ac", "a header cannot contain"),
    ],
)
def test_what_cannot_be_sent_as_a_header_is_refused_by_its_name(name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(words)) as refused:
        read(WHOLE | {name: value}).settings()
    assert CANARY not in told_by(refused.value)


def test_a_secret_that_was_found_elsewhere_takes_the_place_of_the_one_that_was_set() -> None:
    told = read(WHOLE)
    found = told.with_secret(Secret("kept words"), "the keyring")
    assert (found.secret, found.secret_from) == (Secret("kept words"), "the keyring")
    assert (found.settings(), told.secret) == (told.settings(), Secret(CANARY))
    assert "kept words" not in repr(found)


def test_durations_may_have_a_unit() -> None:
    given = {"AIRISK_URL": "https://demo.aicrisk.com", "CLIENT_ID": "c"}
    settings = read(given | {"AIRISK_TIMEOUT": "1500ms", "AIRISK_ACT_MINUTES": "2h"}).settings()
    assert (settings.timeout, settings.act_minutes) == (1.5, 120)
    settings = read(given | {"AIRISK_TIMEOUT": "45", "AIRISK_ACT_MINUTES": "90"}).settings()
    assert (settings.timeout, settings.act_minutes) == (45, 90)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("AIRISK_TIME_OUT", "Did you mean AIRISK_TIMEOUT?"),
        ("AIRISK_CLIENT_ID", "Did you mean CLIENT_ID?"),
        ("AIRISK_RO", "`man airisk-tui` lists all settings."),
    ],
)
def test_only_a_name_that_is_near_is_suggested(name: str, advice: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read({name: "x"})
    assert refused.value.advice == advice
