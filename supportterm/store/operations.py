"""Operations: what waits to be done on the server, the outbox among them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.domain.operations import Operation, OperationKind, Recipient, State
from supportterm.store.mapping import dump, maybe_ms, operation_from, to_ms
from supportterm.store.rows import execute, execute_many, select, tuples

if TYPE_CHECKING:
    from sqlmodel import Session


def add(session: Session, operation: Operation) -> int:
    """Insert an operation with its recipients and return its id."""
    o = operation
    result = tuples(
        session,
        "INSERT INTO operation (ticket_key, kind, state, message, message_id, payload, base_message, base_at,"
        " created_at, updated_at, not_before, next_attempt_at, attempts, said)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        [
            o.ticket_key, o.kind.value, o.state.value, o.message, o.message_id, dump(o.payload), o.base_message,
            maybe_ms(o.base_at) or 0, to_ms(o.created_at), to_ms(o.updated_at), to_ms(o.not_before),
            to_ms(o.next_attempt_at), o.attempts, o.said,
        ],
    )  # fmt: skip
    number = int(result[0][0])
    execute_many(
        session,
        "INSERT INTO recipient VALUES (?, ?, ?, ?, ?)",
        ((number, r.address, r.state.value, r.code, r.said) for r in o.recipients),
    )
    return number


def get(session: Session, number: int) -> Operation | None:
    """Return an operation with its recipients, or None."""
    rows = select(session, "SELECT * FROM operation WHERE id = ?", [number])
    return _with_recipients(session, operation_from(rows[0])) if rows else None


def due(session: Session, now: datetime) -> list[Operation]:
    """Return the queued operations whose time has come, oldest first, at most the first of each ticket's mails.

    A ticket's later mail waits for its earlier one while that is queued or on its way, unless that was to leave later.
    """
    rows = select(
        session,
        "SELECT * FROM operation o WHERE o.state IN ('queued', 'sending') AND o.state = 'queued'"
        " AND o.next_attempt_at <= ?"
        " AND (o.kind != 'send' OR NOT EXISTS (SELECT 1 FROM operation e WHERE e.ticket_key = o.ticket_key"
        "  AND e.kind = 'send' AND e.id < o.id AND e.not_before <= o.not_before AND e.state IN ('queued', 'sending')))"
        " ORDER BY o.not_before, o.id",
        [to_ms(now)],
    )
    return [_with_recipients(session, operation_from(row)) for row in rows]


def held(session: Session) -> list[Operation]:
    """Return the mails that wait for a time their author named, oldest first; one look at a small index."""
    rows = select(
        session,
        "SELECT * FROM operation WHERE kind = 'send' AND state NOT IN ('accepted', 'undone') AND state = 'queued'"
        " AND json_extract(payload, '$.later') IS NOT NULL ORDER BY id",
        [],
    )
    return [_with_recipients(session, operation_from(row)) for row in rows]


def in_state(session: Session, state: State, kind: OperationKind) -> list[Operation]:
    """Return the operations of a kind in a state, oldest first."""
    rows = select(
        session, "SELECT * FROM operation WHERE state = ? AND kind = ? ORDER BY id", [state.value, kind.value]
    )
    return [_with_recipients(session, operation_from(row)) for row in rows]


def move(session: Session, number: int, before: State, after: State, now: datetime, said: str = "") -> bool:
    """Move an operation from one state to another; False where it was not (or no longer) in the first."""
    return bool(
        execute(
            session,
            "UPDATE operation SET state = ?, updated_at = ?, said = ? WHERE id = ? AND state = ?",
            [after.value, to_ms(now), said, number, before.value],
        )
    )


def update(session: Session, operation: Operation, recipients: Sequence[Recipient] | None = None) -> None:
    """Write an operation's state, times, tries and words, and its recipients where given."""
    o = operation
    execute(
        session,
        "UPDATE operation SET state = ?, payload = ?, base_message = ?, base_at = ?, updated_at = ?, not_before = ?,"
        " next_attempt_at = ?, attempts = ?, said = ? WHERE id = ?",
        [
            o.state.value, dump(o.payload), o.base_message, maybe_ms(o.base_at) or 0, to_ms(o.updated_at),
            to_ms(o.not_before), to_ms(o.next_attempt_at), o.attempts, o.said, o.id,
        ],
    )  # fmt: skip
    if recipients is not None:
        execute_many(
            session,
            "UPDATE recipient SET state = ?, code = ?, said = ? WHERE operation = ? AND address = ?",
            ((r.state.value, r.code, r.said, o.id, r.address) for r in recipients),
        )


def _with_recipients(session: Session, operation: Operation) -> Operation:
    rows = tuples(
        session,
        "SELECT address, state, code, said FROM recipient WHERE operation = ? ORDER BY address",
        [operation.id],
    )
    found = tuple(Recipient(address, State(state), code, said) for address, state, code, said in rows)
    return dataclasses.replace(operation, recipients=found)
