"""An acknowledgement on its way out: asked once more whether it may leave, and sent to nobody's trouble."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.config import Config
from supportterm.desk.receipts import BY, NULL_SENDER, rules_of
from supportterm.domain import receipts
from supportterm.domain.events import EventKind
from supportterm.domain.operations import Operation, OperationKind, State
from supportterm.domain.receipts import HOUR, Rules, Standing
from supportterm.mail.gateway import Answer, Delivery
from supportterm.store import journal, operations, tickets
from supportterm.store import receipts as kept
from supportterm.store.mapping import from_ms

if TYPE_CHECKING:
    from supportterm.store.database import Session


def hold_back(session: Session, config: Config, operation: Operation, now: datetime) -> bool:
    """Tell whether a receipt that is about to leave must not any more, and take it back then."""
    rules = rules_of(config)
    why = _held_back(session, rules, operation, now)
    if why and operations.move(session, operation.id or 0, State.QUEUED, State.UNDONE, now, why):
        kept.withdraw(session, operation.message or 0)
        payload = {"operation": operation.id, "message_id": operation.message_id, "why": why}
        journal.append(session, operation.ticket_key, EventKind.RECEIPT_STOPPED, payload, by=BY, at=now)
    return bool(why)


def _held_back(session: Session, rules: Rules, operation: Operation, now: datetime) -> str:
    if rules.since is None:
        return "receipts are off"
    key = operation.ticket_key
    ticket = tickets.load(session, [key]).get(key)
    if ticket is None:
        return "its ticket is gone"
    standing = Standing(
        ticket,
        from_ms(int(operation.payload["came"])),
        has_receipt=bool(kept.have_one(session, [key], but=operation.message or 0)),
        has_reply=bool(kept.have_reply(session, [key])),
        is_being_written=bool(kept.being_written(session, [key])),
    )
    left = kept.left_since(session, now - HOUR)
    return receipts.held_back(standing, now) or (f"{left} went out within the hour" if left >= rules.per_hour else "")


def once_more(session: Session, config: Config, operation: Operation, delivery: Delivery, now: datetime) -> bool:
    """Queue a receipt again under our own address where the server refuses the null sender: nothing was sent yet."""
    if operation.kind is OperationKind.SEND or operation.payload["from"] != NULL_SENDER:
        return False
    if any(answer is not Answer.REFUSED for answer, _, _ in delivery.answers.values()):
        return False
    payload = {**operation.payload, "from": config.mailbox.address}
    again = dataclasses.replace(operation, state=State.QUEUED, payload=payload, updated_at=now, next_attempt_at=now)
    operations.update(session, again)
    return True
