"""A person reads a list as a table: moves from value to value, opens an object, and sees the same as JSON."""

from tests.panes.document_stage import Reader, formatted, reading
from tui.widgets.json_viewer.line_buffer import LineBuffer
from tui.widgets.json_viewer.object_table import ObjectTable
from tui.widgets.json_viewer.objects import find_objects
from tui.widgets.json_viewer.viewer import AlternateView

AGENTS = [
    {"description": f"{'Long words ' * 10}{n}", "id": f"agent-{n}", "tags": ["a", "b"], "name": f"Agent {n}", "size": n}
    for n in range(30)
]


async def test_a_list_is_a_table_with_ids_and_names_first() -> None:
    async with reading(formatted(AGENTS), is_table=True) as reader:
        await reader.sees("agent-3 ", "Agent 3 ", "Long words Lo")
        [heading] = [line for line in reader.lines if "description" in line]
        assert heading.split() == ["id", "name", "description", "size", "tags"]


async def test_the_value_under_the_cursor_has_a_path_and_is_read_whole() -> None:
    async with reading(formatted({"items": AGENTS}), is_table=True) as reader:
        _focus(reader)
        await reader.press("j", "j", "right", "l")
        await reader.sees("$.items[2].description")
        assert reader.view.value_at_cursor() == AGENTS[2]["description"]
        await reader.press("G", "left", "left")
        await reader.sees("$.items[29].id  agent-29")
        await reader.press("right", "right", "right", "right")
        await reader.sees("$.items[29].tags")
        assert (reader.view.value_at_cursor(), reader.view.text_at_cursor().split()) == (
            None,
            ["[", '"a",', '"b"', "]"],
        )


async def test_a_cursor_that_moves_to_a_field_before_the_first_layout_is_there_after_it() -> None:
    async with reading("{}") as reader:
        table = reader.app.query_one(ObjectTable)
        reader.view.show(formatted(AGENTS), is_json=True, objects=find_objects(formatted(AGENTS).encode()))
        assert not table.size
        table.action_cursor_right()
        await reader.sees("$[0].name  Agent 0")


async def test_a_page_turned_before_the_first_layout_is_turned_after_it() -> None:
    async with reading("{}") as reader:
        table = reader.app.query_one(ObjectTable)
        reader.view.show(formatted(AGENTS), is_json=True, objects=find_objects(formatted(AGENTS).encode()))
        assert not table.size
        reader.view.scroll_page(1)
        await reader.until(lambda: "$[0]" not in reader.screen and table.cursor_row > 1, "the next page")


async def test_enter_opens_an_object_and_esc_returns_to_its_row() -> None:
    async with reading(formatted(AGENTS), is_table=True) as reader:
        _focus(reader)
        await reader.press("j", "j", "j", "right", "enter")
        await reader.sees("$[3] ·", '"id": "agent-3"', '"size": 3')
        await reader.press("j", "j", "j")
        await reader.until(lambda: reader.view.path_at_cursor() == "$[3].id", "the path within the whole")
        await reader.press("escape")
        await reader.sees("$[3].name  Agent 3")
        assert reader.app.focused is reader.app.query_one(ObjectTable)


async def test_one_key_goes_from_the_table_to_json_to_the_text_and_back() -> None:
    async with reading(formatted(AGENTS[:2]), is_table=True, raw=AlternateView(lambda: "as received")) as reader:
        _focus(reader)
        await reader.until(lambda: "r JSON" in reader.footer, "the next form")
        await reader.press("r")
        await reader.sees('"id": "agent-0"')
        await reader.until(lambda: "r Raw" in reader.footer, "the next form")
        await reader.press("r")
        await reader.sees("as received")
        await reader.until(lambda: "r Table" in reader.footer, "the next form")
        await reader.press("r")
        await reader.sees("$[0].id  agent-0")


async def test_the_form_that_was_chosen_is_that_of_the_next_list() -> None:
    async with reading(formatted(AGENTS), is_table=True) as reader:
        _focus(reader)
        await reader.press("r")
        await reader.sees('"id": "agent-0"')
        table = reader.app.query_one(ObjectTable)
        reader.view.show(formatted(AGENTS[5:]), is_json=True, objects=table.objects)
        await reader.sees('"id": "agent-5"')


async def test_a_search_is_in_the_text() -> None:
    async with reading(formatted(AGENTS), is_table=True) as reader:
        _focus(reader)
        await reader.press("slash")
        await reader.type("agent-7")
        await reader.press("enter")
        await reader.becomes(lambda: reader.cursor, '"id": "agent-7",')


async def test_a_hundred_thousand_objects_are_read_like_ten() -> None:
    many = LineBuffer(formatted([{"id": number, "name": f"Name {number}"} for number in range(100_000)]))
    async with reading(many, is_table=True) as reader:
        _focus(reader)
        await reader.press("G")
        await reader.sees("$[99999].id  99999")
        await reader.press("pageup", "g")
        await reader.sees("$[0].id  0")


def _focus(reader: Reader) -> None:
    reader.view.focus_body()
