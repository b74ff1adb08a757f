"""The journal: every verb's event, appended in the verb's own transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supportterm.domain.events import Event, EventKind
from supportterm.store import meta
from supportterm.store.mapping import dump, event_from, to_ms
from supportterm.store.rows import execute, select, tuples

if TYPE_CHECKING:
    from sqlmodel import Session

_MOVING = (
    "e.kind IN ('changed', 'reply-queued', 'reply-undone', 'reply-accepted', 'reply-stopped', 'reply-released',"
    " 'merged', 'unmerged', 'split', 'blocked', 'unblocked', 'called')"
)
_TOLD = (
    "SELECT j.value AS owner, e.* FROM json_each(?1) j JOIN event e ON e.ticket_key = j.value"  # noqa: S608 fixed kinds
    f" WHERE {_MOVING} UNION ALL"
    " SELECT j.value AS owner, e.* FROM json_each(?1) j JOIN alias a ON a.ticket_key = j.value"
    f" JOIN event e ON e.ticket_key = a.key WHERE {_MOVING}"
)
STEP = 1_000
"""The most tickets one step may change; their events follow each other in the sequence."""


def append(
    session: Session,
    ticket_key: str,
    kind: EventKind,
    payload: Mapping[str, Any],
    *,
    by: str,
    at: datetime,
    undoes: str | None = None,
) -> Event:
    """Append an event and return it; its sequence is dense within this replica, its base the ticket's last event."""
    replica = meta.get(session, "replica")
    if replica is None:
        replica = secrets.token_hex(8)
        meta.put(session, "replica", replica)
    seq = int(tuples(session, "SELECT ifnull(max(seq), 0) + 1 FROM event WHERE replica = ?", [replica])[0][0])
    last = tuples(
        session, "SELECT replica, seq FROM event WHERE ticket_key = ? ORDER BY rowid DESC LIMIT 1", [ticket_key]
    )
    base = f"{last[0][0]}:{last[0][1]}" if last else None
    event = Event(secrets.token_hex(16), replica, seq, by, at, ticket_key, kind, payload, base, undoes)
    execute(
        session,
        "INSERT INTO event (id, v, replica, seq, by, at, ticket_key, kind, base, payload, undoes)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [event.id, event.v, replica, seq, by, to_ms(at), ticket_key, kind.value, base, dump(payload), undoes],
    )
    return event


def last_undoable(session: Session, by: str, ticket_key: str | None = None) -> Event | None:
    """Return the newest event of this agent that can be taken back and has not been, or None.

    On one ticket what a trigger did counts as well.
    """
    rows = select(
        session,
        "SELECT * FROM event e WHERE (e.by = ? OR (e.by = 'the policy' AND e.ticket_key = ?))"
        " AND e.kind IN ('changed', 'noted', 'reply-queued', 'clock-set', 'promise', 'merged', 'unmerged', 'split',"
        " 'blocked', 'unblocked', 'called', 'away', 'handed-over', 'escalated', 'refusal', 'relay', 'hint-muted',"
        " 'hint-heard', 'problem')"
        " AND (e.undoes IS NULL OR json_extract(e.payload, '$.step'))"
        " AND (? IS NULL OR e.ticket_key = ?) AND NOT EXISTS (SELECT 1 FROM event u WHERE u.undoes = e.id"
        "  AND NOT EXISTS (SELECT 1 FROM event v WHERE v.undoes = u.id))"
        " ORDER BY e.rowid DESC LIMIT 1",
        [by, ticket_key, ticket_key, ticket_key],
    )
    return event_from(rows[0]) if rows else None


def queueing(session: Session, ticket_key: str, operation: int) -> Event | None:
    """Return the event that queued a mail of a ticket, or None."""
    rows = select(
        session,
        "SELECT * FROM event WHERE (ticket_key = ? OR ticket_key IN (SELECT key FROM alias WHERE ticket_key = ?))"
        " AND kind = 'reply-queued' AND json_extract(payload, '$.operation') = ? ORDER BY rowid DESC LIMIT 1",
        [ticket_key, ticket_key, operation],
    )
    return event_from(rows[0]) if rows else None


def step_of(session: Session, event: Event) -> list[Event]:
    """Return what was done in one step with an event and still stands, newest first, the event itself included."""
    group = event.payload.get("group")
    if group is None:
        return [event]
    rows = select(
        session,
        "SELECT * FROM event e WHERE e.replica = ? AND e.seq <= ? AND e.seq > ?"
        " AND e.kind IN ('changed', 'merged', 'blocked', 'reply-queued', 'problem')"
        " AND json_extract(e.payload, '$.group') = ?"
        " AND NOT EXISTS (SELECT 1 FROM event u WHERE u.undoes = e.id"
        "  AND NOT EXISTS (SELECT 1 FROM event v WHERE v.undoes = u.id))"
        " ORDER BY e.seq DESC",
        [event.replica, event.seq, event.seq - STEP, group],
    )
    return [event_from(row) for row in rows]


def told(session: Session, ticket_keys: Iterable[str]) -> dict[str, list[Event]]:
    """Return ticket key -> what its journal says that may move a clock, with that of tickets it took in."""
    found: dict[str, list[Event]] = {}
    wanted = dump(list(ticket_keys))
    for row in select(session, _TOLD, [wanted]):
        found.setdefault(row["owner"], []).append(event_from(row))
    return found


def touched(session: Session, ticket_keys: str) -> set[str]:
    """Return which of these tickets (a JSON list of keys) an agent has worked on; what a mail joined is no work."""
    return {
        key
        for (key,) in tuples(
            session,
            "SELECT DISTINCT ticket_key FROM event WHERE NOT (kind = 'merged' AND by = 'supportterm')"
            " AND by != 'the policy' AND kind != 'triggered'"
            " AND kind != 'clock-breached' AND kind NOT LIKE 'receipt-%'"
            " AND ticket_key IN (SELECT value FROM json_each(?))",
            [ticket_keys],
        )
    }


def merging(session: Session, kept: str, absorbed: str | None = None) -> Event | None:
    """Return the newest event by which a ticket took in another that is still in it, by hand; else None."""
    rows = select(
        session,
        "SELECT e.* FROM event e JOIN alias a ON a.key = json_extract(e.payload, '$.absorbed')"
        " WHERE e.kind = 'merged' AND a.ticket_key = ? AND (? IS NULL OR a.key = ?)"
        " AND json_extract(e.payload, '$.parts') IS NOT NULL ORDER BY e.rowid DESC LIMIT 1",
        [kept, absorbed, absorbed],
    )
    return event_from(rows[0]) if rows else None


def restoring(session: Session, merged: Event) -> list[Event]:
    """Return a merge, and where it took back that a ticket was taken out, the merge it restores, and so on."""
    found = [merged]
    while rows := select(
        session,
        "SELECT b.* FROM event u JOIN event b ON b.id = u.undoes AND b.kind = 'merged'"
        " WHERE u.kind = 'unmerged' AND u.id = ?",
        [found[-1].undoes],
    ):
        found.append(event_from(rows[0]))
    return found


def taken_out(session: Session, parts: Iterable[str], since: Event) -> list[Event]:
    """Return the events after another by which tickets became ones of their own, if they still stand."""
    wanted = list(parts)
    rows = wanted and select(
        session,
        "SELECT * FROM event e WHERE e.kind = 'unmerged' AND e.rowid > (SELECT rowid FROM event WHERE id = ?)"
        " AND json_extract(e.payload, '$.absorbed') IN (SELECT value FROM json_each(?))"
        " AND NOT EXISTS (SELECT 1 FROM event u WHERE u.undoes = e.id"
        "  AND NOT EXISTS (SELECT 1 FROM event v WHERE v.undoes = u.id))",
        [since.id, dump(wanted)],
    )
    return [event_from(row) for row in rows or ()]
