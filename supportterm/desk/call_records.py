"""What a call leaves behind: its record in the ticket, and a mail that sums it up for the customer."""

from __future__ import annotations

import hashlib
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from supportterm.desk import callbacks, posting, replying
from supportterm.desk.context import Desk
from supportterm.domain import calls, folding, reply_times
from supportterm.domain.calls import Call, Ending
from supportterm.domain.drafts import Draft, Mode, Recipients
from supportterm.domain.errors import RefusedError
from supportterm.domain.ledger import ClockState
from supportterm.domain.mail import Address
from supportterm.domain.message import Message
from supportterm.domain.policies import ClockKind
from supportterm.domain.ticket import MessageKind, Ticket
from supportterm.store import clocks, drafts, messages

if TYPE_CHECKING:
    from supportterm.store.database import Session

UNTITLED = "Phone call"
"""The subject of a ticket that a call opened, until the call's notes give it one."""
SUMMARY, SUMMARY_AND_BACK = "call-summary", "call-summary-callback"
"""The macros a summary mail is made from, by language: the first blank takes the summary, the second when we call."""
DRAFT, SEND = "draft", "send"


def write(session: Session, desk: Desk, ticket: Ticket, call: Call, ending: Ending, said: str) -> int:
    """Write a call that is over into its ticket, at the time it began, and return the message's id."""
    text = calls.record(call, said)
    name = desk.config.agent.name
    message = Message(
        id=messages.next_id(session),
        kind=MessageKind.CALL,
        at=call.started_at,
        fingerprint=hashlib.sha256(f"call\0{call.id}\0{call.ended_at}".encode()).hexdigest(),
        ticket_key=ticket.key,
        sender=Address(name, ""),
        to=(Address(call.name, call.number or ticket.requester_address),),
        subject=calls.title(call),
        sent_at=call.ended_at,
        text=text,
        reply_text=text,
        intent="" if ending.reached else calls.UNREACHED,
        author=desk.me,
        joined_by="a phone call",
    )
    messages.insert(session, [message])
    people = folding.fold(f"{name} {call.name} {call.number}")
    messages.index(session, [(message.id or 0, "", folding.fold(text), people)])
    return message.id or 0


def called_back(session: Session, desk: Desk, ticket: Ticket) -> tuple[datetime, tzinfo] | None:
    """Return when the customer is called next, and their time zone; None where no callback is to come."""
    running = [
        clock.due_at
        for clock in clocks.load(session, [ticket.key]).get(ticket.key, [])
        if clock.kind == ClockKind.CALLBACK and clock.state is ClockState.RUNNING and clock.due_at is not None
    ]
    coming = [due for due in running if due > desk.now()]
    if not coming:
        return None
    conversation = messages.load(session, ticket.key)
    zone = callbacks.zone_of(conversation, lambda sha: messages.source(session, sha) or b"", desk.config)
    return min(coming), zone


def mail(session: Session, desk: Desk, ticket: Ticket, call: Call, ending: Ending) -> str:
    """Draft or queue the summary mail, as the ending says, and return in words what became of it.

    Raises:
        RefusedError: there is no address, nothing to sum up, or a reply is being written there already.
        ComposeError: the customer's address cannot be written into a header.
    """
    if not ending.mail:
        return ""
    conversation = messages.load(session, ticket.key)
    to, copies = replying.recipients(ticket, conversation, desk.people, everyone=False)
    if not to:
        raise RefusedError(f"{ticket.ref} has no customer's address to write to: end the call without a mail.")
    text, blanks = letter(desk, ticket, call, called_back(session, desk, ticket))
    if ending.mail == SEND and not blanks:
        people = Recipients(tuple(to), tuple(copies))
        subject = replying.default_subject(ticket, conversation)
        posting.post(session, desk, ticket, conversation, posting.Letter(people, subject, text, None))
        return "; the summary is on its way"
    begun = drafts.load(session, ticket.key, desk.me, Mode.REPLY.kind)
    if begun is not None and not begun.is_empty:
        raise RefusedError(f"A reply is being written on {ticket.ref} already: send that one, or send the summary now.")
    drafts.save(session, Draft(ticket.key, desk.me, Mode.REPLY, text, updated_at=desk.now()))
    return "; the summary is a draft"


def letter(desk: Desk, ticket: Ticket, call: Call, back: tuple[datetime, tzinfo] | None) -> tuple[str, bool]:
    """Return the summary mail's text in the customer's language, and whether a blank in it is still to be filled.

    `back` is when the customer is called again, and in which zone they live.

    Raises:
        RefusedError: the notes are empty.
    """
    from supportterm.desk import macros, rendering
    from supportterm.domain import blanks

    summary = call.notes.strip()
    if not summary:
        raise RefusedError("There are no notes to sum up: write what was agreed, or end the call without a mail.")
    macro = macros.of(desk.config).find(SUMMARY if back is None else SUMMARY_AND_BACK, ticket.lang or "en")
    mailbox = desk.config.mailbox
    values = rendering.facts(
        ticket,
        agent_name=desk.config.agent.name,
        mailbox_name=mailbox.name,
        mailbox_address=mailbox.address,
    )
    expansion = blanks.fill(rendering.render(macro, values), {1: summary})
    if back is not None:
        when = reply_times.spoken(back[0], desk.now(), macro.lang, back[1])
        expansion = blanks.fill(expansion, {2: f"{when} ({reply_times.offset_name(*back)})"})
    return expansion.text.strip(), bool(blanks.unfilled(expansion))
