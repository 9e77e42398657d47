"""A person binds keys as they like, by a file; what cannot be done is told by its line, and changes nothing."""

from pathlib import Path

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import opened
from tui.app import AIRiskApp
from tui.keymap import read_keymap
from tui.screens.places import bindings, places


def write(directory: Path, text: str) -> Path:
    path = directory / "airisk-tui" / "keys.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


async def test_keys_are_bound_anew_and_told_everywhere(tmp_path: Path) -> None:
    write(tmp_path, 'vim = false\nopen_history = ["ctrl+y", "H"]\nfilter = ["/", "f7"]\nmatrix = "x"\n')
    with ForeignAIRisk() as server:
        async with opened(server) as person:
            await person.sees("line 4: x for matrix is also the key of stop_acting (Users).")
            await person.press("escape")
            await person.sees("3 users")
            assert "^y History" in person.footer
            await person.press("j")
            assert "▸ u-1" in person.row("Ada Lovelace")
            await person.press("down")
            assert "▸ u-2" in person.row("Grace Hopper")
            await person.press("question_mark")
            await person.type("what was asked")
            await person.sees("^y H")
            await person.press("escape", "escape", "h")
            await person.sees_no("Esc closes")
            assert "History ─" not in person.screen
            await person.press("H")
            await person.sees("Nothing was asked yet")
            await person.press("escape", "enter")
            await person.bar_says("ACTING AS Grace")
            await person.press("x")
            await person.bar_says("GENERIC")


def test_each_line_that_cannot_be_followed_is_named(tmp_path: Path) -> None:
    write(tmp_path, '# mine\nmatirx = "M"\n\nmatrix = 5\nhelp = "wheel"\nvim = "no"\n"quit" = "ctrl+e"\ncopy = "Y"\n')
    keymap = read_keymap(AIRiskApp)
    assert [fault.removeprefix("line ") for fault in keymap.faults] == [
        "2: matirx is no action. Did you mean matrix?",
        "4: matrix has no key: write one in quotes, or several in brackets.",
        "5: 'wheel' is not a key; it looks like x, ctrl+x, f6 or enter.",
        "6: vim is neither true nor false.",
        "7: ctrl+e for quit is also the key of choose_deployment (Users).",
    ]
    assert keymap.keys == {"copy": "Y"}


def test_two_actions_may_change_places(tmp_path: Path) -> None:
    write(tmp_path, 'matrix = "h"\nopen_history = "m"\n')
    assert read_keymap(AIRiskApp).keys == {"matrix": "h", "open_history": "m"}


def test_without_the_letters_of_vi_everything_still_has_a_key(tmp_path: Path) -> None:
    write(tmp_path, "vim = false")
    keys = read_keymap(AIRiskApp).keys
    assert {"cursor_down", "cursor_up", "scroll_top", "read_right", "choice_down", "past_up"} <= set(keys)
    assert all(keys.values())
    assert not {key for each in keys.values() for key in each.split(",")} & set("jkgGhl")


async def test_a_file_that_is_no_toml_is_told_and_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, "vim = [")
    with ForeignAIRisk() as server:
        async with opened(server) as person:
            await person.sees("Invalid value")
            await person.press("escape")
            await person.sees("3 users")
            await person.press("j")
            assert "▸ u-2" in person.row("Grace Hopper")
    assert path.exists()


def test_the_list_of_places_knows_every_key_of_the_program() -> None:
    from tests.screens.test_ways_in import _classes

    bound = {each.id for node in _classes() for each in vars(node).get("BINDINGS", ())}
    assert bound - set(bindings(AIRiskApp)) == set()
    assert len({place.name for place in places(AIRiskApp)}) == len(list(places(AIRiskApp)))
