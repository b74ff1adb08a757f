"""Domain values as JSON records: the shapes `--json` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supportterm.domain import problem
from supportterm.domain.mail import Address
from supportterm.domain.message import Message
from supportterm.domain.operations import Operation, shown_state
from supportterm.domain.ticket import Ticket

if TYPE_CHECKING:
    from supportterm.desk.posting import Queued


def ticket_record(ticket: Ticket) -> dict[str, Any]:
    """Return a ticket for `--json`; instants are ISO 8601 in UTC."""
    return {
        "ref": ticket.ref,
        "key": ticket.key,
        "subject": ticket.subject,
        "status": ticket.status.value,
        "tier": ticket.tier.title,
        "priority": ticket.effective_priority.word,
        "override": ticket.override.word if ticket.override else None,
        "score": ticket.score,
        "reasons": [
            {"id": r.id, "points": r.points, "reason": r.words, "text": r.evidence, "source": r.source}
            for r in ticket.reasons
        ],
        "customer": {"name": ticket.requester_name, "address": ticket.requester_address},
        "assignee": ticket.assignee,
        "tags": sorted(ticket.tags),
        "problem": problem.named(ticket.problem) if ticket.problem else None,
        "channel": ticket.channel,
        "lang": ticket.lang,
        "due": ticket.due_at,
        "clock": ticket.due_kind,
        "waiting_since": ticket.waiting_since,
        "first_replied": ticket.first_replied_at,
        "created": ticket.created_at,
        "updated": ticket.updated_at,
        "snoozed_until": ticket.snoozed_until,
        "history": ticket.history,
        "messages": ticket.messages,
    }


def message_record(message: Message) -> dict[str, Any]:
    """Return a message for `--json`."""
    return {
        "id": message.id,
        "kind": message.kind.value,
        "at": message.at,
        "message_id": message.message_id,
        "from": address_record(message.sender),
        "to": [address_record(a) for a in message.to],
        "cc": [address_record(a) for a in message.cc],
        "bcc": [address_record(a) for a in message.bcc],
        "subject": message.subject,
        "text": message.text,
        "reply_text": message.reply_text,
        "lang": message.lang,
        "attachments": [
            {"filename": a.filename, "content_type": a.content_type, "size": a.size, "inline": a.inline}
            for a in message.attachments
        ],
        "defects": list(message.defects),
        "author": message.author,
        "joined_by": message.joined_by,
    }


def operation_record(operation: Operation, ref: str) -> dict[str, Any]:
    """Return a mail of the outbox for `--json`; its state is the worst of its recipients' while it is on its way."""
    return {
        "id": operation.id,
        "ref": ref,
        "state": shown_state(operation).value,
        "message_id": operation.message_id,
        "recipients": [
            {"address": r.address, "state": r.state.value, "code": r.code, "said": r.said} for r in operation.recipients
        ],
        "queued": operation.created_at,
        "leaves": operation.not_before if not operation.state.is_settled else None,
        "next_try": operation.next_attempt_at if not operation.state.is_settled else None,
        "attempts": operation.attempts,
        "said": operation.said,
    }


def queued_record(queued: Queued) -> dict[str, Any]:
    """Return a mail that was just put into the outbox."""
    return {
        "ref": queued.ref,
        "operation": queued.operation,
        "message_id": queued.message_id,
        "recipients": list(queued.recipients),
        "leaves": queued.leaves_at,
        "state": "queued",
    }


def queued_words(queued: Queued, leaves: str) -> str:
    """Say that a mail was put into the outbox, `leaves` being its time in words."""
    return (
        f"{queued.ref}: queued as mail {queued.operation} to {', '.join(queued.recipients)}; leaves at {leaves}"
        " or with the next sync after it, until then `supportterm undo` takes it back."
    )


def address_record(address: Address) -> dict[str, str]:
    """Return a name and address."""
    return {"name": address.name, "address": address.address}
