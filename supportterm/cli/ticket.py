"""`show` and `why`: one ticket, whole and explained."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from supportterm.cli.context import reading, ticket_named
from supportterm.cli.output import NO_SUBJECT, NOBODY, Output, local
from supportterm.cli.records import message_record, operation_record, ticket_record
from supportterm.domain import clocks, events, receipts
from supportterm.domain.mail import Address
from supportterm.domain.mail_size import in_words
from supportterm.domain.message import Message
from supportterm.domain.operations import shown_state
from supportterm.domain.ticket import MessageKind, Ticket

_LABELS = {
    MessageKind.INSIDE: "INSIDE  ",
    MessageKind.NOTE: "NOTE, stays inside  ",
    MessageKind.AUTOMATIC: "AUTOMATIC  ",
    MessageKind.BOUNCE: "BOUNCE  ",
    MessageKind.RECEIPT: "RECEIPT  ",
    MessageKind.REPLY: "US  ",
    MessageKind.CALL: "CALL  ",
}

_LONGEST = 200
"""Lines of one message that are shown unasked."""


def show(args: argparse.Namespace, output: Output) -> int:
    """Print a ticket's conversation, quotes folded unless asked for."""
    now = datetime.now(UTC)
    with reading(args) as (views, _):
        ticket = ticket_named(views, args.ref)
        conversation = views.messages(ticket.key)
        outbox = views.outbox(ticket.key, everything=True)
        record = ticket_record(ticket) | {
            "conversation": [message_record(m) for m in conversation],
            "outbox": [operation_record(o, ticket.ref) for o in outbox],
        }
        if args.journal:
            journal = views.events(ticket.key)
            record["journal"] = [
                {"id": e.id, "at": e.at, "by": e.by, "kind": e.kind.value, "payload": e.payload} for e in journal
            ]
        output.record(record, "")
        if output.as_json:
            return 0
        output.text(_heading(ticket, now))
        on_its_way = {o.message: shown_state(o) for o in outbox}
        for message in conversation:
            output.text("")
            output.text(_message(message, now, on_its_way.get(message.id, "accepted"), whole=args.all))
        if args.journal:
            output.text("\nJournal")
            for event in journal:
                output.text(f"  {local(event.at, now)}  {event.by}  {events.in_words(event.kind, event.payload)}")
    return 0


def why(args: argparse.Namespace, output: Output) -> int:
    """Explain a ticket's place in the queue and its due time, step by step."""
    now = datetime.now(UTC)
    with reading(args) as (views, config):
        ticket = ticket_named(views, args.ref)
        joined = [(m, m.joined_by) for m in views.messages(ticket.key) if m.joined_by]
        from supportterm.desk import explaining

        steps = explaining.of_ticket(views, config, ticket, now, lambda instant: local(instant, now))
        receipt = receipts.in_words(views.events(ticket.key))
        output.record(
            {
                "ref": ticket.ref,
                "tier": ticket.tier.title,
                "priority": ticket.effective_priority.word,
                "score": ticket.score,
                "reasons": ticket_record(ticket)["reasons"],
                "clock": steps,
                "clocks": [explaining.record(clock) for clock in views.clocks(ticket.key)],
                "receipt": receipt,
                "joined": [{"message_id": m.message_id, "at": m.at, "why": words} for m, words in joined],
            },
            "",
        )
        if output.as_json:
            return 0
        output.text(f"{ticket.ref}  {ticket.subject or NO_SUBJECT}")
        if ticket.status.is_ours:
            output.text(f"{ticket.tier.title}: {ticket.effective_priority.word}, {ticket.score} points")
            for reason in ticket.reasons:
                evidence = f"  “{' '.join(reason.evidence.split())}”" if reason.evidence else ""
                output.text(f"  {reason.points:+4d}  {reason.words}{evidence}")
            if ticket.override:
                output.text(f"        an agent set the priority to {ticket.override.word}; it wins")
        else:
            output.text(f"{ticket.status.value}: it waits for nobody here, so it has no place in the queue")
        output.text("Clocks")
        for step in steps:
            output.text(f"  {step}")
        if receipt:
            output.text("Receipt")
            for sentence in receipt:
                output.text(f"  {sentence}")
        output.text("Messages")
        for message, words in joined:
            who = message.sender.name or message.sender.address or NOBODY
            output.text(f"  {local(message.at, now)}  {who}: {words}")
    return 0


def _heading(ticket: Ticket, now: datetime) -> str:
    parts = [ticket.status.value, ticket.effective_priority.word, ticket.assignee or "nobody's"]
    if ticket.snoozed_until and ticket.snoozed_until > now:
        parts.append(f"snoozed until {local(ticket.snoozed_until, now)}")
    if ticket.due_at:
        parts.append(f"{ticket.due_kind} {clocks.in_words(ticket.due_at - now)}")
    if ticket.tags:
        parts.append(" ".join(f"#{tag}" for tag in sorted(ticket.tags)))
    who = str(Address(ticket.requester_name, ticket.requester_address)) or NOBODY
    return f"{ticket.ref}  {ticket.subject or NO_SUBJECT}\n{' · '.join(parts)}\n{who}"


def _message(message: Message, now: datetime, state: str, *, whole: bool) -> str:
    who = message.sender.name or message.sender.address or message.author or NOBODY
    fate = "" if state == "accepted" or message.kind is not MessageKind.REPLY else f"  [{state}]"
    lines = [f"{_LABELS.get(message.kind, '')}{who}  {local(message.at, now)}{fate}"]
    body = message.text if whole else message.reply_text or message.text
    shown = body.strip().splitlines()[: None if whole else _LONGEST]
    lines += [f"  {line}".rstrip() for line in shown]
    folded = len(message.text.strip().splitlines()) - len(shown)
    extras = [f"+ {folded} folded lines (--all shows them)"] if folded > 0 and not whole else []
    extras += [f"+ {a.filename} {in_words(a.size)}" for a in message.attachments if not a.inline]
    if message.bcc:
        extras.insert(0, f"bcc (inside only) {', '.join(map(str, message.bcc))}")
    extras += [f"! {defect}" for defect in message.defects]
    return "\n".join([*lines, *(f"  {extra}" for extra in extras)])
