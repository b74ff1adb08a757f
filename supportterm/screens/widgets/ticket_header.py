"""The head of an open ticket: reference and subject, status, priority and whose it is, its clock."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from supportterm.domain import clocks, problem
from supportterm.domain.ticket import Ticket
from supportterm.screens import format as shown_as


class TicketHeader(Widget):
    """One line; the subject gives way first, the clock never."""

    DEFAULT_CSS = """
    TicketHeader { height: 1; background: $surface; color: $foreground; }
    TicketHeader > .header--ref { color: $accent; }
    TicketHeader > .header--quiet { color: $quiet; }
    TicketHeader > .header--subject { text-style: bold; }
    TicketHeader > .header--near { color: $warning; }
    TicketHeader > .header--late { color: $error; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"header--{n}" for n in ("ref", "quiet", "subject", "near", "late")}

    def __init__(self) -> None:
        super().__init__()
        self._ticket: Ticket | None = None
        self._shown: tuple[object, ...] = ()
        self._me = ""
        self._now: datetime | None = None

    def show(self, ticket: Ticket | None, now: datetime, me: str) -> None:
        """Show a ticket as of now; draws only where something changed."""
        self._ticket, self._me, self._now = ticket, me, now
        shown = (ticket, ticket and clock_words(ticket, now))
        if shown != self._shown:
            self._shown = shown
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width, base, ticket, now = self.size.width, self.rich_style, self._ticket, self._now
        if ticket is None or now is None or y:
            return Strip.blank(width, base)
        clock, urgency = clock_words(ticket, now)
        ref = f" {ticket.ref.removeprefix('ST-')}  "
        facts = self._facts(ticket, now, width)
        right = cell_len(clock) + (2 if clock else 1)
        room = width - cell_len(ref) - cell_len(facts) - right - 3
        if room < 16:
            facts, room = "", width - cell_len(ref) - right - 1
        subject = shown_as.fit(shown_as.subject(ticket), max(room, 4))
        segments = [
            Segment(ref, base + self._part("ref")),
            Segment(subject, base + self._part("subject")),
            Segment(f"  {facts} " if facts else " ", base + self._part("quiet")),
            Segment(f" {clock}" if clock else "", base + self._part(urgency or "quiet")),
        ]
        return Strip(segments).adjust_cell_length(width, base)

    def _facts(self, ticket: Ticket, now: datetime, width: int) -> str:
        whose = "yours" if ticket.assignee == self._me else shown_as.line(ticket.assignee or "nobody's", 40)
        words = [ticket.status.value, whose]
        if width >= 76:
            words.insert(1, ticket.effective_priority.word)
        if ticket.problem is not None:
            words.append(problem.named(ticket.problem))
        if ticket.snoozed_until is not None and ticket.snoozed_until > now:
            words.append(f"snoozed until {shown_as.when(ticket.snoozed_until, now)}")
        return " · ".join(words)

    def _part(self, name: str) -> Style:
        found = self.get_component_rich_style(f"header--{name}")
        return Style(color=found.color, bold=found.bold)


def clock_words(ticket: Ticket, now: datetime) -> tuple[str, str]:
    """Return the clock in words, `reply late 4 min`, and `late`, `near` or nothing for how pressing it is."""
    if ticket.due_at is None:
        return "", ""
    pressing = shown_as.pressing(ticket.due_at, ticket.due_warnings, now)
    words = f"{shown_as.kind(ticket.due_kind)} {clocks.in_words(ticket.due_at - now)}"
    return words, pressing if pressing in ("", "late") else "near"
