"""A mail on its way: composed, kept as a message, queued, its draft taken away, all in the caller's transaction."""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from supportterm.desk import keeping, noting, promise_clocks, sending_as
from supportterm.desk.context import Desk
from supportterm.desk.standing import refresh
from supportterm.domain import events, folding, held, rewriting
from supportterm.domain.drafts import NOTHING_ELSE, Also, Draft, Recipients, Seen
from supportterm.domain.errors import RefusedError
from supportterm.domain.events import EventKind
from supportterm.domain.held import Hold
from supportterm.domain.mail import Address, Attachment
from supportterm.domain.mail_size import too_large
from supportterm.domain.message import Message
from supportterm.domain.operations import Operation, OperationKind, Recipient, State
from supportterm.domain.policies import PINS, pin
from supportterm.domain.promises import Promise
from supportterm.domain.rewriting import Inserted
from supportterm.domain.ticket import MessageKind, Priority, Status, Ticket
from supportterm.mail import outlook
from supportterm.mail.answering import without_marks
from supportterm.mail.compose import Enclosure, Outgoing, compose, make_message_id, text_parts, wire_address
from supportterm.store import drafts, journal, macro_uses, messages, operations, server_size, tickets
from supportterm.store.mapping import from_ms

if TYPE_CHECKING:
    from supportterm.store.database import Session


@dataclass(frozen=True, slots=True)
class Queued:
    """A mail in the outbox: until `leaves_at` it can be taken back."""

    operation: int
    ref: str
    message_id: str
    recipients: tuple[str, ...]
    leaves_at: datetime
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be sent, and what follows for the ticket; None as `status` keeps the ticket's."""

    people: Recipients
    subject: str
    text: str
    status: Status | None = None
    add_tags: frozenset[str] = frozenset()
    also: Also = NOTHING_ELSE
    attachments: tuple[Enclosure, ...] = ()
    seen: Seen | None = None
    draft: Draft | None = None
    sender: str = ""
    """Which of the mailbox's addresses it is from; empty: the one the customer wrote to."""
    is_forward: bool = False
    """True where the customer is not among those it goes to."""
    warning: str = ""
    promises: tuple[Promise, ...] = ()
    """What is kept as a clock once it is accepted."""
    group: str = ""
    """The step of several mails it belongs to."""
    snippets: tuple[Inserted, ...] = ()
    """The snippets it was written with, where it was no draft."""
    hold: Hold | None = None
    """When it leaves; None where its undo time is all it waits for."""


def post(session: Session, desk: Desk, ticket: Ticket, conversation: Sequence[Message], letter: Letter) -> Queued:
    """Queue a letter on a ticket.

    Raises:
        ComposeError: an address cannot be written into a header or an envelope.
        RefusedError: an attached file is no longer kept, the mail is larger than the server takes, or the address it
            is to be from is none of the mailbox's.
    """
    now = desk.now()
    addresses = tuple({a.lower(): a for a in (wire_address(p.address) for p in letter.people.everyone)}.values())
    mail = _outgoing(session, desk, conversation, letter, now)
    raw = compose(mail)
    if problem := too_large(len(raw), server_size.known(session, desk.config.mailbox.smtp.host) or 0):
        raise RefusedError(problem)
    message = _message(session, desk, ticket, mail, raw, letter, now)
    wanted = _wanted(ticket, desk, letter, now)
    noted = noting.write(session, desk, ticket, letter.also.note, now) if letter.also.note.strip() else None
    soon = now + timedelta(seconds=desk.config.sending.undo_seconds)
    leaves = max(letter.hold.at, soon) if letter.hold is not None else soon
    base = messages.newest(session, ticket.key) if letter.seen is None else (letter.seen.message, letter.seen.at_ms)
    payload: dict[str, object] = {"raw": message.raw, "from": wire_address(mail.sender.address), "by": desk.me}
    if letter.is_forward:
        payload["forward"] = True
    if letter.hold is not None:
        payload[held.KEY] = letter.hold.payload
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
            payload=payload,
            base_message=base[0],
            base_at=from_ms(base[1]),
            recipients=tuple(Recipient(address) for address in addresses),
        ),
    )
    queued: dict[str, object] = {
        "operation": number,
        "message": message.id,
        "message_id": mail.message_id,
        "change": events.difference(ticket, wanted),
    }
    if letter.group:
        queued["group"] = letter.group
    if noted is not None:
        queued["note"] = {"message": noted.payload["message"], "event": noted.id}
    if kept := promise_clocks.set_with_reply(session, ticket.key, letter.promises, number, desk.me, now):
        queued["promises"] = [{"clock": c.id, "words": c.words, "due": c.due_at and c.due_at.isoformat()} for c in kept]
    journal.append(session, ticket.key, EventKind.REPLY_QUEUED, queued, by=desk.me, at=now)
    tickets.save(session, [refresh(session, desk.ranking, wanted, now)], with_tags=True)
    if snippets := letter.snippets or (letter.draft.snippets if letter.draft else ()):
        macro_uses.add(session, message.id or 0, rewriting.measured(snippets, letter.text), desk.me, now)
    if letter.draft is not None:
        keeping.became(session, letter.draft, message, now)
    return Queued(number, ticket.ref, mail.message_id, addresses, leaves, letter.warning)


def _wanted(ticket: Ticket, desk: Desk, letter: Letter, now: datetime) -> Ticket:
    """Return the ticket as it is to be once the mail is queued."""
    wanted = dataclasses.replace(ticket, status=letter.status or ticket.status, tags=ticket.tags | letter.add_tags)
    if not letter.is_forward:
        wanted = dataclasses.replace(wanted, assignee=ticket.assignee or desk.me, snoozed_until=None, history=False)
    return carried_out(wanted, letter.also, desk.me, now)


def carried_out(wanted: Ticket, also: Also, me: str, now: datetime) -> Ticket:
    """Return a ticket with what else follows done to it; the note is the caller's to write."""
    if also.policy:
        others = frozenset(tag for tag in wanted.tags if tag.startswith(PINS))
        wanted = dataclasses.replace(wanted, tags=(wanted.tags - others) | {pin(also.policy)})
    if also.remove_tags:
        wanted = dataclasses.replace(wanted, tags=wanted.tags - frozenset(also.remove_tags))
    if also.assignee is not None:
        wanted = dataclasses.replace(wanted, assignee={"me": me, "none": None}.get(also.assignee, also.assignee))
    if also.priority is not None:
        override = next((priority for priority in Priority if priority.word == also.priority), wanted.override)
        wanted = dataclasses.replace(wanted, override=override)
    if also.snooze is not None:
        wanted = dataclasses.replace(wanted, snoozed_until=now + timedelta(seconds=also.snooze))
    return wanted


def answered(conversation: Sequence[Message]) -> Message | None:
    """Return the mail that a reply answers: the customer's latest, else the latest there is."""
    mails = [m for m in conversation if m.message_id and m.kind is MessageKind.CUSTOMER] or [
        m for m in conversation if m.message_id
    ]
    return mails[-1] if mails else None


def _outgoing(session: Session, desk: Desk, conversation: Sequence[Message], letter: Letter, now: datetime) -> Outgoing:
    mailbox = desk.config.mailbox
    parent = answered(conversation)
    references = [*parent.references, parent.message_id or ""] if parent else []
    head = messages.head(session, parent.raw) if parent and parent.raw else b""
    index, topic = outlook.carried_on(head, now, secrets.randbits(4))
    sender = sending_as.chosen(mailbox, letter.sender, conversation)
    return Outgoing(
        sender=Address(mailbox.name or desk.config.agent.name, sender),
        to=letter.people.to,
        cc=letter.people.cc,
        subject=letter.subject,
        text=letter.text,
        message_id=make_message_id(mailbox.address.rpartition("@")[2], secrets.token_hex(16)),
        in_reply_to=parent.message_id if parent and not letter.is_forward else None,
        references=tuple(references),
        date=letter.hold.at if letter.hold is not None else now,
        attachments=(*letter.attachments, *_enclosures(session, letter.draft)),
        thread_index=index,
        thread_topic=topic or without_marks(letter.subject),
        is_rich=desk.config.sending.html,
    )


def _enclosures(session: Session, draft: Draft | None) -> list[Enclosure]:
    found = []
    for each in draft.files if draft else ():
        content = drafts.file(session, each.sha)
        if content is None:
            raise RefusedError(f"{each.name} is no longer kept with the draft. Attach it again, then send.")
        found.append(Enclosure(each.name, each.content_type, content))
    return found


def _message(
    session: Session, desk: Desk, ticket: Ticket, mail: Outgoing, raw: bytes, letter: Letter, now: datetime
) -> Message:
    packed = messages.pack(raw)
    message = Message(
        id=messages.next_id(session),
        kind=MessageKind.INSIDE if letter.is_forward else MessageKind.REPLY,
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
            for part, e in enumerate(mail.attachments, text_parts(mail))
        ),
        references=mail.references,
        raw=packed[0],
        author=desk.me,
        joined_by="forwarded here" if letter.is_forward else "written here",
        bcc=letter.people.bcc,
    )
    messages.keep_sources(session, [packed])
    messages.insert(session, [message])
    people = " ".join(str(a) for a in letter.people.everyone)
    messages.index(
        session,
        [(message.id or 0, folding.fold(mail.subject), folding.fold(mail.text[:100_000]), folding.fold(people))],
    )
    tickets.mention(session, [(mail.message_id, ticket.key)])
    return message
