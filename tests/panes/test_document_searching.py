"""A person looks for a text in a document: hits are counted, marked, and gone to."""

from tests.panes.document_stage import formatted, reading
from tui.widgets.json_viewer.line_buffer import LineBuffer

PEOPLE = [{"id": number, "name": f"Person {number}", "role": "User" if number % 2 else "admin"} for number in range(60)]


async def test_a_search_goes_to_the_first_hit_while_it_is_typed_and_counts_all() -> None:
    async with reading(formatted(PEOPLE)) as reader:
        await reader.press("slash")
        await reader.type("user")
        await reader.sees("1 of 30")
        assert reader.path == "$[1].role"
        await reader.press("enter")
        await reader.until(lambda: reader.document.has_focus)
        await reader.becomes(lambda: reader.cursor, '"role": "User"')
        await reader.until(lambda: "Next" in reader.footer, "the footer")


async def test_n_goes_round_both_ways_and_says_so() -> None:
    async with reading(formatted(PEOPLE[:6])) as reader:
        await reader.press("slash")
        await reader.type("user")
        await reader.sees("1 of 3")
        await reader.press("enter", "n", "n")
        await reader.sees("3 of 3")
        assert reader.path == "$[5].role"
        await reader.press("n")
        await reader.sees("1 of 3 · continued from the top")
        assert reader.path == "$[1].role"
        await reader.press("N")
        await reader.sees("3 of 3 · continued from the end")
        await reader.press("N")
        await reader.sees("2 of 3")
        await reader.sees_no("again")


async def test_an_upper_case_letter_makes_the_case_matter() -> None:
    async with reading(formatted(["admin", "Admin", "ADMİN"])) as reader:
        await reader.press("slash")
        await reader.sees("(a capital matches case)")
        for text, words in (("admin", "1 of 3"), ("Admin", "1 of 1"), ("ADMIN", "not found")):
            await reader.press("ctrl+u")
            await reader.type(text)
            await reader.sees(words)


async def test_a_hit_in_a_closed_container_opens_what_hides_it_and_no_more() -> None:
    async with reading(formatted({"a": [{"x": ["here"]}, {"y": 1}]})) as reader:
        await reader.press("j", "j", "enter", "left", "left", "j", "k", "C", "slash")
        await reader.type("here")
        await reader.press("enter")
        await reader.becomes(lambda: reader.path, "$.a[0].x[0]")
        await reader.becomes(lambda: reader.cursor, '"here"')


async def test_hits_are_marked_the_current_one_differently() -> None:
    async with reading(formatted(["one two one"])) as reader:
        await reader.press("slash")
        await reader.type("one")
        await reader.press("enter")
        strip = reader.document.render_line(1)
        hits = [segment.style for segment in strip if segment.text == "one"]
        assert [bool(style and style.reverse) for style in hits] == [True, False]
        assert [bool(style and style.underline) for style in hits] == [False, True]
        await reader.press("n")
        hits = [segment.style for segment in reader.document.render_line(1) if segment.text == "one"]
        assert [bool(style and style.reverse) for style in hits] == [False, True]
        await reader.press("escape")
        await reader.until(lambda: all(segment.text != "one" for segment in reader.document.render_line(1)))


async def test_esc_ends_the_search_from_the_field_and_from_the_document() -> None:
    async with reading(formatted(PEOPLE)) as reader:
        for leaving in (["escape"], ["enter", "escape"]):
            await reader.press("slash")
            await reader.type("user")
            await reader.sees("1 of 30")
            await reader.press(*leaving)
            await reader.sees_no("1 of 30")
            assert reader.document.has_focus
            await reader.until(lambda: "Next" not in reader.footer, "the footer")
            await reader.press("n", "g")
            await reader.becomes(lambda: reader.path, "$")


async def test_a_hit_far_to_the_right_is_scrolled_to() -> None:
    async with reading(formatted(["x" * 300 + "needle", "n"])) as reader:
        await reader.press("slash")
        await reader.type("needle")
        await reader.sees('needle"')


async def test_millions_of_hits_are_counted_while_the_keys_still_act() -> None:
    lines = LineBuffer(formatted(["e" * 50] * 100_000))
    async with reading(lines) as reader:
        await reader.press("slash", "e", "enter", "j", "j")
        await reader.becomes(lambda: reader.path, "$[2]")
        await reader.sees("1 of 5,000,000")
