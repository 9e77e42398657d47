"""Text from outside in the widgets that show it: seen as it is, and never obeyed."""

from rich.text import Text
from textual.app import App, ComposeResult
from textual.widgets import DataTable, Static

from tui.text import clean, to_content

HOSTILE = "[/] [@click=app.mark]x[/] \x1b]52;c;eA==\x07\n[b]bold\u202e"
VISIBLE = "[/] [@click=app.mark]x[/] ␛]52;c;eA==␇⏎[b]bold<U+202E>"


class Shown(App[None]):
    """Shows hostile text in a Static and in a table."""

    marked = 0

    def compose(self) -> ComposeResult:
        yield Static(to_content(HOSTILE, "bold"))
        yield DataTable()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("name", "next")
        # Of Content the table does not measure the width.
        table.add_row(Text(clean(HOSTILE)), "end")

    def action_mark(self) -> None:
        self.marked += 1


async def test_hostile_text_is_seen_on_the_screen_and_clicking_it_does_nothing():
    app = Shown()
    async with app.run_test(size=(100, 10)) as pilot:
        await pilot.pause()
        lines = ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]
        assert lines[0].rstrip() == VISIBLE
        assert lines[2].split() == [*VISIBLE.split(), "end"]
        for x in (0, 1, 4, 12, 21):
            await pilot.click(Static, offset=(x, 0))
        assert app.marked == 0
