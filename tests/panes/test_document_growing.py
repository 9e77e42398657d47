"""A document that grows while somebody reads it."""

from tests.panes.document_stage import formatted, reading

TALK = {
    "messages": [{"id": number, "text": f"Message {number}", "from": {"name": "Zoë"}} for number in range(20)],
    "total": 20,
    "none": {},
}


async def test_what_grows_is_followed_only_from_its_end() -> None:
    async with reading("line 0", is_json=False) as reader:
        for number in range(1, 60):
            reader.view.extend([f"line {number}"])
        await reader.pilot.pause()
        await reader.becomes(lambda: (reader.cursor, reader.line(-1)), ("line 59", "line 59"))
        await reader.press("k")
        reader.view.extend(["line 60", "line 61"])
        await reader.pilot.pause()
        await reader.becomes(lambda: (reader.cursor, reader.line(-1)), ("line 58", "line 59"))
        await reader.press("G")
        reader.view.extend(["x" * 100])
        await reader.pilot.pause()
        await reader.becomes(lambda: reader.line(-1), "x" * 23)
        await reader.becomes(lambda: reader.line(-3), "line 61")


async def test_a_line_that_grows_leaves_the_cursor_and_what_was_found_and_its_end_is_followed() -> None:
    async with reading("", is_json=False) as reader:
        lines = [f"line {number}" for number in range(40)]
        reader.view.renew([*lines, "the e"])
        await reader.becomes(lambda: reader.cursor, "the e")
        reader.view.renew([*lines, "the end"])
        await reader.becomes(lambda: reader.cursor, "the end")
        await reader.press("slash", *"line 7", "enter")
        await reader.becomes(lambda: reader.cursor, "line 7")
        top = reader.line(0)
        reader.view.renew([*lines, "the end of it", "line 77"])
        await reader.pilot.pause()
        await reader.becomes(lambda: (reader.cursor, reader.line(0)), ("line 7", top))
        await reader.press("n")
        await reader.becomes(lambda: reader.cursor, "line 77")


async def test_what_is_typed_into_the_search_stays_whatever_arrives_and_is_looked_for_in_that() -> None:
    async with reading(formatted([1, "user"])) as reader:
        await reader.press("slash", *"us")
        reader.view.show(formatted([1, 2, 3, "user"]), is_json=True)
        await reader.press(*"er")
        await reader.becomes(lambda: reader.path, "$[3]")
        await reader.press("enter")
        await reader.becomes(lambda: (reader.cursor, reader.document.has_focus), ('"user"', True))


async def test_json_that_grows_keeps_its_folds() -> None:
    async with reading(formatted([1, 2])) as reader:
        await reader.press("enter")
        reader.view.extend(formatted({"a": 1}).split("\n"))
        await reader.pilot.pause()
        await reader.becomes(lambda: reader.shown, ["[ 1, 2 ]", "{", '  "a": 1', "}"])
        await reader.press("G", "k")
        await reader.becomes(lambda: reader.path, "$.a")


async def test_the_focus_that_went_elsewhere_is_not_taken_back_by_what_comes() -> None:
    async with reading("line 0", is_json=False) as reader:
        document = reader.view.document
        reader.view.focus_body()
        await reader.until(lambda: document.has_focus, "the focus")
        reader.app.screen.set_focus(None)
        reader.view.show(["line 0", "line 1"], is_json=False)  # before the document has heard of it
        assert reader.app.focused is None
