"""One key that says “I need five minutes”."""

from __future__ import annotations

from supportterm.domain.errors import RefusedError
from supportterm.screens.ticket_changes import TicketChanges


class LaterVerb(TicketChanges):
    """Tell the customer that it takes some minutes; the promise to be back runs from then on."""

    def action_later(self) -> None:
        """Tell them that it takes five minutes."""
        self.command_later("5")

    def command_later(self, argument: str) -> None:
        """Tell them that it takes so many minutes; with `told` behind it they know already.

        Raises:
            RefusedError: it is no number of minutes.
        """
        from supportterm.desk import later

        number, _, rest = argument.partition(" ")
        if not number.isdecimal() or rest.strip() not in ("", "told"):
            raise RefusedError("Type a number of minutes: `later 5`, or `later 5 told` where they know already.")
        key = self.selected()
        if key is not None:
            told = bool(rest.strip())
            self.perform(lambda desk: later.later(desk, key, int(number), told=told))
