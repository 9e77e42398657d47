"""Wherever a secret may turn up, it does not show itself."""

import copy
import dataclasses
import io
import json
import logging
import pickle

import pytest
from rich.console import Console
from rich.traceback import Traceback

from tui.config.keyring import Secret

WORDS = "s3cret-words"


@dataclasses.dataclass
class Holder:
    name: str
    secret: Secret


SHOWING = {
    "repr": repr,
    "str": str,
    "format": "{}".format,
    "format with a width": "{:>20}".format,
    "f-string with repr": lambda secret: f"{secret!r:>40}",
    "percent": lambda secret: "%s %r" % (secret, secret),  # noqa: UP031 -- as logging does it
    "in a list": lambda secret: str([secret]),
    "in a dataclass": lambda secret: str(Holder("name", secret)),
    "the names it has": lambda secret: str([getattr(secret, "__dict__", {}), dir(secret)]),
}


@pytest.mark.parametrize("show", SHOWING.values(), ids=SHOWING)
def test_it_shows_neither_its_text_nor_its_length(show):
    assert WORDS not in show(Secret(WORDS))
    assert show(Secret(WORDS)) == show(Secret(WORDS * 9)) == show(Secret(""))


def test_only_reveal_gives_the_text():
    assert Secret(WORDS).reveal() == WORDS


COPYING = {
    "pickle": pickle.dumps,
    "old pickle": lambda secret: pickle.dumps(secret, protocol=0),
    "copy": copy.copy,
    "deep copy": copy.deepcopy,
    "the dictionary of a dataclass": lambda secret: dataclasses.asdict(Holder("name", secret)),
    "its state": lambda secret: secret.__getstate__(),
    "json": json.dumps,
    "hash": hash,
    "a subclass": lambda _: type("Open", (Secret,), {}),
}


@pytest.mark.parametrize("take", COPYING.values(), ids=COPYING)
def test_it_cannot_be_taken_along(take):
    with pytest.raises(TypeError) as refused:
        take(Secret(WORDS))
    assert WORDS not in str(refused.value)


def test_equal_when_the_texts_are_and_only_to_a_secret():
    assert Secret("ü\ud83d") == Secret("ü\ud83d")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"


def test_empty_is_false():
    assert Secret("x")
    assert not Secret("")


def test_a_traceback_with_local_variables_does_not_show_it():
    def fail(secret: Secret) -> None:
        held = {"deep": [Holder("name", secret)]}
        raise ValueError(len(held))

    screen = io.StringIO()
    try:
        fail(Secret(WORDS))
    except ValueError as error:
        traceback = Traceback.from_exception(ValueError, error, error.__traceback__, show_locals=True)
        Console(file=screen, width=200).print(traceback)
    shown = screen.getvalue()
    assert "Secret(…)" in shown
    assert WORDS not in shown.replace(f'WORDS = "{WORDS}"', "")


def test_a_log_does_not_show_it(caplog):
    logging.getLogger("any").warning("with %s and %r", Secret(WORDS), Secret(WORDS))
    assert WORDS not in caplog.text
