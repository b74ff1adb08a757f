"""What the worker does by itself once a clock has warned: triggers, and the commands they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportterm.desk.trigger_commands import TriggerCommands

if TYPE_CHECKING:
    from supportterm.desk.context import Desk


class Vigil:
    """Looks at the warnings between two pieces of the worker's work."""

    def __init__(self) -> None:
        self._commands = TriggerCommands()
        self._is_first = True

    def look(self, desk: Desk) -> None:
        """Carry out the triggers of what has warned; an indexed look where nothing has."""
        from supportterm.desk import triggering

        if triggering.look(desk) or self._is_first:
            self._is_first = False
            self._commands.look(desk)

    async def close(self) -> None:
        """End what runs."""
        await self._commands.close()
