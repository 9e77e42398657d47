"""`--deployment NAME`: a person's deployments by name, each with its own address, client and secret."""

from pathlib import Path

import pytest

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.shell import Place


def file_of(place: Place) -> Path:
    return place.home / ".config" / "airisk-tui" / "eu.env"


@pytest.fixture
def eu(place: Place, airisk: ForeignAIRisk) -> None:
    """The deployment eu, written down; the environment names another one."""
    file = file_of(place)
    file.parent.mkdir(parents=True)
    settings = (f"AIRISK_URL={airisk.url}", f"CLIENT_ID={airisk.client_id}", f"CLIENT_SECRET={airisk.client_secret}")
    file.write_text("\n".join(settings))
    file.chmod(0o600)
    place.tell(AIRISK_URL="https://other.example", CLIENT_ID="other", CLIENT_SECRET="another secret")


def test_its_file_stands_alone_but_for_the_guards_of_the_environment(place: Place, eu: None) -> None:
    assert "Ada Lovelace" in place.run("users", "--deployment", "eu").text
    done = place.run("request", "POST", "/api/x", "--deployment", "eu", AIRISK_READ_ONLY="yes")
    assert (done.code, "read-only" in done.line) == (7, True)


def test_where_its_secret_is_missing_its_file_is_named_and_not_the_environment(place: Place, eu: None) -> None:
    file = file_of(place)
    file.write_text("\n".join(line for line in file.read_text().splitlines() if "SECRET" not in line))
    told = f"Set CLIENT_SECRET in {file}."
    assert place.run("users", "--deployment", "eu").line.endswith(f" {told}")
    assert place.run("doctor", "--deployment", "eu").err.endswith(f" {told}\n")
    setup = place.run("setup", "--deployment", "eu", stdin=b"a secret that goes nowhere\n")
    assert setup.line.endswith(f" {told.removesuffix('.')} instead.")


def test_an_empty_name_is_refused_and_is_no_other_deployments(place: Place, airisk: ForeignAIRisk) -> None:
    place.reach(airisk)
    for command in (("request", "DELETE", "/api/x", "--deployment", ""), ("--deployment=", "users")):
        done = place.run(*command)
        words = "--deployment is empty. Pass a deployment's name, or omit the option."
        assert (done.code, done.out, done.line) == (2, b"", words)
    assert airisk.requests == []


def test_a_name_that_is_none_is_reported_with_the_nearest(place: Place, eu: None) -> None:
    done = place.run("doctor", "--deployment", "eu2")
    assert (done.code, done.line) == (2, 'Unknown deployment "eu2". Did you mean eu?')
    done = place.run("doctor", "--deployment", "production")
    assert (done.code, done.line) == (2, 'Unknown deployment "production". Saved deployments: eu.')
    done = place.run("doctor", "--deployment", "../eu")
    assert (done.code, "Invalid name for a deployment" in done.line) == (2, True)
    assert "Omit one of them." in place.run("doctor", "--deployment", "eu", "--env-file", "x").line
