"""Key bindings that every full screen has."""

from textual.binding import Binding

HELP = Binding("question_mark,f1", "app.help", "Help", key_display="?", id="help", tooltip="Show keys and terms")

COMMANDS = Binding(
    "colon", "app.command_palette", "Commands", show=False, id="commands", tooltip="Find users, endpoints and commands"
)
