"""The clocks of tickets: derived ones are written when a ticket changes, set ones by verbs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from supportterm.domain.ledger import ClockState, TicketClock, from_json, to_json
from supportterm.store.mapping import dump, from_ms, maybe_at, maybe_ms, to_ms
from supportterm.store.reader import Reader
from supportterm.store.rows import execute, execute_many, select

if TYPE_CHECKING:
    from sqlmodel import Session

    from supportterm.domain.ticket import Ticket

SET = ("promise", "callback", "follow-up", "reminder", "hold")
"""The kinds that verbs set; every other is derived from its ticket's history and policy."""
_COLUMNS = (
    "id", "ticket_key", "kind", "state", "agent", "started_at", "due_at", "warned", "policy", "words", "ledger",
)  # fmt: skip
_UPSERT = (
    f"INSERT INTO clock ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608 our own column names
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in _COLUMNS[1:])}"
)


def load(session: Session, ticket_keys: Iterable[str]) -> dict[str, list[TicketClock]]:
    """Return ticket key -> its clocks, the earliest first; tickets without any are left out."""
    found: dict[str, list[TicketClock]] = {}
    for row in select(
        session,
        "SELECT * FROM clock WHERE ticket_key IN (SELECT value FROM json_each(?)) ORDER BY started_at, id",
        [dump(list(ticket_keys))],
    ):
        found.setdefault(row["ticket_key"], []).append(clock_from(row))
    return found


def get(session: Session, clock: str) -> TicketClock | None:
    """Return one clock, or None."""
    rows = select(session, "SELECT * FROM clock WHERE id = ?", [clock])
    return clock_from(rows[0]) if rows else None


def put(session: Session, clocks: Iterable[TicketClock]) -> None:
    """Insert or update clocks."""
    execute_many(session, _UPSERT, map(_values, clocks))


def remove(session: Session, ids: Iterable[str]) -> None:
    """Take clocks away."""
    execute_many(session, "DELETE FROM clock WHERE id = ?", ((each,) for each in ids))


def absorb(session: Session, kept: str, absorbed: str) -> None:
    """Move the set clocks of a ticket that another takes in; the derived ones are derived anew from both histories."""
    execute(session, "UPDATE clock SET ticket_key = ? WHERE ticket_key = ?", [kept, absorbed])


class Clocks(Reader):
    """The part of `Views` that reads clocks."""

    def clocks(self, key: str) -> list[TicketClock]:
        """Return a ticket's clocks, the earliest first."""
        return [
            clock_from(row)
            for row in self._rows("SELECT * FROM clock WHERE ticket_key = ? ORDER BY started_at, id", [key])
        ]

    def next_clocks(self, me: str, now_ms: int, most: int = 4) -> list[tuple[TicketClock, Ticket]]:
        """Return the next running clocks of this agent or of nobody in particular, of every kind, soonest first.

        Those that are late come first, the one that broke last before the others, at most so many of them and
        at most so many still to come: `TicketClock.is_late` marks them.
        """
        late = self._ends(me, f"due_at <= {int(now_ms)}", "DESC", most)
        coming = self._ends(me, f"due_at > {int(now_ms)}", "ASC", most)
        clocks = [clock_from(row) for row in (*late, *coming)]
        keys = dump([clock.ticket_key for clock in clocks])
        rows = self._rows("SELECT * FROM ticket WHERE key IN (SELECT value FROM json_each(?))", [keys])
        tickets = {ticket.key: ticket for ticket in self._tickets(rows)}
        return [(clock, tickets[clock.ticket_key]) for clock in clocks if clock.ticket_key in tickets]

    def late_clocks(self, me: str, now_ms: int, most: int = 100) -> int:
        """Return how many running clocks of this agent or of nobody are late, counted up to `most`."""
        return len(self._ends(me, f"due_at <= {int(now_ms)}", "DESC", most))

    def _ends(self, me: str, when: str, way: str, most: int) -> list[dict[str, Any]]:
        rows = []
        for whose in ("agent = :me", "agent IS NULL"):
            rows += self._rows(
                f"SELECT * FROM clock WHERE state = 'running' AND {whose} AND {when} ORDER BY due_at {way} LIMIT :most",  # noqa: S608 two fixed conditions and numbers
                {"me": me, "most": most},
            )
        rows.sort(key=lambda row: row["due_at"], reverse=way == "DESC")
        return rows[:most]


def clock_from(row: Mapping[str, Any]) -> TicketClock:
    """Build a clock from a row's columns."""
    return TicketClock(
        id=row["id"],
        ticket_key=row["ticket_key"],
        kind=row["kind"],
        state=ClockState(row["state"]),
        started_at=from_ms(row["started_at"]),
        due_at=maybe_at(row["due_at"]),
        agent=row["agent"],
        warned=row["warned"],
        policy=row["policy"],
        words=row["words"],
        ledger=from_json(row["ledger"]),
    )


def _values(clock: TicketClock) -> tuple[Any, ...]:
    return (
        clock.id, clock.ticket_key, clock.kind, clock.state.value, clock.agent, to_ms(clock.started_at),
        maybe_ms(clock.due_at), clock.warned, clock.policy, clock.words, to_json(clock.ledger),
    )  # fmt: skip
