"""Writing to the customer: a reply is composed, kept and queued in one transaction."""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from supportterm.desk.context import Desk
from supportterm.desk.standing import refresh
from supportterm.desk.verbs import find
from supportterm.domain import events, folding
from supportterm.domain.errors import RefusedError
from supportterm.domain.events import EventKind
from supportterm.domain.mail import Address, Attachment
from supportterm.domain.message import Message
from supportterm.domain.operations import Operation, OperationKind, Recipient, State
from supportterm.domain.text import clean_body
from supportterm.domain.ticket import MessageKind, Status, Ticket
from supportterm.mail.compose import Enclosure, Outgoing, compose, make_message_id, reply_subject
from supportterm.store import journal, messages, operations, tickets
from supportterm.store.mapping import from_ms

if TYPE_CHECKING:
    from supportterm.store.database import Session


@dataclass(frozen=True, slots=True)
class Queued:
    """A reply in the outbox: until `leaves_at` it can be taken back."""

    operation: int
    ref: str
    message_id: str
    recipients: tuple[str, ...]
    leaves_at: datetime
    warning: str = ""


def recipients(
    ticket: Ticket, conversation: Sequence[Message], desk: Desk, *, everyone: bool
) -> tuple[list[Address], list[Address]]:
    """Return whom a reply goes to and who gets a copy; our own addresses are never among them.

    The customer's latest mail decides, its Reply-To before its From.
    """
    spoken = [m for m in conversation if m.kind is MessageKind.CUSTOMER]
    latest = spoken[-1] if spoken else None
    candidates = [[Address(ticket.requester_name, ticket.requester_address)]]
    if latest is not None and not desk.people.is_team(latest.sender.address):
        candidates = [list(latest.reply_to), [latest.sender], *candidates]
    strangers = [[a for a in group if a.address and not desk.people.is_own(a.address)] for group in candidates]
    to = next((group for group in strangers if group), [])
    named = {a.address.lower() for a in to}
    copies = []
    if everyone and latest is not None:
        for a in (*latest.to, *latest.cc):
            if a.address and a.address.lower() not in named and not desk.people.is_own(a.address):
                named.add(a.address.lower())
                copies.append(a)
    return to, copies


def reply(
    desk: Desk,
    named: str,
    text: str,
    *,
    everyone: bool = False,
    status: Status = Status.PENDING,
    add_tags: frozenset[str] = frozenset(),
    attachments: Sequence[Enclosure] = (),
) -> Queued:
    """Queue a reply to a ticket's customer; it leaves after the undo time and the ticket takes `status` at once.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: the text is empty, or there is nobody to write to.
        ComposeError: an address cannot be written into a header.
    """
    body = clean_body(text).strip()
    if not body:
        raise RefusedError("The reply is empty; nothing was queued.")
    now = desk.now()
    with desk.database.write() as session:
        ticket = find(session, named)
        conversation = messages.load(session, ticket.key)
        to, copies = recipients(ticket, conversation, desk, everyone=everyone)
        if not to:
            raise RefusedError(f"{ticket.ref} has no customer's address to write to. Write a note, or answer by phone.")
        mail = _outgoing(desk, ticket, conversation, to, copies, body, now, attachments)
        raw = compose(mail)
        message = _message(session, desk, ticket, mail, raw, now)
        wanted = dataclasses.replace(
            ticket,
            status=status,
            assignee=ticket.assignee or desk.me,
            snoozed_until=None,
            tags=ticket.tags | add_tags,
            history=False,
        )
        leaves = now + timedelta(seconds=desk.config.sending.undo_seconds)
        base_message, base_at = messages.newest(session, ticket.key)
        addresses = tuple(dict.fromkeys(a.address for a in (*to, *copies)))
        number = operations.add(
            session,
            Operation(
                ticket_key=ticket.key,
                kind=OperationKind.SEND,
                state=State.QUEUED,
                created_at=now,
                updated_at=now,
                not_before=leaves,
                next_attempt_at=leaves,
                message=message.id,
                message_id=mail.message_id,
                payload={"raw": message.raw, "from": desk.config.mailbox.address, "by": desk.me},
                base_message=base_message,
                base_at=from_ms(base_at),
                recipients=tuple(Recipient(address) for address in addresses),
            ),
        )
        payload = {
            "operation": number,
            "message": message.id,
            "message_id": mail.message_id,
            "change": events.difference(ticket, wanted),
        }
        journal.append(session, ticket.key, EventKind.REPLY_QUEUED, payload, by=desk.me, at=now)
        tickets.save(session, [refresh(session, desk.ranking, wanted, now)], with_tags=True)
        return Queued(number, ticket.ref, mail.message_id, addresses, leaves, _warning(ticket, to))


def _outgoing(
    desk: Desk,
    ticket: Ticket,
    conversation: Sequence[Message],
    to: Sequence[Address],
    copies: Sequence[Address],
    body: str,
    now: datetime,
    attachments: Sequence[Enclosure],
) -> Outgoing:
    mailbox = desk.config.mailbox
    answered = [m for m in conversation if m.message_id and m.kind is MessageKind.CUSTOMER] or [
        m for m in conversation if m.message_id
    ]
    parent = answered[-1] if answered else None
    references = [*parent.references, parent.message_id or ""] if parent else []
    domain = mailbox.address.rpartition("@")[2]
    return Outgoing(
        sender=Address(mailbox.name or desk.config.agent.name, mailbox.address),
        to=tuple(to),
        cc=tuple(copies),
        subject=reply_subject(parent.subject if parent and parent.subject else ticket.subject, ticket.ref),
        text=body,
        message_id=make_message_id(domain, secrets.token_hex(16)),
        in_reply_to=parent.message_id if parent else None,
        references=tuple(references),
        date=now,
        attachments=tuple(attachments),
    )


def _message(session: Session, desk: Desk, ticket: Ticket, mail: Outgoing, raw: bytes, now: datetime) -> Message:
    packed = messages.pack(raw)
    message = Message(
        id=messages.next_id(session),
        kind=MessageKind.REPLY,
        at=now,
        fingerprint=hashlib.sha256(b"sent\0" + mail.message_id.encode()).hexdigest(),
        ticket_key=ticket.key,
        message_id=mail.message_id,
        sender=Address(desk.config.agent.name or mail.sender.name, mail.sender.address),
        to=mail.to,
        cc=mail.cc,
        subject=mail.subject,
        sent_at=now,
        text=mail.text,
        reply_text=mail.text,
        attachments=tuple(
            Attachment(e.filename, e.content_type, len(e.content), inline=False, part=part)
            for part, e in enumerate(mail.attachments, 1)
        ),
        references=mail.references,
        raw=packed[0],
        author=desk.me,
        joined_by="written here",
    )
    messages.keep_sources(session, [packed])
    messages.insert(session, [message])
    people = " ".join(str(a) for a in (*mail.to, *mail.cc))
    messages.index(
        session,
        [(message.id or 0, folding.fold(mail.subject), folding.fold(mail.text[:100_000]), folding.fold(people))],
    )
    tickets.mention(session, [(mail.message_id, ticket.key)])
    return message


def _warning(ticket: Ticket, to: Sequence[Address]) -> str:
    asked = ticket.requester_address.lower()
    if asked and asked not in {a.address.lower() for a in to}:
        return f"The answer goes to {to[0].address}, not to {ticket.requester_address} who began the conversation."
    return ""
