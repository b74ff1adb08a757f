"""What an agent may decide about mail that stopped on its way."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.desk import keeping, promise_clocks
from supportterm.desk.context import Desk
from supportterm.desk.settling import accept, reopen
from supportterm.desk.standing import refresh
from supportterm.desk.verbs import Done
from supportterm.domain import held
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.events import EventKind
from supportterm.domain.operations import Operation, OperationKind, State
from supportterm.domain.ticket import Status
from supportterm.store import journal, messages, operations, tickets
from supportterm.store.mapping import from_ms

if TYPE_CHECKING:
    from supportterm.store.database import Session

_STOPPED = (State.REFUSED, State.UNCERTAIN, State.REVIEW, State.UNDONE)


def retry(desk: Desk, number: int) -> Done:
    """Send a stopped mail again, to those recipients who have not got it; an `uncertain` one may then arrive twice.

    Raises:
        NotFoundError: no such mail in the outbox.
        RefusedError: it is on its way or has left.
    """
    now = desk.now()
    with desk.database.write() as session:
        operation = _stopped(session, number, "send again")
        base_message, base_at = messages.newest(session, operation.ticket_key)
        waiting = [
            dataclasses.replace(r, state=State.QUEUED) if r.state is not State.ACCEPTED else r
            for r in operation.recipients
        ]
        operations.update(
            session,
            dataclasses.replace(
                operation,
                state=State.QUEUED,
                payload={name: value for name, value in operation.payload.items() if name != held.KEY},
                base_message=base_message,
                base_at=from_ms(base_at),
                updated_at=now,
                not_before=now,
                next_attempt_at=now,
                attempts=0,
                said="",
            ),
            waiting,
        )
        ticket = tickets.load(session, [operation.ticket_key])[operation.ticket_key]
        if ticket.status.is_ours:
            ticket = dataclasses.replace(ticket, status=Status.PENDING)
        promise_clocks.queued_again(session, operation.ticket_key, number, now)
        _released(session, desk, operation, "sent again")
        tickets.save(session, [refresh(session, desk.ranking, ticket, now)])
        return Done(ticket.ref, "queued again, with what came meanwhile taken as read")


def drop(desk: Desk, number: int) -> Done:
    """Discard a mail that has not left, or what has not left of it; one that reached nobody is a draft again.

    Raises:
        NotFoundError: no such mail in the outbox.
        RefusedError: it is on its way, has left, or was taken back.
    """
    now = desk.now()
    with desk.database.write() as session:
        operation = _mail(session, number)
        has_left = any(r.state is State.ACCEPTED for r in operation.recipients)
        if operation.state in (State.SENDING, State.ACCEPTED) or (has_left and not operation.state.needs_a_look):
            raise RefusedError(f"Mail {number} is {operation.state} and cannot be discarded.")
        if operation.state is State.UNDONE:
            raise RefusedError(f"Mail {number} was taken back already.")
        if has_left:
            return _drop_rest(session, desk, operation, now)
        operations.move(session, number, operation.state, State.UNDONE, now, "discarded")
        promise_clocks.withdrawn(session, operation.ticket_key, number, "the reply was discarded", now)
        _released(session, desk, operation, "discarded")
        ticket = reopen(session, desk, operation.ticket_key, now)
        message = messages.get(session, operation.message) if operation.message else None
        if message is None:
            return Done(ticket.ref, "discarded; the ticket is open again")
        draft = keeping.give_back(session, desk.me, ticket, message, now)
        words = "discarded; its text is a draft again, and the ticket is open"
        return Done(ticket.ref, words, draft.text, ticket.key, draft.mode)


def _drop_rest(session: Session, desk: Desk, operation: Operation, now: datetime) -> Done:
    """Let a mail rest that some have got: the others' copies are discarded."""
    rest = ", ".join(r.address for r in operation.recipients if r.state is not State.ACCEPTED)
    done = [
        r if r.state is State.ACCEPTED else dataclasses.replace(r, state=State.UNDONE) for r in operation.recipients
    ]
    said = f"discarded for {rest}"
    operations.update(session, dataclasses.replace(operation, state=State.ACCEPTED, said=said, updated_at=now), done)
    _released(session, desk, operation, said)
    ticket = refresh(session, desk.ranking, tickets.load(session, [operation.ticket_key])[operation.ticket_key], now)
    tickets.save(session, [ticket])
    message = messages.get(session, operation.message) if operation.message else None
    return Done(ticket.ref, f"{said}; the others have got it", message.text if message else "")


def resolve(desk: Desk, number: int, *, sent: bool) -> Done:
    """Say what became of an `uncertain` mail: it was sent, or it was not and stays discarded.

    Raises:
        NotFoundError: no such mail in the outbox.
        RefusedError: it is not uncertain.
    """
    if not sent:
        return drop(desk, number)
    now = desk.now()
    with desk.database.write() as session:
        operation = _mail(session, number)
        if operation.state is not State.UNCERTAIN:
            raise RefusedError(f"Mail {number} is {operation.state}, not uncertain.")
        _released(session, desk, operation, "marked as sent")
        ticket = accept(session, desk, operation, now, "marked as sent by an agent", file=False)
        return Done(ticket.ref, "marked as sent")


def _mail(session: Session, number: int) -> Operation:
    operation = operations.get(session, number)
    if operation is None or operation.kind is not OperationKind.SEND:
        raise NotFoundError(f"There is no mail {number} in the outbox. `supportterm outbox list` shows them.")
    return operation


def _stopped(session: Session, number: int, verb: str) -> Operation:
    operation = _mail(session, number)
    if operation.state not in _STOPPED:
        raise RefusedError(f"Mail {number} is {operation.state}; there is nothing to {verb}.")
    return operation


def _released(session: Session, desk: Desk, operation: Operation, what: str) -> None:
    payload = {"operation": operation.id, "message_id": operation.message_id, "was": operation.state.value, "why": what}
    journal.append(session, operation.ticket_key, EventKind.REPLY_RELEASED, payload, by=desk.me, at=desk.now())
