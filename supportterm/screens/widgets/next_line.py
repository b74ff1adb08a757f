"""The next few clocks, whoever they belong to in the list, and how much waits in the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len

from supportterm.domain.ticket import Ticket
from supportterm.screens import format as shown_as
from supportterm.screens.base import DeskScreen
from supportterm.screens.widgets.ticket_row import warning
from supportterm.screens.widgets.words_line import Word, WordsLine, length

_NAME = 18


class NextLine(WordsLine):
    """One line; a click goes to the first of them."""

    def __init__(self) -> None:
        """Begin with no clock."""
        super().__init__()
        self._tickets: Sequence[Ticket] = ()
        self._now: datetime | None = None
        self._outbox = 0
        self._shown: Sequence[Word] = ()

    def show(self, tickets: Sequence[Ticket], now: datetime) -> None:
        """Show the clocks of these tickets as of now."""
        self._tickets, self._now = tickets, now
        self._look_again()

    def count(self, outbox: int) -> None:
        """Show how many mails wait in the outbox."""
        self._outbox = outbox
        self._look_again()

    def tick(self, now: datetime) -> None:
        """Let time pass."""
        self._now = now
        self._look_again()

    def words(self, width: int) -> Sequence[Word]:
        """Return the clocks that fit, and the outbox at the end."""
        waiting = [Word(f"outbox {self._outbox} ", "name" if self._outbox else "plain", "desk.outbox")]
        room = width - length(waiting)
        found = [Word(" next  ")]
        for ticket in self._tickets:
            entry = self._entry(ticket)
            if length(found) + length(entry) > room:
                break
            found += entry
        if len(found) > 1:
            hint = [Word(self._key(), "key", "queue.next-clock"), Word(" go there", "plain", "queue.next-clock")]
            found += hint if length(found) + length(hint) < room else []
        else:
            found.append(Word("no clock is running"))
        return [*found, Word(" " * max(room - length(found), 0)), *waiting]

    def _entry(self, ticket: Ticket) -> list[Word]:
        if self._now is None:
            return []
        name = shown_as.customer(ticket)
        name = name if cell_len(name) <= _NAME else shown_as.fit(name, _NAME).rstrip()
        kind, left = shown_as.due(ticket, self._now)
        warn = warning(ticket, self._now)
        look = "late" if warn == "late" else "warn" if warn else "plain"
        command = "queue.next-clock" if ticket is self._tickets[0] else ""
        return [Word(f"{name} ", "name", command), Word(f"{kind} {left}", look, command), Word("    ")]

    def _key(self) -> str:
        screen = self.screen
        return screen.key_of("queue.next-clock") if isinstance(screen, DeskScreen) else ""

    def _look_again(self) -> None:
        words = self.words(self.size.width) if self.is_attached else ()
        if words != self._shown:
            self._shown = words
            self.refresh()
