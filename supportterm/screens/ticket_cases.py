"""What is one matter and what is none: tickets joined, taken apart, marked as spam."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from supportterm.domain.errors import NotFoundError
from supportterm.domain.ticket import Status, Ticket
from supportterm.screens import format as shown_as
from supportterm.screens.ticket_changes import TicketChanges

if TYPE_CHECKING:
    from supportterm.desk.context import Desk
    from supportterm.desk.verbs import Done

_NAMED = 8


class TicketCases(TicketChanges):
    """Merge, unmerge, spam and block."""

    def action_merge(self) -> None:
        """Join the marked tickets with the one under the cursor, or this one with one that is picked."""
        from supportterm.screens import beside

        into, marked = self._ticket(), [ticket for ticket in self._tickets() if ticket.key != self.selected()]
        if into is None:
            return

        async def ask() -> None:
            if marked:
                await self._merge(marked, into)
            elif (key := await beside.ask(self, into, f"Join {into.ref} with")) is not None:
                target = self.console.views.ticket(key)
                if target is not None:
                    await self._merge([into], target)

        self.in_background(ask())

    def command_merge(self, argument: str) -> None:
        """Join the chosen tickets with the one that is named.

        Raises:
            NotFoundError: none or several are meant.
        """
        found = self.console.views.find(argument)
        if len(found) != 1:
            raise NotFoundError(f"There is no one ticket “{argument}”. Give its reference, like ST-7KQ2F.")
        others = [ticket for ticket in self._tickets() if ticket.key != found[0].key]
        self.in_background(self._merge(others, found[0]))

    async def _merge(self, others: Sequence[Ticket], into: Ticket) -> None:
        from supportterm.desk import merging
        from supportterm.screens.asking import Confirm

        if not others:
            self.say(f"{into.ref} is the same ticket already.")
            return
        names = others[0].ref if len(others) == 1 else f"{len(others)} tickets"
        lines = [_line(ticket) for ticket in others[:_NAMED]]
        lines += [f"and {len(others) - _NAMED} more"] if len(others) > _NAMED else []
        lines += ["", "into", _line(into)]
        whose = {ticket.requester_address.lower() for ticket in (*others, into)}
        if len(whose) > 1:
            lines += ["", f"Careful: {len(whose)} different customers. Answers go to {shown_as.customer(into)}."]
        if await self.ask_for(Confirm(f"Join {names} with {into.ref}?", "\n".join(lines), {"m": "join them"})) is None:
            return
        keys = [ticket.key for ticket in others]

        def joined(_done: Done) -> None:
            self.merged(into.key)

        self.perform(lambda desk: merging.merge(desk, keys, into.ref), joined)

    def merged(self, key: str) -> None:
        """Go on with the ticket that took the others in. The base does nothing."""

    def action_unmerge(self) -> None:
        """Take out again what was joined with the ticket last."""
        from supportterm.desk import merging

        ticket = self._ticket()
        if ticket is not None:
            ref = ticket.ref
            self.perform(lambda desk: merging.unmerge(desk, ref))

    def action_block(self) -> None:
        """Ask whether only the tickets are spam, or their senders or domains are blocked too."""
        from supportterm.desk import blocking
        from supportterm.desk.verbs import Change
        from supportterm.screens.asking import Confirm

        found = self._tickets()
        refs = [ticket.ref for ticket in found]
        people = sorted({ticket.requester_address.lower() for ticket in found if ticket.requester_address})
        hosts = sorted({person.rpartition("@")[2] for person in people})
        who = shown_as.line(people[0] if len(people) == 1 else f"{len(people)} senders", 60)
        host = shown_as.line(f"@{hosts[0]}" if len(hosts) == 1 else f"{len(hosts)} domains", 60)
        answers = {"s": "spam, this once"}
        if people:
            answers |= {"b": f"spam, and block {who}", "d": f"spam, and block everyone at {host}"}
        detail = "Mail of a blocked sender arrives as spam from now on. One undo takes all of it back."

        async def ask() -> None:
            answer = await self.ask_for(Confirm(f"Is {self._them()} spam?", detail, answers))
            if answer == "s":
                self.change_chosen(Change(status=Status.SPAM))
            elif answer is not None:

                def verb(desk: Desk) -> Done:
                    return blocking.block(desk, refs, domain=answer == "d")

                self.perform(verb)

        self.in_background(ask())

    def action_refuse(self) -> None:
        """Ask that the customer be refused for good."""
        self.command_refuse("")

    def command_refuse(self, argument: str) -> None:
        """Ask that the customer be refused for good, with the reason."""
        from supportterm.screens import refusing

        if (ticket := self._ticket()) is not None:
            self.in_background(refusing.ask(self, ticket, argument))


def _line(ticket: Ticket) -> str:
    return f"{ticket.ref}  {shown_as.subject(ticket)}\n    {shown_as.customer(ticket)}  {ticket.requester_address}"
