"""The next few clocks of every kind, and how much waits in the outbox."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.cells import cell_len

from supportterm.domain import calls
from supportterm.domain.clocks import in_words
from supportterm.domain.ledger import OWN, TicketClock
from supportterm.domain.policies import ClockKind
from supportterm.domain.ticket import Ticket
from supportterm.screens import format as shown_as
from supportterm.screens.base import DeskScreen
from supportterm.screens.widgets.words_line import Word, WordsLine, length

_NAME = 18


class NextLine(WordsLine):
    """One line; a click goes to the first of them."""

    def __init__(self, go: str = "queue.next-clock", *, counts: bool = True) -> None:
        """Begin with no clock; `go` is the command that goes to the first, `counts` where the outbox is told."""
        super().__init__()
        self._go = go
        self._clocks: Sequence[tuple[TicketClock, Ticket]] = ()
        self._now: datetime | None = None
        self._outbox = self._late = 0
        self._counts = counts
        self._shown: Sequence[Word] = ()

    def show(self, clocks: Sequence[tuple[TicketClock, Ticket]], now: datetime, late: int = 0) -> None:
        """Show these clocks as of now; of those that are late the first, with how many more of the `late` there are."""
        self._clocks, self._now, self._late = clocks, now, late
        self._look_again()

    def look(self, now: datetime) -> None:
        """Ask the store for the next clocks; two short walks of an index."""
        screen = self.screen
        if isinstance(screen, DeskScreen):
            console = screen.console
            views, now_ms = console.views, int(now.timestamp() * 1000)
            self.show(views.next_clocks(console.me, now_ms), now, views.late_clocks(console.me, now_ms))

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
        waiting = waiting if self._counts else []
        room = width - length(waiting)
        found = [Word(" next  ")]
        for entry in self._entries():
            if length(found) + length(entry) > room:
                break
            found += entry
        if len(found) > 1:
            hint = [Word(self._key(), "key", self._go), Word(" go there", "plain", self._go)]
            found += hint if self._go and length(found) + length(hint) < room else []
        elif self._now is not None:
            found.append(Word("no clock is running"))
        return [*found, Word(" " * max(room - length(found), 0)), *waiting]

    def _entries(self) -> Iterator[list[Word]]:
        now = self._now
        if now is None:
            return
        late = [pair for pair in self._clocks if pair[0].is_late(now)]
        shown = [*late[:1], *(pair for pair in self._clocks if not pair[0].is_late(now))]
        shown.sort(key=lambda pair: pair[0].kind != ClockKind.HOLD)
        for place, (clock, ticket) in enumerate(shown):
            others = max(len(late), self._late) - 1
            more = f" +{others} late" if late and clock is late[0][0] and others else ""
            yield self._entry(clock, ticket, now, more, self._go if place == 0 else "")

    def _entry(self, clock: TicketClock, ticket: Ticket, now: datetime, more: str, command: str) -> list[Word]:
        name = shown_as.line(clock.words, 60) if clock.kind in OWN and clock.words else shown_as.customer(ticket)
        name = name if cell_len(name) <= _NAME else shown_as.fit(name, _NAME).rstrip()
        left = in_words((clock.due_at or now) - now)
        warn = shown_as.pressing(clock.due_at, clock.warns, now)
        look = "late" if warn == "late" else "warn" if warn else "plain"
        sign = {"hurry": " !!", "warn": " !"}.get(warn, "")
        if clock.kind == ClockKind.HOLD:
            timer = f"on hold {calls.spoken(now - clock.started_at)}{sign or (' !!' if look == 'late' else '')}"
            return [Word(f"{name} ", "name", command), Word(f"{timer}{more}", look, command), Word("    ")]
        return [
            Word(f"{name} ", "name", command),
            Word(f"{shown_as.kind(clock.kind)} {left}{sign}{more}", look, command),
            Word("    "),
        ]

    def _key(self) -> str:
        screen = self.screen
        return screen.key_of(self._go) if isinstance(screen, DeskScreen) and self._go else ""

    def _look_again(self) -> None:
        words = self.words(self.size.width) if self.is_attached else ()
        if words != self._shown:
            self._shown = words
            self.refresh()
