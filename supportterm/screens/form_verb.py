"""One key that says whether a contact form's or a forwarder's mail is the customer's it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportterm.domain import relays
from supportterm.domain.errors import RefusedError
from supportterm.screens import format as shown_as
from supportterm.screens.chosen import ChosenTickets

if TYPE_CHECKING:
    from supportterm.screens.widgets.ticket_pane import TicketPane

_ANSWERS = {"y": "yes", "n": "no", "l": "later"}


class FormVerb(ChosenTickets):
    """Answer the line that asks; also where it was answered before."""

    @property
    def active(self) -> TicketPane:
        """The ticket in hand."""
        raise NotImplementedError

    def action_form(self) -> None:
        """Ask whose the mail of this ticket's form is."""
        from supportterm.screens.asking import Confirm

        relayed = self.console.views.relayed(self.active.key)
        if relayed is None:
            self.say("This ticket did not come through a form or a forward.")
            return
        answers = {
            "y": f"yes: {shown_as.line(relayed.customer.address, 60)} is the customer, now and in its later mail",
            "n": f"no: {shown_as.line(relayed.relay, 60)} writes for itself",
        }
        if relayed.is_trusted is None:
            answers["l"] = "later: do not ask again before the next start"
            detail = "It is asked once for this sender. Yes also lets receipts go out, where they are on."
        else:
            detail = f"So far {relays.in_words(relayed.relay, relayed.is_trusted)}."

        async def ask() -> None:
            if answer := await self.ask_for(Confirm(relays.question(relayed), detail, answers)):
                self.command_form(_ANSWERS[answer])

        self.in_background(ask())

    def command_form(self, argument: str) -> None:
        """Answer by a word: `yes`, `no` or `later`.

        Raises:
            RefusedError: it is none of them.
        """
        from supportterm.desk import relays as deciding

        word = argument.strip().lower()
        if word not in _ANSWERS.values():
            raise RefusedError("Type `form yes`, `form no` or `form later`.")
        key = self.active.key
        relayed = self.console.views.relayed(key)
        if relayed is None:
            self.say("This ticket did not come through a form or a forward.")
        elif word == "later":
            self.console.later_forms.add(relayed.relay)
            self.active.ask_whose()
        else:
            self.perform(lambda desk: deciding.decide(desk, key, trust=word == "yes"))
