"""What the passing of time alone changes: waits that grow, deadlines that near, snoozes that end, solved that rests."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.desk import promise_clocks
from supportterm.desk.ranking import Ranking
from supportterm.desk.standing import refresh
from supportterm.domain import events
from supportterm.domain.clock import Clock
from supportterm.domain.standing import SOLVED_FOR
from supportterm.domain.ticket import Status, Ticket
from supportterm.store import clocks, journal, tickets
from supportterm.store.database import Database
from supportterm.store.mapping import to_ms

if TYPE_CHECKING:
    from supportterm.store.database import Session

_AT_ONCE = 50


def rerank(database: Database, ranking: Ranking, clock: Clock) -> int:
    """Rank anew the tickets whose time has come, and return how many; an indexed look where there are none."""
    total = 0
    while True:
        now = clock.now()
        with database.write(bulk=True) as session:
            keys = tickets.due_for_ranking(session, to_ms(now), _AT_ONCE)
            changed = []
            for ticket in tickets.load(session, keys).values():
                if ticket.snoozed_until is not None and ticket.snoozed_until <= now:
                    ticket = dataclasses.replace(ticket, snoozed_until=None)
                if ticket.status is Status.SOLVED and ticket.updated_at + SOLVED_FOR <= now:
                    ticket = _close(session, ticket, now)
                changed.append(ranking.rank(session, ticket, now))
            tickets.save(session, changed)
        total += len(keys)
        if len(keys) < _AT_ONCE:
            return total


def break_promises(database: Database, ranking: Ranking, clock: Clock) -> int:
    """See to the promises whose time has come, and return of how many tickets; an indexed look where there are none."""
    total = 0
    while True:
        now = clock.now()
        with database.write(bulk=True) as session:
            keys = clocks.due(session, promise_clocks.KIND, to_ms(now), _AT_ONCE)
            found = tickets.load(session, tickets.resolve(session, keys).values())
            tickets.save(session, [refresh(session, ranking, ticket, now) for ticket in found.values()])
        total += len(keys)
        if len(keys) < _AT_ONCE:
            return total


def _close(session: Session, ticket: Ticket, now: datetime) -> Ticket:
    """Close a ticket that stayed solved; the journal says that time did it."""
    closed = dataclasses.replace(ticket, status=Status.CLOSED, updated_at=now)
    payload = events.difference(ticket, closed)
    journal.append(session, ticket.key, events.EventKind.CHANGED, payload, by="supportterm", at=now)
    return closed
