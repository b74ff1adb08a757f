"""Warnings of clocks: each stands once, waits for the worker's triggers, and for one console that tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supportterm.domain.ledger import OWN
from supportterm.domain.warned import BREACH, Warned
from supportterm.store.mapping import dump, from_ms, maybe_at, maybe_ms, to_ms
from supportterm.store.reader import Reader
from supportterm.store.rows import execute, select

if TYPE_CHECKING:
    from sqlmodel import Session

_OWN_ENDS = f"(kind IN ({', '.join(repr(kind) for kind in sorted(OWN))}) AND percent >= {BREACH})"
"""What an agent set for themselves rings by itself."""
_ADD = (
    "INSERT OR IGNORE INTO warning (clock, percent, ticket_key, kind, agent, came_at, due_at, words)"
    " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE NOT EXISTS (SELECT 1 FROM warning w WHERE w.percent = ?2"
    " AND w.kind = ?4 AND w.came_at = ?6 AND (w.ticket_key = ?3"
    "  OR w.ticket_key IN (SELECT key FROM alias WHERE ticket_key = ?3)) AND w.clock LIKE w.ticket_key || ':%')"
)
"""A derived clock of a ticket that was joined is the same clock as before; its id begins with its ticket's key."""


def add(session: Session, warned: Iterable[Warned]) -> None:
    """Enter warnings; one that was entered before stays as it is."""
    for one in warned:
        execute(
            session,
            _ADD,
            [one.clock, one.percent, one.ticket_key, one.kind, one.agent, to_ms(one.came_at), maybe_ms(one.due_at),
             one.words],
        )  # fmt: skip


def moved(session: Session, clock: str, due_at: datetime) -> None:
    """Forget the warnings of a clock that an agent gave another time: it warns anew."""
    execute(session, "DELETE FROM warning WHERE clock = ? AND due_at != ?", [clock, to_ms(due_at)])


def unseen(session: Session, most: int) -> list[Warned]:
    """Return the warnings the worker has not looked at, the oldest first."""
    rows = select(session, "SELECT * FROM warning WHERE seen = 0 ORDER BY came_at, clock, percent LIMIT ?", [most])
    return [_from(row) for row in rows]


def see(session: Session, one: Warned) -> bool:
    """Mark a warning as looked at; False where it was already."""
    return bool(
        execute(
            session,
            "UPDATE warning SET seen = 1 WHERE clock = ? AND percent = ? AND seen = 0",
            [one.clock, one.percent],
        )
    )


def see_all(session: Session) -> None:
    """Mark every warning as looked at: nothing waits for one."""
    execute(session, "UPDATE warning SET seen = 1 WHERE seen = 0")


def claim(session: Session, me: str) -> list[Warned]:
    """Return what is to be told at this desk, and remember that it is told: this agent's, and what is nobody's.

    Whoever asks first tells.
    """
    rows = select(
        session,
        "SELECT * FROM warning WHERE told = 0 AND (agent = ? OR agent IS NULL) ORDER BY came_at, clock, percent",
        [me],
    )
    execute(session, "UPDATE warning SET told = 1 WHERE told = 0 AND (agent = ? OR agent IS NULL)", [me])
    return [_from(row) for row in rows if not (row["kind"] in OWN and row["percent"] >= BREACH)]


def queue_run(session: Session, ticket_key: str, name: str, argv: list[str], given: str, now: datetime) -> int:
    """Enter a command that a trigger wants run, with what it is given on its input; return its number."""
    rows = select(
        session,
        "INSERT INTO trigger_run (ticket_key, name, argv, given, state, at)"
        " VALUES (?, ?, ?, ?, 'queued', ?) RETURNING id",
        [ticket_key, name, dump(argv), given, to_ms(now)],
    )
    return int(rows[0]["id"])


def runs(session: Session, state: str) -> list[Mapping[str, Any]]:
    """Return the commands in a state, the oldest first."""
    return select(session, "SELECT * FROM trigger_run WHERE state = ? ORDER BY id", [state])


def move_run(session: Session, number: int, before: str, after: str, now: datetime, said: str = "") -> bool:
    """Move a command from one state to another; False where it was not in the first."""
    return bool(
        execute(
            session,
            "UPDATE trigger_run SET state = ?, at = ?, said = ? WHERE id = ? AND state = ?",
            [after, to_ms(now), said, number, before],
        )
    )


def mails_since(session: Session, since: datetime) -> int:
    """Return how many mails triggers wrote since an instant."""
    rows = select(
        session, "SELECT count(*) AS n FROM operation WHERE kind = 'notice' AND created_at >= ?", [to_ms(since)]
    )
    return int(rows[0]["n"])


class Warnings(Reader):
    """The part of `Views` that reads warnings."""

    def has_untold(self, me: str) -> bool:
        """Tell whether a warning waits to be told at this desk; two looks at an index."""
        return any(
            self._rows(f"SELECT 1 FROM warning WHERE told = 0 AND {whose} AND NOT {_OWN_ENDS} LIMIT 1", {"me": me})  # noqa: S608 two fixed conditions
            for whose in ("agent = :me", "agent IS NULL")
        )

    def failed_runs(self, since_ms: int, most: int = 5) -> list[Mapping[str, Any]]:
        """Return the commands of triggers that failed since an instant (milliseconds), the latest first."""
        return list(
            self._rows(
                "SELECT * FROM trigger_run WHERE state IN ('failed', 'unknown') AND at >= :since"
                " ORDER BY at DESC LIMIT :most",
                {"since": since_ms, "most": most},
            )
        )


def _from(row: Mapping[str, Any]) -> Warned:
    return Warned(
        clock=row["clock"],
        percent=row["percent"],
        ticket_key=row["ticket_key"],
        kind=row["kind"],
        agent=row["agent"],
        came_at=from_ms(row["came_at"]),
        due_at=maybe_at(row["due_at"]),
        words=row["words"],
    )
