"""A screen on which tickets are chosen: the marked ones, the selected one, the open one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from supportterm.domain.ticket import Ticket
from supportterm.screens.base import DeskScreen
from supportterm.screens.commands import Command, Scope

if TYPE_CHECKING:
    from supportterm.desk.context import Desk
    from supportterm.desk.verbs import Change, Done


class ChosenTickets(DeskScreen[None]):
    """What verbs need to know of a screen: on which tickets they act."""

    def chosen(self) -> list[str]:
        """Return the keys of the tickets that verbs act on: the marked ones, else the selected one."""
        raise NotImplementedError

    def selected(self) -> str | None:
        """Return the key of the one ticket under the cursor, or None."""
        return next(iter(self.chosen()), None)

    def open_ticket(self, key: str, message: int | None = None, words: str = "") -> None:
        """Show a ticket, at these words of a message where named; an open ticket's screen may show it in its place."""
        from supportterm.screens.ticket import TicketScreen

        self.app.push_screen(TicketScreen(key, message, words))

    def why_not(self, command: Command) -> str:
        """Say that there is no ticket to act on, where there is none."""
        if command.scope is Scope.TICKET and command.id != "ticket.next" and not self.selected():
            return "There is no ticket here to do that to."
        return ""

    def change_chosen(self, wanted: Change, then: Callable[[Done], object] | None = None) -> None:
        """Change the chosen tickets in one step that one undo takes back."""
        from supportterm.desk import verbs

        keys = self.chosen()
        if not keys:
            return

        def verb(desk: Desk) -> Done:
            return verbs.change(desk, keys[0], wanted) if len(keys) == 1 else verbs.change_many(desk, keys, wanted)

        self.perform(verb, then)

    def _ticket(self) -> Ticket | None:
        key = self.selected()
        return None if key is None else self.console.views.ticket(key)

    def _tickets(self) -> list[Ticket]:
        return self.console.views.tickets(self.chosen())

    def _them(self) -> str:
        keys = self.chosen()
        ticket = self.console.views.ticket(keys[0]) if len(keys) == 1 else None
        return ticket.ref if ticket is not None else f"{len(keys)} tickets"
