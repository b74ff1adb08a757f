"""What happened while an agent was away, kind by kind, each kind with the tickets it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from supportterm.domain.query import TERMS
from supportterm.domain.saved_views import SavedView
from supportterm.domain.ticket import Ticket


class News(StrEnum):
    """What happened, in the order it is shown."""

    NEW = "new"
    WROTE = "wrote again"
    BREACHED = "past their time"
    STOPPED = "bounced or stopped"
    ANSWERED = "answered by colleagues"
    MENTIONED = "notes that name you"
    PROMISED = "promises due"


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of news; `remarks` says a word about a ticket by its key: who answered, what was promised."""

    news: News
    tickets: tuple[Ticket, ...]
    remarks: dict[str, str]

    @property
    def view(self) -> SavedView:
        """Return the view that shows just these tickets, as many as a query has room for."""
        refs = ",".join(ticket.ref for ticket in self.tickets[:TERMS])
        title = f"Since you left: {self.news}"
        empty = "These tickets are gone. {now} shows what presses."
        return SavedView(f"since-{self.news.name.lower()}", title, f"ref:{refs}", title, "Since", empty)


def in_words(lines: Sequence[Line]) -> str:
    """Say it on one line: `3 new, 1 past their time`."""
    return ", ".join(f"{len(line.tickets)} {line.news}" for line in lines)
