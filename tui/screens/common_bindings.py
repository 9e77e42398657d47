"""Key bindings that several screens have."""

from textual.binding import Binding

HELP = Binding("question_mark,f1", "app.help", "Help", key_display="?", id="help", tooltip="Show keys and terms")

STOP_ACTING = Binding(
    "x",
    "app.stop_acting",
    "Stop acting",
    id="stop_acting",
    tooltip="Go back to the application's own token",
)

COMMANDS = Binding(
    "colon", "app.command_palette", "Commands", show=False, id="commands", tooltip="Find users, endpoints and commands"
)
