"""What follows once a mail's fate is known: the ticket's clocks, flags, the copy in Sent, the journal."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from supportterm.desk import promise_clocks
from supportterm.desk.context import Desk
from supportterm.desk.standing import refresh
from supportterm.domain.events import EventKind
from supportterm.domain.operations import MAX_ATTEMPTS, Operation, OperationKind, Recipient, State, backoff, worst
from supportterm.domain.ticket import Status, Ticket
from supportterm.mail.gateway import Answer, Delivery
from supportterm.store import journal, messages, operations, tickets
from supportterm.store.mapping import to_ms

if TYPE_CHECKING:
    from supportterm.store.database import Session

_FILING_DELAY = timedelta(seconds=3)
"""Time for a provider to file a sent mail by itself before we look and, if need be, file it."""

_STATES = {
    Answer.ACCEPTED: State.ACCEPTED,
    Answer.LATER: State.QUEUED,
    Answer.REFUSED: State.REFUSED,
    Answer.UNCERTAIN: State.UNCERTAIN,
}


def settle(session: Session, desk: Desk, operation: Operation, delivery: Delivery, now: datetime) -> State:
    """Record what the server said of each recipient, and what follows from it; return the mail's new state."""
    attempts = operation.attempts + 1
    recipients = []
    for recipient in operation.recipients:
        if recipient.state is not State.QUEUED or recipient.address not in delivery.answers:
            recipients.append(recipient)
            continue
        answer, code, said = delivery.answers[recipient.address]
        state = _STATES[answer]
        if state is State.QUEUED and attempts >= MAX_ATTEMPTS:
            state, said = State.REFUSED, f"given up after {attempts} tries: {said}"
        recipients.append(Recipient(recipient.address, state, code, said))
    states = [r.state for r in recipients]
    overall = State.QUEUED if State.QUEUED in states else worst(states)
    troubled = next((r for r in recipients if r.state is not State.ACCEPTED), None)
    said = f"{troubled.address}: {troubled.code or 'no answer'} {troubled.said}".strip() if troubled else ""
    operations.update(
        session,
        dataclasses.replace(
            operation,
            state=overall,
            attempts=attempts,
            said=said,
            updated_at=now,
            next_attempt_at=now + backoff(attempts),
        ),
        recipients,
    )
    newly = any(
        new.state is State.ACCEPTED and old.state is not State.ACCEPTED
        for old, new in zip(operation.recipients, recipients, strict=True)
    )
    if newly:
        _follow_up(
            session, desk, operation, now, said, file=not any(r.state is State.ACCEPTED for r in operation.recipients)
        )
    if overall.needs_a_look:
        stop(session, desk, operation, overall, said, now)
    return overall


def accept(session: Session, desk: Desk, operation: Operation, now: datetime, why: str, *, file: bool) -> Ticket:
    """Mark a mail as accepted by every recipient whose answer was still open; who was refused stays so."""
    done = [
        r if r.state is State.REFUSED else dataclasses.replace(r, state=State.ACCEPTED, said=why)
        for r in operation.recipients
    ]
    refused = next((r for r in done if r.state is State.REFUSED), None)
    said = f"{refused.address}: {refused.code or 'no answer'} {refused.said}" if refused else why
    state = worst(r.state for r in done)
    operations.update(session, dataclasses.replace(operation, state=state, said=said, updated_at=now), done)
    return _follow_up(session, desk, operation, now, why, file=file)


def stop(session: Session, desk: Desk, operation: Operation, state: State, why: str, now: datetime) -> None:
    """Write that a mail stopped on its way, and open its ticket again; where it was a receipt, nobody need know."""
    payload = {"operation": operation.id, "message_id": operation.message_id, "state": state.value, "why": why}
    if operation.kind is OperationKind.NOTICE:
        _told(session, operation, f"the mail to {operation.recipients[0].address} did not leave: {why}", now)
        return
    if operation.kind is OperationKind.RECEIPT:
        journal.append(session, operation.ticket_key, EventKind.RECEIPT_STOPPED, payload, by="supportterm", at=now)
        return
    journal.append(session, operation.ticket_key, EventKind.REPLY_STOPPED, payload, by="supportterm", at=now)
    if state is State.REFUSED:
        promise_clocks.withdrawn(session, operation.ticket_key, operation.id or 0, "the server refused the reply", now)
    reopen(session, desk, operation.ticket_key, now)


def reopen(session: Session, desk: Desk, key: str, now: datetime) -> Ticket:
    """Open a ticket whose answer did not leave, and return it."""
    ticket = tickets.load(session, [key])[key]
    if not ticket.status.is_ours:
        ticket = dataclasses.replace(ticket, status=Status.OPEN)
    ticket = refresh(session, desk.ranking, ticket, now)
    tickets.save(session, [ticket])
    return ticket


def _follow_up(session: Session, desk: Desk, operation: Operation, now: datetime, why: str, *, file: bool) -> Ticket:
    if operation.message is not None:
        messages.accepted(session, operation.message, to_ms(now))
    payload = {"operation": operation.id, "message_id": operation.message_id, "why": why}
    if operation.kind is OperationKind.NOTICE:
        _told(session, operation, f"the mail server took the mail to {operation.recipients[0].address}", now)
        return tickets.load(session, [operation.ticket_key])[operation.ticket_key]
    is_receipt = operation.kind is OperationKind.RECEIPT
    accepted = EventKind.RECEIPT_SENT if is_receipt else EventKind.REPLY_ACCEPTED
    journal.append(session, operation.ticket_key, accepted, payload, by="supportterm", at=now)
    if file and desk.config.sync.file_sent != "never":
        delay = _FILING_DELAY if desk.config.sync.file_sent == "auto" else timedelta(0)
        _enqueue(session, operation, OperationKind.FILE, now, now + delay)
    is_answer = not operation.payload.get("forward") and not is_receipt
    if is_answer:
        _enqueue(session, operation, OperationKind.FLAG, now, now)
    ticket = tickets.load(session, [operation.ticket_key])[operation.ticket_key]
    if is_answer and ticket.status is Status.NEW:
        ticket = dataclasses.replace(ticket, status=Status.PENDING)
    promise_clocks.accepted(session, ticket, operation.id or 0, now)
    ticket = refresh(session, desk.ranking, ticket, now)
    tickets.save(session, [ticket])
    return ticket


def _told(session: Session, operation: Operation, words: str, now: datetime) -> None:
    payload = {"operation": operation.id, "trigger": operation.payload.get("trigger"), "why": words}
    journal.append(session, operation.ticket_key, EventKind.TRIGGERED, payload, by="supportterm", at=now)


def _enqueue(session: Session, sent: Operation, kind: OperationKind, now: datetime, at: datetime) -> None:
    operations.add(
        session,
        Operation(
            ticket_key=sent.ticket_key,
            kind=kind,
            state=State.QUEUED,
            created_at=now,
            updated_at=now,
            not_before=at,
            next_attempt_at=at,
            message=sent.message,
            message_id=sent.message_id,
            payload={"raw": sent.payload.get("raw"), "up_to": sent.base_message},
        ),
    )
