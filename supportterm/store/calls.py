"""Phone calls: the one under way of each agent, with all that was typed, and those that are over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from supportterm.domain.calls import Call, Turn
from supportterm.domain.ticket import Ticket
from supportterm.store.mapping import dump, from_ms, maybe_at, maybe_ms, to_ms
from supportterm.store.reader import Reader
from supportterm.store.rows import execute, select, tuples

if TYPE_CHECKING:
    from sqlmodel import Session

_COLUMNS = (
    "id", "agent", "ticket_key", "name", "number", "opened", "started_at", "updated_at", "ended_at", "target", "turns",
    "notes", "message",
)  # fmt: skip
_UPSERT = (
    f"INSERT INTO call ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608 our own column names
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in _COLUMNS[1:])}"
)
_UNDER_WAY = "SELECT * FROM call WHERE agent = ? AND ended_at IS NULL"


def put(session: Session, call: Call) -> None:
    """Insert or update a call."""
    execute(session, _UPSERT, _values(call))


def get(session: Session, number: str) -> Call | None:
    """Return a call by its id, or None."""
    rows = select(session, "SELECT * FROM call WHERE id = ?", [number])
    return call_from(rows[0]) if rows else None


def under_way(session: Session, agent: str) -> Call | None:
    """Return an agent's call that has not ended, or None."""
    rows = select(session, _UNDER_WAY, [agent])
    return call_from(rows[0]) if rows else None


def remove(session: Session, number: str) -> None:
    """Forget a call."""
    execute(session, "DELETE FROM call WHERE id = ?", [number])


def is_bare(session: Session, ticket_key: str) -> bool:
    """Tell whether nothing lies on a ticket, and nothing was done to it, besides calls that are none any more."""
    parts = [f"SELECT 1 FROM {table} WHERE ticket_key = ?1" for table in ("operation", "draft", "alias")]  # noqa: S608 fixed names
    parts.append(
        "SELECT 1 FROM clock WHERE ticket_key = ?1 AND kind IN ('promise', 'callback', 'follow-up', 'reminder')"
    )
    parts.append("SELECT 1 FROM message WHERE ticket_key = ?1 AND kind != 'withdrawn'")
    parts.append("SELECT 1 FROM event WHERE ticket_key = ?1 AND kind NOT LIKE 'call%'")
    return not tuples(session, f"{' UNION ALL '.join(parts)} LIMIT 1", [ticket_key])


def forget_ticket(session: Session, ticket_key: str) -> None:
    """Take away a ticket on which nothing lies."""
    execute(session, "DELETE FROM clock WHERE ticket_key = ?", [ticket_key])
    execute(session, "DELETE FROM tag WHERE ticket_key = ?", [ticket_key])
    execute(session, "DELETE FROM ticket WHERE key = ?", [ticket_key])


class PhoneCalls(Reader):
    """The part of `Views` that reads calls."""

    def call(self, agent: str) -> Call | None:
        """Return an agent's call under way, or None; one look at an index."""
        rows = self._rows(_UNDER_WAY, [agent])
        return call_from(rows[0]) if rows else None

    def tickets_of_caller(self, identity: str, limit: int = 4) -> list[Ticket]:
        """Return a customer's tickets by their address or number, those not over first, the newest first."""
        rows = self._rows(
            "SELECT * FROM ticket WHERE requester_address = ?"
            " ORDER BY status IN ('solved', 'closed', 'spam'), created_at DESC LIMIT ?",
            [identity, limit],
        )
        return self._tickets(rows)


def call_from(row: Mapping[str, Any]) -> Call:
    """Build a call from a row's columns."""
    return Call(
        id=row["id"],
        agent=row["agent"],
        ticket_key=row["ticket_key"],
        name=row["name"],
        number=row["number"],
        started_at=from_ms(row["started_at"]),
        updated_at=from_ms(row["updated_at"]),
        turns=tuple((from_ms(at), Turn(turn)) for at, turn in json.loads(row["turns"])),
        notes=row["notes"],
        target=None if row["target"] is None else timedelta(milliseconds=row["target"]),
        opened=bool(row["opened"]),
        ended_at=maybe_at(row["ended_at"]),
        message=row["message"],
    )


def _values(call: Call) -> tuple[Any, ...]:
    return (
        call.id, call.agent, call.ticket_key, call.name, call.number, int(call.opened), to_ms(call.started_at),
        to_ms(call.updated_at), maybe_ms(call.ended_at),
        None if call.target is None else call.target // timedelta(milliseconds=1),
        dump([[to_ms(at), turn.value] for at, turn in call.turns]), call.notes, call.message,
    )  # fmt: skip
