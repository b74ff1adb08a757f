"""The clocks of tickets: derived ones are written when a ticket changes, set ones by verbs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supportterm.domain.ledger import ClockState, TicketClock, from_json, to_json
from supportterm.store.mapping import dump, from_ms, instants, instants_from, maybe_at, maybe_ms, to_ms
from supportterm.store.reader import Reader
from supportterm.store.rows import execute, execute_many, select

if TYPE_CHECKING:
    from sqlmodel import Session

    from supportterm.domain.ticket import Ticket

SET = ("promise", "callback", "follow-up", "reminder", "hold")
"""The kinds that verbs set; every other is derived from its ticket's history and policy."""
_COLUMNS = (
    "id", "ticket_key", "kind", "state", "agent", "started_at", "due_at", "warned", "policy", "words", "ledger",
    "warns",
)  # fmt: skip
_RESTS = (
    "SELECT 1 FROM ticket t WHERE t.key = c.ticket_key"
    " AND ((t.status = 'pending' AND c.kind IN ('first reply', 'next reply')) OR t.snoozed_until > c.due_at)"
)
"""A clock that nobody can do anything about: our answer is on its way, or the agent wants to see it later."""
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


def ended_untold(session: Session, agent: str, now_ms: int) -> list[TicketClock]:
    """Return an agent's reminders and follow-ups that have ended by an instant (milliseconds) and did not ring yet."""
    rows = select(
        session,
        "SELECT * FROM clock WHERE state = 'running' AND agent = ? AND due_at <= ? AND warned < 100"
        " AND kind IN ('reminder', 'follow-up', 'callback') ORDER BY due_at",
        [agent, now_ms],
    )
    return [clock_from(row) for row in rows]


def forget_derived(session: Session, ticket_key: str) -> None:
    """Take away a ticket's derived clocks: what takes it in derives its own, and so does it where it comes back."""
    execute(
        session,
        "DELETE FROM clock WHERE ticket_key = ? AND kind NOT IN (SELECT value FROM json_each(?))",
        [ticket_key, dump(SET)],
    )


def due(session: Session, kind: str, now_ms: int, most: int) -> list[str]:
    """Return the tickets whose running clocks of a kind have come to their time, the longest due first."""
    rows = select(
        session,
        "SELECT ticket_key FROM clock WHERE state = 'running' AND kind = ? AND due_at <= ? ORDER BY due_at LIMIT ?",
        [kind, now_ms, most],
    )
    return list(dict.fromkeys(row["ticket_key"] for row in rows))


class Clocks(Reader):
    """The part of `Views` that reads clocks."""

    def clocks(self, key: str) -> list[TicketClock]:
        """Return a ticket's clocks, the earliest first."""
        return [
            clock_from(row)
            for row in self._rows("SELECT * FROM clock WHERE ticket_key = ? ORDER BY started_at, id", [key])
        ]

    def of_kind(self, kind: str, most: int = 1000) -> list[TicketClock]:
        """Return the running clocks of a kind, the next due first."""
        rows = self._rows(
            "SELECT * FROM clock WHERE state = 'running' AND kind = ? ORDER BY due_at LIMIT ?", [kind, most]
        )
        return [clock_from(row) for row in rows]

    def promised(self, tickets: Sequence[Ticket]) -> list[Ticket]:
        """Return tickets with their next promise in place of their clock and their reasons."""
        rows = self._rows(
            "SELECT ticket_key, words, min(due_at) AS due_at FROM clock WHERE state = 'running' AND kind = 'promise'"
            " AND ticket_key IN (SELECT value FROM json_each(?)) GROUP BY ticket_key",
            [dump([ticket.key for ticket in tickets])],
        )
        next_one = {row["ticket_key"]: (row["words"], maybe_at(row["due_at"])) for row in rows}
        return [
            replace(ticket, words=next_one[ticket.key][0], due_at=next_one[ticket.key][1], due_kind="due")
            if ticket.key in next_one
            else ticket
            for ticket in tickets
        ]

    def policy_versions(self) -> list[tuple[datetime, str]]:
        """Return what the policies said from when on, the earliest first."""
        rows = self._rows("SELECT since, content FROM policy_version ORDER BY since")
        return [(from_ms(row["since"]), row["content"]) for row in rows]

    def next_clocks(self, me: str, now_ms: int, most: int = 4) -> list[tuple[TicketClock, Ticket]]:
        """Return the next running clocks of this agent or of nobody in particular, of every kind, soonest first.

        Whoever holds the line comes first, then those that are late, the one that broke last before the others.
        There are at most so many of these, and at most so many still to come: `TicketClock.is_late` marks them. Left
        out are a reply's where our answer is on its way, and those that end while their ticket sleeps.
        """
        late = self._ends(me, f"due_at <= {int(now_ms)}", "DESC", most)
        coming = self._ends(me, f"due_at > {int(now_ms)}", "ASC", most)
        clocks = sorted(map(clock_from, (*late, *coming)), key=lambda clock: clock.kind != "hold")
        keys = dump([clock.ticket_key for clock in clocks])
        rows = self._rows("SELECT * FROM ticket WHERE key IN (SELECT value FROM json_each(?))", [keys])
        tickets = {ticket.key: ticket for ticket in self._tickets(rows)}
        return [(clock, tickets[clock.ticket_key]) for clock in clocks if clock.ticket_key in tickets]

    def rings(self, me: str, now_ms: int) -> bool:
        """Tell whether a reminder of this agent has ended that did not ring yet."""
        rows = self._rows(
            "SELECT 1 FROM clock WHERE state = 'running' AND agent = ? AND due_at <= ? AND warned < 100"
            " AND kind IN ('reminder', 'follow-up', 'callback') LIMIT 1",
            [me, now_ms],
        )
        return bool(rows)

    def late_clocks(self, me: str, now_ms: int, most: int = 100) -> int:
        """Return how many running clocks of this agent or of nobody are late, counted up to `most`."""
        return len(self._ends(me, f"due_at <= {int(now_ms)}", "DESC", most))

    def _ends(self, me: str, when: str, way: str, most: int) -> list[dict[str, Any]]:
        rows = []
        for whose in ("agent = :me", "agent IS NULL"):
            rows += self._rows(
                f"SELECT * FROM clock c WHERE state = 'running' AND {whose} AND {when} AND NOT EXISTS ({_RESTS})"  # noqa: S608 two fixed conditions and numbers
                f" ORDER BY due_at {way} LIMIT :most",
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
        warns=instants_from(row["warns"]),
    )


def _values(clock: TicketClock) -> tuple[Any, ...]:
    return (
        clock.id, clock.ticket_key, clock.kind, clock.state.value, clock.agent, to_ms(clock.started_at),
        maybe_ms(clock.due_at), clock.warned, clock.policy, clock.words, to_json(clock.ledger),
        instants(clock.warns),
    )  # fmt: skip
