"""A mail that a trigger sends to the address its configuration names: never to a customer, never without a limit."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from supportterm.config import Trigger
from supportterm.desk.context import Desk
from supportterm.desk.receipts import NULL_SENDER
from supportterm.domain import folding
from supportterm.domain.mail import Address
from supportterm.domain.message import Message
from supportterm.domain.operations import Operation, OperationKind, Recipient, State
from supportterm.domain.text import clean
from supportterm.domain.ticket import MessageKind, Ticket
from supportterm.domain.triggers import BY
from supportterm.domain.warned import Warned
from supportterm.mail.compose import ComposeError, Outgoing, compose, make_message_id, wire_address
from supportterm.store import messages, operations, tickets, warned

if TYPE_CHECKING:
    from supportterm.store.database import Session

_HOUR = timedelta(hours=1)
_SUBJECT = 100


def queue(session: Session, desk: Desk, ticket: Ticket, trigger: Trigger, one: Warned, now: datetime) -> str:
    """Queue the mail of a trigger in the caller's transaction, and say what became of it.

    It is kept on the ticket as a note, so that its copy in Sent is known when it is read.
    """
    to = trigger.mail
    if _is_the_customers(session, desk, ticket, to):
        return f"{to} was not written to: a customer is never told by a trigger"
    limit = desk.config.trigger_commands.mails_per_hour
    if warned.mails_since(session, now - _HOUR) >= limit:
        return f"{to} was not written to: {limit} mails of triggers went out within the hour"
    mailbox = desk.config.mailbox
    subject = clean(f"[{ticket.ref}] {one.in_words}: {clean(ticket.subject, _SUBJECT)}", 2 * _SUBJECT)
    mail = Outgoing(
        sender=Address(mailbox.name, mailbox.address),
        to=(Address("", to),),
        subject=subject,
        text=_text(trigger, one, ticket),
        message_id=make_message_id(mailbox.address.rpartition("@")[2], secrets.token_hex(16)),
        date=now,
        auto_submitted=True,
    )
    try:
        address, raw = wire_address(to), compose(mail)
    except ComposeError as error:
        return f"{to} was not written to: {error}"
    packed = messages.pack(raw)
    text = f"Mailed to {to}:\n\n{mail.text}"
    written = Message(
        id=messages.next_id(session),
        kind=MessageKind.NOTE,
        at=now,
        fingerprint=hashlib.sha256(b"sent\0" + mail.message_id.encode()).hexdigest(),
        ticket_key=ticket.key,
        message_id=mail.message_id,
        sender=Address(BY, ""),
        to=mail.to,
        subject=subject,
        sent_at=now,
        text=text,
        reply_text=text,
        raw=packed[0],
        author=BY,
        joined_by="sent by itself",
    )
    messages.keep_sources(session, [packed])
    messages.insert(session, [written])
    messages.index(session, [(written.id or 0, "", folding.fold(text), folding.fold(BY))])
    tickets.mention(session, [(mail.message_id, ticket.key)])
    operations.add(
        session,
        Operation(
            ticket_key=ticket.key,
            kind=OperationKind.NOTICE,
            state=State.QUEUED,
            created_at=now,
            updated_at=now,
            not_before=now,
            next_attempt_at=now,
            message=written.id,
            message_id=mail.message_id,
            payload={"raw": packed[0], "from": NULL_SENDER, "by": BY, "trigger": trigger.name},
            base_at=now,
            recipients=(Recipient(address),),
        ),
    )
    return f"{to} is written to"


def _is_the_customers(session: Session, desk: Desk, ticket: Ticket, to: str) -> bool:
    """Tell whether somebody outside the team takes part in the conversation under this address."""
    wanted = to.lower()
    if wanted == ticket.requester_address.lower():
        return True
    if desk.people.is_team(wanted):
        return False
    outside = [m for m in messages.load(session, ticket.key) if m.kind in (MessageKind.CUSTOMER, MessageKind.REPLY)]
    return any(wanted == a.address.lower() for m in outside for a in (m.sender, *m.reply_to, *m.to, *m.cc))


def _text(trigger: Trigger, one: Warned, ticket: Ticket) -> str:
    due = f"{one.due_at:%Y-%m-%d %H:%M} UTC" if one.due_at else "-"
    lines = [
        f"{ticket.ref}: {one.in_words}.",
        "",
        f"Due:       {due}",
        f"Subject:   {clean(ticket.subject, _SUBJECT)}",
        f"Priority:  {ticket.priority.word}",
        f"With:      {ticket.assignee or 'nobody'}",
    ]
    if one.words:
        lines.append(f"Promised:  {clean(one.words, _SUBJECT)}")
    lines += ["", f"supportterm sent this by itself: the trigger “{trigger.name}” of its configuration asks for it."]
    return "\n".join(lines)
