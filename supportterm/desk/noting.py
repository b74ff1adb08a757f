"""An internal note: written in the caller's transaction, taken back in another."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.desk.context import Desk
from supportterm.domain import folding
from supportterm.domain.events import Event, EventKind
from supportterm.domain.mail import Address
from supportterm.domain.mentions import mentioned
from supportterm.domain.message import Message
from supportterm.domain.text import clean_body
from supportterm.domain.ticket import MessageKind, Ticket
from supportterm.store import journal, mentions, messages

if TYPE_CHECKING:
    from supportterm.store.database import Session


def write(session: Session, desk: Desk, ticket: Ticket, text: str, now: datetime, *, by: str = "") -> Event:
    """Write a note on a ticket and return the event that says so; `payload["message"]` is the note's id.

    `by` is who wrote it where that is not this agent.
    """
    body = clean_body(text).strip()
    name = by or desk.config.agent.name
    message = Message(
        id=messages.next_id(session),
        kind=MessageKind.NOTE,
        at=now,
        fingerprint=hashlib.sha256(f"note\0{by or desk.me}\0{now.isoformat()}\0{body}".encode()).hexdigest(),
        ticket_key=ticket.key,
        sender=Address(name, ""),
        text=body,
        reply_text=body,
        author=by or desk.me,
    )
    messages.insert(session, [message])
    messages.index(session, [(message.id or 0, "", folding.fold(body), folding.fold(name))])
    payload: dict[str, object] = {"message": message.id, "text": body}
    if named := mentioned(body):
        mentions.add(session, message.id or 0, named, by or desk.me, now)
        payload["mentions"] = list(named)
    return journal.append(session, ticket.key, EventKind.NOTED, payload, by=by or desk.me, at=now)


def withdraw(session: Session, desk: Desk, ticket: Ticket, number: int, event: str, now: datetime) -> Message | None:
    """Take back a note and return it as it was, or None where it is gone; `event` is the id of its `noted` event."""
    message = messages.get(session, number)
    messages.withdraw(session, number)
    payload = {"message": number, "text": message.text if message else ""}
    journal.append(session, ticket.key, EventKind.NOTE_WITHDRAWN, payload, by=desk.me, at=now, undoes=event)
    return message
