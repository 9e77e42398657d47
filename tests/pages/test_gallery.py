"""The gallery shows every screen that the program has, in both themes and without colours."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

import tui.screens
from tools.pages.gallery.__main__ import main
from tools.pages.gallery.camera import LOOKS, Camera
from tools.pages.gallery.opening import first_run
from tools.pages.gallery.walks import WALKS


def test_every_screen_of_the_program_is_shown() -> None:
    for module in pkgutil.iter_modules(tui.screens.__path__):
        import_module(f"tui.screens.{module.name}")
    own = {each for each in _below(Screen) if each.__module__.startswith("tui.")}
    opened = {each for each in own if not set(_below(each)) & own or each in set().union(*WALKS.values())}
    assert opened - set().union(*WALKS.values()) == set()


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


async def test_a_picture_is_taken_in_each_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    camera = Camera((80, 24), tmp_path / "pictures")
    await first_run(camera)
    assert set(camera.taken.values()) == WALKS[first_run]
    for name in camera.taken:
        dark, light, plain = (camera.path(name, look).read_text() for look in LOOKS)
        assert "airisk-tui" not in name
        assert _colours(dark) != _colours(light)
        assert all(red == green == blue for red, green, blue in _parts(plain))
        assert not all(red == green == blue for red, green, blue in _parts(dark))


def _colours(picture: str) -> set[str]:
    """Those of the text, and below it; the frame of the picture has its own."""
    return {part[:7] for part in picture.split('fill="')[1:] if part.startswith("#")}


def _parts(picture: str) -> Iterator[tuple[str, str, str]]:
    for colour in _colours(picture.split('clip-path="url(')[1]):
        yield colour[1:3], colour[3:5], colour[5:7]


def test_an_unknown_walk_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nowhere"]) == 2
    assert "first_run" in capsys.readouterr().err
