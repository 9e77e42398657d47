"""A person reads an answer: moves, closes and opens what is in it, and always knows where they are."""

import gc
import weakref

from textual.events import MouseScrollDown
from textual.filter import Monochrome
from textual.strip import Strip

from tests.panes.document_stage import Reader, formatted, reading
from tui.key_labels import only_moves, words_of
from tui.widgets.json_viewer.line_buffer import LineBuffer
from tui.widgets.json_viewer.text_view import TextView

TALK = {
    "messages": [{"id": number, "text": f"Message {number}", "from": {"name": "Zoë"}} for number in range(20)],
    "total": 20,
    "none": {},
}


async def test_the_cursor_is_seen_and_its_path_told() -> None:
    async with reading(formatted(TALK)) as reader:
        await reader.becomes(lambda: (reader.cursor, reader.path), ("{", "$"))
        await reader.press("j", "j", "down")
        await reader.becomes(lambda: (reader.cursor, reader.path), ('"id": 0,', "$.messages[0].id"))
        await reader.press("k", "up")
        await reader.becomes(lambda: (reader.cursor, reader.path), ('"messages": [', "$.messages"))
        await reader.press("G")
        await reader.becomes(lambda: (reader.cursor, reader.path), ("}", "$"))
        await reader.press("k", "k")
        await reader.becomes(lambda: (reader.cursor, reader.path), ('"total": 20,', "$.total"))
        await reader.press("home")
        await reader.becomes(lambda: reader.cursor, "{")


async def test_pages_turn_with_the_cursor_on_its_row() -> None:
    async with reading(formatted(list(range(200)))) as reader:
        page = reader.document.size.height - 1
        await reader.press("j", "pagedown")
        await reader.becomes(lambda: reader.path, f"$[{page}]")
        await reader.becomes(lambda: reader.line(1), f"  {page},")
        await reader.press("space", "pageup")
        await reader.becomes(lambda: reader.path, f"$[{page}]")
        await reader.press("end", "pagedown", "end")
        await reader.becomes(lambda: reader.line(-1), "]")


async def test_without_the_focus_there_is_no_cursor() -> None:
    async with reading(formatted(TALK)) as reader:
        reader.app.set_focus(None)
        await reader.until(lambda: "›" not in reader.screen, "no cursor")


async def test_enter_closes_and_opens_a_container_from_either_end() -> None:
    async with reading(formatted(TALK)) as reader:
        await reader.press("j", "enter")
        await reader.becomes(
            lambda: reader.shown, ["{", '  "messages": [ 20 items ],', '  "total": 20,', '  "none": {}', "}"]
        )
        await reader.until(lambda: reader.lines[1].startswith("▸›  "))
        await reader.press("enter")
        await reader.becomes(lambda: reader.shown[2:4], ["    {", '      "id": 0,'])
        await reader.until(lambda: reader.lines[1].startswith("▾›  "))
        await reader.press("j", "enter")
        await reader.becomes(lambda: reader.shown[2:4], ["    { id: 0, text: Message 0 · 3 keys },", "    {"])
        await reader.press("G", "k", "k", "k", "enter")
        await reader.becomes(lambda: reader.cursor, '"messages": [ 20 items ],')


async def test_left_closes_then_goes_out_and_right_opens() -> None:
    async with reading(formatted(TALK)) as reader:
        await reader.press("j", "j", "j", "left")
        await reader.becomes(lambda: reader.path, "$.messages[0]")
        await reader.press("left")
        await reader.becomes(lambda: reader.cursor, "{ id: 0, text: Message 0 · 3 keys },")
        await reader.press("left", "left")
        await reader.becomes(lambda: reader.cursor, '"messages": [ 20 items ],')
        await reader.press("right")
        await reader.becomes(lambda: reader.line(2), "    { id: 0, text: Message 0 · 3 keys },")
        await reader.press("j", "right")
        await reader.becomes(lambda: reader.line(3), '      "id": 0,')


async def test_all_are_closed_and_opened_at_once() -> None:
    async with reading(formatted(TALK["messages"])) as reader:
        await reader.press("j", "j", "C")
        await reader.becomes(
            lambda: reader.shown[:3], ["[", *(f"  {{ id: {n}, text: Message {n} · 3 keys }}," for n in range(2))]
        )
        await reader.becomes(lambda: reader.cursor, "{ id: 0, text: Message 0 · 3 keys },")
        await reader.press("E")
        await reader.becomes(lambda: reader.shown[:3], ["[", "  {", '    "id": 0,'])


async def test_a_closed_container_previews_its_first_values() -> None:
    contained = {
        "a": [1],
        "b": {"c": "d"},
        "e": [[]],
        "f": [{"g": 1}],
        "h": {"i": "x" * 40, "j": "y" * 40, "k": "z" * 40},
    }
    async with reading(formatted(contained)) as reader:
        await reader.press("C")
        long = f"i: {'x' * 20}…, j: {'y' * 20}…, k: z… · 3 keys"
        closed = ['"a": [ 1 ],', '"b": { c: d },', '"e": [ [] ],', '"f": [ 1 item ],', f'"h": {{ {long} }}']
        await reader.becomes(lambda: reader.shown, ["{", *(f"  {line}" for line in closed), "}"])


async def test_the_mouse_puts_the_cursor_and_its_mark_folds() -> None:
    async with reading(formatted(TALK)) as reader:
        await reader.pilot.click("#document", offset=(8, 3))
        await reader.becomes(lambda: reader.path, "$.messages[0].id")
        await reader.pilot.click("#document", offset=(0, 2))
        await reader.pilot.pause()
        await reader.becomes(lambda: reader.line(2), "    { id: 0, text: Message 0 · 3 keys },")
        await reader.pilot.click("#document", offset=(8, 20))
        await reader.until(lambda: reader.document.has_focus)
        await reader.pilot._post_mouse_events([MouseScrollDown], "#document", (8, 8))
        await reader.until(lambda: reader.document.scroll_offset.y > 0, "the wheel")


async def test_values_and_paths_are_there_for_whoever_asks() -> None:
    async with reading(formatted({"it's": 'say "hi"\n', "n": 1.50, "l": [None], "e": {}})) as reader:
        told = []
        for _ in range(8):
            told.append((reader.document.path_at_cursor(), reader.document.value_at_cursor()))
            await reader.press("j")
        assert told == [
            ("$", None),
            (r"$['it\'s']", 'say "hi"\n'),
            ("$.n", "1.5"),
            ("$.l", None),
            ("$.l[0]", "null"),
            ("$.l", None),
            ("$.e", "{}"),
            ("$", None),
        ]


async def test_text_has_a_cursor_and_no_paths() -> None:
    async with reading("one\n{\n  two", is_json=False) as reader:
        await reader.press("j", "enter", "C", "E")
        await reader.becomes(lambda: (reader.cursor, reader.path), ("{", ""))
        await reader.until(lambda: reader.document.value_at_cursor() is None)
        await reader.becomes(lambda: reader.shown, ["one", "{", "  two"])
        await reader.until(lambda: "Fold" not in reader.footer, "the footer")


async def test_long_lines_of_text_wrap_or_can_be_scrolled() -> None:
    words = " ".join(f"word{number}" for number in range(40))
    async with reading(f"first\n{words}", is_json=False) as reader:
        assert " ".join(reader.shown[1:]) == words
        await reader.press("G", "w")
        await reader.until(lambda: reader.cursor.startswith("word0 "))
        await reader.press(*["right"] * 32)
        await reader.until(lambda: reader.line(1).endswith("word39"))
        await reader.press(*["left"] * 32)
        await reader.press("w")
        await reader.pilot.resize_terminal(50, 24)
        await reader.pilot.pause()
        await reader.becomes(lambda: " ".join(reader.shown[1:]), words)
        await reader.until(lambda: max(map(len, reader.shown)) <= 47)


async def test_a_long_line_of_json_wraps_under_its_value() -> None:
    words = " ".join(f"word{number}" for number in range(40))
    async with reading(formatted({"a": [words, "last"]})) as reader:
        rows = [row for row in reader.shown if "word" in row]
        assert len(rows) > 1
        assert " ".join(row.strip() for row in rows) == f'"{words}",'
        assert [len(row) - len(row.lstrip()) for row in rows] == [4, *[8] * (len(rows) - 1)]
        await reader.press("j", "j", "j")
        await reader.becomes(lambda: reader.path, "$.a[0]")
        await reader.press("j", "left", "left")
        await reader.becomes(lambda: reader.shown[:3], ["{", '  "a": [ word0 word1 word2 word3…, last ]', "}"])


async def test_a_fold_stays_closed_when_its_lines_wrap_otherwise() -> None:
    async with reading(formatted([{"a": "x" * 300}, {"b": "y" * 300}, 1])) as reader:
        await reader.press("j", "enter")
        await reader.until(lambda: reader.line(1).startswith("  { a: xxx"))
        await reader.press("w")
        await reader.until(lambda: len(reader.shown) == 7, "long lines")
        await reader.press("w", "G", "k", "k")
        await reader.becomes(lambda: reader.path, "$[1]")
        await reader.until(lambda: reader.line(1).startswith("  { a: xxx"))


async def test_a_long_line_of_json_scrolls_beside_its_mark() -> None:
    async with reading(formatted({"a": ["x" * 100 + "the end"]})) as reader:
        await reader.press("w", *["right"] * 10)
        await reader.until(lambda: reader.line(2).endswith('the end"'))
        await reader.until(lambda: reader.lines[1].startswith("▾"))
        await reader.press(*["left"] * 5)
        await reader.becomes(lambda: reader.line(1), '  "a": [')


async def test_every_key_says_what_it_does_and_the_footer_only_the_most_useful() -> None:
    async with reading(formatted(TALK)) as reader:
        own = [
            active
            for active in reader.app.screen.active_bindings.values()
            if active.node in {reader.document, reader.view}
        ]
        ids = [active.binding.id for active in own if not active.binding.action.startswith(("scroll", "page_"))]
        assert all(ids)
        assert all(words_of(active) for active in own)
        moving = {active.binding.id for active in own if only_moves(active)}
        assert {"read_down", "read_up", "read_top", "read_end", "read_page_up", "read_page_down"} <= moving
        await reader.until(lambda: all(word in reader.footer for word in ("Fold", "Search")), "the footer")
        assert "Down" not in reader.footer


async def test_without_colours_the_cursor_is_a_sign_and_bold() -> None:
    async with reading(formatted(TALK)) as reader:
        reader.app._filters.append(Monochrome())
        await reader.press("j")
        [cursor] = [strip for strip in _strips(reader) if "›" in strip.text]
        assert any(segment.style and segment.style.bold and "messages" in segment.text for segment in cursor)


async def test_three_hundred_thousand_lines_are_read_like_ten() -> None:
    lines = LineBuffer(formatted([{"id": number, "text": "x" * 60} for number in range(75_000)]))
    async with reading(lines) as reader:
        await reader.press("G", "k", "k")
        await reader.becomes(lambda: reader.path, "$[74999].text")
        await reader.press("C")
        await reader.until(lambda: reader.shown[-2:] == [f"  {{ id: 74999, text: {'x' * 17}… }}", "]"], "all closed")
        await reader.press("g", "enter")
        await reader.until(lambda: reader.shown == ["[ 75,000 items ]"], "the whole closed")


async def test_only_what_is_seen_is_drawn() -> None:
    lines = LineBuffer(formatted(list(range(300_000))))
    counting = _Counting(id="counting")
    async with reading("[]") as reader:
        await reader.view.mount(counting)
        counting.show(lines, is_json=True)
        counting.focus()
        await reader.press("G", "pageup", "g", "enter", "enter")
        await reader.until(lambda: counting.drawn > 0)
        assert counting.drawn < 12 * counting.size.height


class _Counting(TextView):
    """A document that notes which rows are drawn."""

    drawn = 0

    def render_line(self, y: int) -> Strip:
        self.drawn += 1
        return super().render_line(y)


def _strips(reader: Reader) -> list[Strip]:
    return reader.app.screen._compositor.render_strips()


async def test_a_response_that_takes_the_place_of_a_long_one_leaves_nothing_behind() -> None:
    async with reading("short", is_json=False) as reader:
        long = LineBuffer.of([LONG.format("long")] * 500)
        before = weakref.ref(long)
        reader.view.show(long, is_json=False)
        del long
        reader.view.show(LineBuffer.of([LONG.format("longer")] * 500), is_json=False)  # the first is not yet wrapped
        await reader.until(lambda: reader.line(0).startswith("longer line"), "the second")
        gc.collect()  # also tells of work that was dropped before it had begun
        assert before() is None


LONG = "{} line, and " + "so on, " * 60
