"""Notes that name this agent: told once, on the console they sit at."""

from __future__ import annotations

from dataclasses import dataclass

from supportterm.desk.context import Desk
from supportterm.domain.ticket import MessageKind, Ticket
from supportterm.store import mentions, messages, tickets


@dataclass(frozen=True, slots=True)
class Named:
    """A note that names this agent: who wrote it, what, and on which ticket."""

    ticket: Ticket
    by: str
    text: str


def claim(desk: Desk) -> list[Named]:
    """Return the notes to tell now, the oldest first, and remember that they are told; those taken back are none."""
    told = []
    with desk.database.write() as session:
        for number in mentions.claim(session, desk.me):
            note = messages.get(session, number)
            if note is None or note.kind is not MessageKind.NOTE:
                continue
            ticket = tickets.load(session, [note.ticket_key]).get(note.ticket_key)
            if ticket is not None:
                told.append(Named(ticket, note.sender.name or note.author or "", note.text))
    return told
