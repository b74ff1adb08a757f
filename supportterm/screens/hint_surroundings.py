"""What the hints on a text know besides it: ticket, mails, days of work, what was sent elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from supportterm.domain.errors import SupporttermError

if TYPE_CHECKING:
    from supportterm.desk.hint_facts import Around
    from supportterm.desk.working_days import WorkingDays
    from supportterm.domain.hints.times import Times
    from supportterm.domain.message import Message
    from supportterm.domain.ticket import Ticket
    from supportterm.screens.reply import ReplyScreen


class Surroundings:
    """The surroundings of one screen's text; what does not change while one writes is asked for once."""

    def __init__(self, screen: ReplyScreen) -> None:
        self._screen = screen
        self._days: WorkingDays | None = None
        self._sent: tuple[str, ...] | None = None

    def of(self, ticket: Ticket, conversation: Sequence[Message]) -> Around:
        """Return what stands around a text; short questions to the store."""
        from supportterm.desk.hint_facts import Around
        from supportterm.screens.reply_words import asked_in

        return Around(
            ticket,
            conversation,
            asked_in(conversation),
            sent_elsewhere=self._sent_elsewhere(ticket),
            may_refuse=self._may_refuse(ticket),
        )

    def times(self, ticket: Ticket) -> Times | None:
        """Return the times a suggestion may name; None where the policy's calendar cannot be used."""
        from supportterm.desk import hint_times, working_days

        console = self._screen.console
        if self._days is None:
            try:
                self._days = working_days.of(console.config)
            except SupporttermError:
                return None
        return hint_times.of(self._days, console.now(), ticket.due_at)

    def _sent_elsewhere(self, ticket: Ticket) -> tuple[str, ...]:
        """Return what this customer was told on other tickets, as it was when the writing began."""
        if self._sent is None:
            self._sent = self._screen.console.views.sent_elsewhere(ticket.requester_address, ticket.key)
        return self._sent

    def _may_refuse(self, ticket: Ticket) -> bool:
        """Tell whether this customer may be told that they are served no more."""
        console = self._screen.console
        decided = console.views.refusals(everything=True) if console.config.agent.role != "supervisor" else []
        return console.config.agent.role == "supervisor" or any(
            refusal.address == ticket.requester_address and refusal.decision == "approved" for refusal in decided
        )
