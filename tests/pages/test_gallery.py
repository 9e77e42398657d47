"""The gallery has each state in both themes and without colours."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.gallery.camera import surroundings
from tests.kit.gallery.walks import WALKS
from tools.pages.gallery import LOOKS, Painting, main


async def test_a_picture_is_taken_in_each_look(tmp_path: Path) -> None:
    for look in LOOKS:
        with surroundings(look):
            await WALKS["first_run"](Painting((80, 24), look, tmp_path))
    for name in ("first-run", "first-run-lacking"):
        dark, light, plain = ((tmp_path / "80x24" / f"{name}.{look}.svg").read_text() for look in LOOKS)
        assert set(_colours(dark)).isdisjoint(_colours(light))
        assert all(red == green == blue for red, green, blue in _colours(plain))
        assert not all(red == green == blue for red, green, blue in _colours(dark))


def _colours(picture: str) -> Iterator[tuple[str, str, str]]:
    """Those of the text, and below it; the frame of the picture has its own."""
    return iter(re.findall(r'fill="#(..)(..)(..)', picture.split('clip-path="url(')[1]))


def test_an_unknown_walk_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nowhere"]) == 2
    assert "first_run" in capsys.readouterr().err
