"""Writing to the customer or to somebody else: a mail is composed, kept and queued in one transaction."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from supportterm.desk import posting
from supportterm.desk.context import Desk
from supportterm.desk.people import People
from supportterm.desk.posting import Queued
from supportterm.desk.verbs import find
from supportterm.domain.drafts import NOTHING_ELSE, Also, Draft, Recipients, Seen
from supportterm.domain.errors import RefusedError
from supportterm.domain.held import Hold
from supportterm.domain.mail import Address
from supportterm.domain.message import Message
from supportterm.domain.promises import Promise
from supportterm.domain.rewriting import Inserted
from supportterm.domain.text import clean_body
from supportterm.domain.ticket import MessageKind, Status, Ticket
from supportterm.mail.answering import forward_subject
from supportterm.mail.compose import Enclosure, reply_subject
from supportterm.store import messages

__all__ = ["Queued", "default_subject", "forward", "recipients", "reply"]


def recipients(
    ticket: Ticket, conversation: Sequence[Message], people: People, *, everyone: bool
) -> tuple[list[Address], list[Address]]:
    """Return whom a reply goes to and who gets a copy; our own addresses are never among them.

    The customer's latest mail decides, its Reply-To before its From.
    """
    spoken = [m for m in conversation if m.kind is MessageKind.CUSTOMER]
    latest = spoken[-1] if spoken else None
    candidates = [[Address(ticket.requester_name, ticket.requester_address)]]
    if latest is not None and not people.is_team(latest.sender.address):
        candidates = [list(latest.reply_to), [latest.sender], *candidates]
    strangers = [[a for a in group if "@" in a.address and not people.is_own(a.address)] for group in candidates]
    to = next((group for group in strangers if group), [])
    named = {a.address.lower() for a in to}
    copies = []
    if everyone and latest is not None:
        for a in (*latest.to, *latest.cc):
            if a.address and a.address.lower() not in named and not people.is_own(a.address):
                named.add(a.address.lower())
                copies.append(a)
    return to, copies


def reply(
    desk: Desk,
    named: str,
    text: str,
    *,
    everyone: bool = False,
    status: Status | None = Status.PENDING,
    add_tags: frozenset[str] = frozenset(),
    also: Also = NOTHING_ELSE,
    attachments: Sequence[Enclosure] = (),
    people: Recipients | None = None,
    bcc: Sequence[Address] = (),
    seen: Seen | None = None,
    draft: Draft | None = None,
    sender: str = "",
    promises: Sequence[Promise] = (),
    snippets: Sequence[Inserted] = (),
    hold: Hold | None = None,
) -> Queued:
    """Queue a reply to a ticket's customer; it leaves after the undo time and the ticket takes `status` at once.

    `people` are those it goes to, left out whom the conversation says; `bcc` get a blind copy besides. None as
    `status` keeps the ticket's. `also` follows in the same step, and undo takes
    all of it back. `seen` is the newest mail its author had read:
    a newer one stops it for review. `sender` is the one of the mailbox's addresses
    it is from, left out the one the customer wrote to. The `promises` run as clocks once it is
    accepted. The `draft` it was is taken away with it, and its files go along.
    `snippets` are those it was written with, where it was no draft. With `hold`
    it leaves at that time, unless the customer writes before.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: the text is empty, there is nobody to write to, the sender is none of ours, or it is too large.
        ComposeError: an address cannot be written into a header.
    """
    body = clean_body(text).strip()
    if not body:
        raise RefusedError("The reply is empty; nothing was queued.")
    with desk.database.write() as session:
        ticket = find(session, named)
        conversation = messages.load(session, ticket.key)
        if people is None:
            to, copies = recipients(ticket, conversation, desk.people, everyone=everyone)
            people = Recipients(tuple(to), tuple(copies))
        seen_by = {a.address.lower() for a in people.everyone}
        blind = {a.address.lower(): a for a in bcc if a.address.lower() not in seen_by}
        people = dataclasses.replace(people, bcc=(*people.bcc, *blind.values()))
        if not people.to:
            raise RefusedError(f"{ticket.ref} has no customer's address to write to. Write a note, or answer by phone.")
        letter = posting.Letter(
            people,
            default_subject(ticket, conversation),
            body,
            status,
            add_tags,
            also,
            tuple(attachments),
            seen,
            draft,
            sender,
            warning=_warning(ticket, people),
            promises=tuple(promises),
            snippets=tuple(snippets),
            hold=hold,
        )
        return posting.post(session, desk, ticket, conversation, letter)


def forward(
    desk: Desk,
    named: str,
    text: str,
    people: Recipients,
    *,
    subject: str = "",
    status: Status | None = None,
    add_tags: frozenset[str] = frozenset(),
    also: Also = NOTHING_ELSE,
    attachments: Sequence[Enclosure] = (),
    seen: Seen | None = None,
    draft: Draft | None = None,
    sender: str = "",
    promises: Sequence[Promise] = (),
    hold: Hold | None = None,
) -> Queued:
    """Queue a mail about a ticket to somebody else: no customer's clock stops for it, and no mail counts as answered.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: the text is empty, nobody is named, the sender is none of ours, or it is too large.
        ComposeError: an address cannot be written into a header.
    """
    body = clean_body(text).strip()
    if not body:
        raise RefusedError("There is nothing to forward; nothing was queued.")
    if not people.to:
        raise RefusedError("A forward needs somebody to go to. Name them first.")
    with desk.database.write() as session:
        ticket = find(session, named)
        letter = posting.Letter(
            people,
            subject.strip() or forward_subject(ticket.subject, ticket.ref),
            body,
            status,
            add_tags,
            also,
            tuple(attachments),
            seen,
            draft,
            sender,
            is_forward=ticket.requester_address.lower() not in {a.address.lower() for a in people.everyone},
            promises=tuple(promises),
            hold=hold,
        )
        return posting.post(session, desk, ticket, messages.load(session, ticket.key), letter)


def default_subject(ticket: Ticket, conversation: Sequence[Message]) -> str:
    """Return the subject of a reply: that of the mail it answers, with the reference."""
    parent = posting.answered(conversation)
    return reply_subject(parent.subject if parent and parent.subject else ticket.subject, ticket.ref)


def _warning(ticket: Ticket, people: Recipients) -> str:
    asked = ticket.requester_address.lower()
    if asked and asked not in {a.address.lower() for a in people.to}:
        first = people.to[0].address
        return f"The answer goes to {first}, not to {ticket.requester_address} who began the conversation."
    return ""
