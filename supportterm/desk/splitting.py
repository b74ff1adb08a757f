"""Mails taken out of a ticket: they become one of their own, with a link between both."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.desk.context import Desk
from supportterm.desk.standing import refresh
from supportterm.desk.verbs import Done, find
from supportterm.domain import threads
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.events import EventKind
from supportterm.domain.message import Message
from supportterm.domain.standing import arrived
from supportterm.domain.ticket import MessageKind, Status, Ticket
from supportterm.store import joins, journal, messages, tickets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supportterm.store.database import Session


def split(desk: Desk, named: str, number: int, *, onward: bool = False) -> Done:
    """Make one message of a ticket, or it and those after it, a ticket of their own; one undoable step.

    Raises:
        NotFoundError: no such ticket, or no such message in it.
        RefusedError: nothing would be left in the first ticket.
    """
    now = desk.now()
    with desk.database.write() as session:
        ticket = find(session, named)
        shown = [m for m in messages.load(session, ticket.key) if m.kind is not MessageKind.WITHDRAWN]
        place = next((n for n, message in enumerate(shown) if message.id == number), None)
        if place is None:
            raise NotFoundError(f"{ticket.ref} has no message {number}. `supportterm show --json` lists them.")
        out = shown[place:] if onward else [shown[place]]
        if len(out) == len(shown):
            raise RefusedError(f"Nothing would be left in {ticket.ref}: a split leaves at least one message there.")
        if all(message.kind is MessageKind.NOTE for message in out):
            raise RefusedError("A note stays with what it is about; choose a mail to begin the new ticket.")
        part = _part(session, ticket, out)
        tickets.save(session, [part], with_tags=True)
        joins.separate(session, ticket.key, part.key)
        moved = joins.of_messages(session, ticket.key, [m.id or 0 for m in out])
        joins.move(session, moved, ticket.key, part.key)
        _tell(session, desk, ticket, part, moved["operation"], now)
        pair = [refresh(session, desk.ranking, each, now) for each in (ticket, part)]
        tickets.save(session, pair, with_tags=True)
        mails = "1 message is" if len(out) == 1 else f"{len(out)} messages are"
        return Done(ticket.ref, f"{mails} {part.ref} now", key=part.key)


def _tell(session: Session, desk: Desk, ticket: Ticket, part: Ticket, operations: Sequence[int], now: datetime) -> None:
    told = {"from": ticket.key, "ref": ticket.ref}
    journal.append(session, part.key, EventKind.SPLIT_OFF, told, by=desk.me, at=now)
    became = {"part": part.key, "ref": part.ref, "operations": operations}
    journal.append(session, ticket.key, EventKind.SPLIT, became, by=desk.me, at=now)


def _part(session: Session, ticket: Ticket, out: Sequence[Message]) -> Ticket:
    """Return the new ticket: for who wrote the first of these mails, its status as they left it."""
    root = out[0].message_id or f"body:{out[0].fingerprint}"
    while tickets.resolve(session, [key := threads.ticket_key(root)]):
        root += "+"
    customer = next((m for m in out if m.kind is MessageKind.CUSTOMER), None)
    who = customer.sender if customer else None
    if who and ticket.requester_address in [each.address for each in (customer.reply_to if customer else ())]:
        who = None
    status = Status.NEW
    for message in out:
        status = arrived(status, message.kind, message.intent)
    if status is Status.NEW and ticket.assignee:
        status = Status.OPEN
    return dataclasses.replace(
        ticket,
        key=key,
        ref=threads.reference(key, tickets.references_taken(session, threads.reference(key))),
        subject=next((m.subject for m in out if m.subject), ticket.subject),
        status=status,
        requester_name=who.name if who else ticket.requester_name,
        requester_address=who.address if who else ticket.requester_address,
        lang=(customer.lang if customer else None) or ticket.lang,
        override=None,
        snoozed_until=None,
        history=False,
        follows=ticket.key,
    )
