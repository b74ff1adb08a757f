"""What an agent does to tickets, alike in the queue and in an open ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportterm.domain import saved_views
from supportterm.screens import format as shown_as
from supportterm.screens.later_verb import LaterVerb
from supportterm.screens.macro_verbs import MacroVerbs
from supportterm.screens.problem_verbs import ProblemVerbs
from supportterm.screens.promise_verbs import PromiseVerbs
from supportterm.screens.reminders import Reminders
from supportterm.screens.ticket_cases import TicketCases

if TYPE_CHECKING:
    from supportterm.screens.reply import Mode, ReplyScreen
    from supportterm.screens.why import Evidence

_PAGE = 50


class TicketVerbs(TicketCases, Reminders, PromiseVerbs, LaterVerb, MacroVerbs, ProblemVerbs):
    """Write on a ticket, say why it stands where it stands, copy of it, go on to the next; and change it."""

    def action_reply(self) -> None:
        """Write to the customer."""
        from supportterm.screens.reply import Mode

        self._write(Mode.REPLY)

    def action_reply_all(self) -> None:
        """Write to the customer and everyone on their mail."""
        from supportterm.screens.reply import Mode

        self._write(Mode.REPLY_ALL)

    def action_forward(self) -> None:
        """Send the conversation to somebody else."""
        from supportterm.screens.reply import Mode

        self._write(Mode.FORWARD)

    def action_note(self) -> None:
        """Write a note that stays inside."""
        from supportterm.screens.reply import Mode

        self._write(Mode.NOTE)

    def _write(self, mode: Mode) -> None:
        from supportterm.screens.reply import ReplyScreen

        key = self.selected()
        if key is not None:
            screen: ReplyScreen = ReplyScreen(key, mode)
            self.app.push_screen(screen)

    def action_why(self) -> None:
        """Say why the ticket stands where it stands."""
        from supportterm.domain import receipts
        from supportterm.screens.why import WhyScreen

        ticket = self._ticket()
        if ticket is not None:
            from supportterm.desk import explaining

            views, now = self.console.views, self.console.now()
            steps = explaining.of_ticket(
                views, self.console.config, ticket, now, lambda instant: shown_as.when(instant, now)
            )
            receipt = receipts.in_words(views.events(ticket.key))
            why = WhyScreen(ticket, views.messages(ticket.key), steps, now, receipt)
            self.app.push_screen(why, lambda evidence: self._to_evidence(ticket.key, evidence))

    def _to_evidence(self, key: str, evidence: Evidence | None) -> None:
        """Show the ticket at the words a reason rests on, marked."""
        if evidence is not None:
            self.open_ticket(key, evidence.message, evidence.words)

    def action_copy(self) -> None:
        """Copy the reference, the address or the customer's name."""
        from supportterm.screens.asking import Choice, Pick

        ticket = self._ticket()
        if ticket is None:
            return
        offered = [
            (ticket.ref, "reference"),
            (shown_as.line(ticket.requester_address), "address"),
            (shown_as.line(ticket.requester_name), "customer"),
            (shown_as.line(ticket.subject), "subject"),
        ]
        choices = [Choice(words, words, remark) for words, remark in offered if words]

        async def ask() -> None:
            words = await self.ask_for(Pick("Copy", choices))
            if words is not None:
                self.app.copy_to_clipboard(words)
                self.say(f"Copied {words}")

        self.in_background(ask())

    def action_next(self) -> None:
        """Open the most pressing ticket that is not this one and was not gone past."""
        key = self.most_pressing()
        if key is None:
            self.say("Nothing else presses.")
            return
        here = self._ticket()
        if here is not None:
            self.console.passed[here.key] = here.updated_at
            if here.status.is_ours:
                from supportterm.screens.stuck import went_past

                self.in_background(went_past(self, here), opens=False)
        self.open_ticket(key)

    def most_pressing(self) -> str | None:
        """Return the ticket to take next: those gone past come again once they change, or when nothing else is left."""
        passed, here = self.console.passed, self.selected()
        view = saved_views.VIEWS[0]
        where = self.console.where(view.query)
        again: str | None = None
        for offset in range(0, len(passed) + _PAGE, _PAGE):
            page = self.console.views.queue(where, _PAGE, offset)
            for ticket in page:
                if ticket.key == here:
                    continue
                if passed.get(ticket.key) != ticket.updated_at:
                    return ticket.key
                again = again or ticket.key
            if len(page) < _PAGE:
                break
        passed.clear()
        return again
