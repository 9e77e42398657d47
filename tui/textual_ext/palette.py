"""Command palette in which Enter selects a match of what is typed."""

from contextlib import suppress

from textual import command, work
from textual.worker import Worker, WorkerError


class CommandPalette(command.CommandPalette):
    """Palette that selects once its search is over.

    Until then, Textual shows the matches of an earlier text, and Enter would run the first of them.
    """

    def _action_command_list(self, action: str) -> None:
        if action == "select" and self._searches():
            self._select_when_found()
        else:
            super()._action_command_list(action)

    @work(group="select_when_found", exclusive=True)
    async def _select_when_found(self) -> None:
        text = self.query_one(command.CommandInput).value
        while searches := self._searches():
            with suppress(WorkerError):
                await searches[0].wait()
        if self.is_current and self.query_one(command.CommandInput).value == text:
            self._select_or_command()

    def _searches(self) -> list[Worker[object]]:
        group = self._GATHER_COMMANDS_GROUP
        return [each for each in self.workers if each.node is self and each.group == group and not each.is_finished]
