"""What the passing of time alone changes: waits that grow, deadlines that near, snoozes that end, solved that rests."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.desk import promise_clocks
from supportterm.desk.clockwork import Past, pasts
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
    from supportterm.config import Config
    from supportterm.desk.context import Desk
    from supportterm.store.database import Session

_AT_ONCE = 50
_IN_A_STEP = 150
"""Tickets of one transaction; a verb waits for it some tens of milliseconds at most."""


def rerank(database: Database, ranking: Ranking, clock: Clock, *, unread: bool = True) -> int:
    """Rank anew the tickets whose time has come, and return how many; an indexed look where there are none.

    Promises whose time has come are broken first. Not `unread` where the rules
    have changed: then the customers' words are read again.
    """
    total = 0
    break_promises(database, ranking, clock)
    while True:
        now = clock.now()
        with database.write(bulk=True) as session, ranking.clockwork.together(session):
            keys = tickets.due_for_ranking(session, to_ms(now), _AT_ONCE)
            changed = []
            known = pasts(session, keys)
            for ticket in tickets.load(session, keys).values():
                if ticket.snoozed_until is not None and ticket.snoozed_until <= now:
                    ticket = dataclasses.replace(ticket, snoozed_until=None)
                past: Past | None = known[ticket.key]
                if ticket.status is Status.SOLVED and ticket.updated_at + SOLVED_FOR <= now:
                    ticket, past = _close(session, ticket, now), None
                changed.append(ranking.rank(session, ticket, now, past, unread=unread))
            tickets.save(session, changed)
        total += len(keys)
        if len(keys) < _AT_ONCE:
            return total


def follow(desk: Desk, config: Config, *, reads_anew: bool) -> None:
    """Rank by another configuration from now on; `reads_anew` where the rules for words have changed with it."""
    desk.ranking.follow(config)
    rewind(desk.database, desk.ranking, desk.clock)
    if reads_anew:
        with desk.database.write(bulk=True) as session:
            tickets.rank_all(session, to_ms(desk.now()))
        rerank(desk.database, desk.ranking, desk.clock, unread=False)


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


def keep_up(database: Database, ranking: Ranking, clock: Clock) -> None:
    """Rank what time has changed, where it has changed anything: else one look at an index, in no transaction."""
    at = database.next_instants()[1]
    if at is not None and at <= to_ms(clock.now()):
        rerank(database, ranking, clock)


def rewind(database: Database, ranking: Ranking, clock: Clock) -> int:
    """Wind every clock anew where the policies have changed since they were wound, and return of how many tickets.

    In small steps: a verb waits for one of them at most. What a step did stays
    done; one that was cut short begins again.
    """
    with database.write(bulk=True) as session:
        if not ranking.clockwork.is_stale(session, clock.now()):
            return 0
        keys = tickets.with_clocks(session)
    for start in range(0, len(keys), _IN_A_STEP):
        now = clock.now()
        with database.write(bulk=True) as session, ranking.clockwork.together(session):
            step = keys[start : start + _IN_A_STEP]
            known = pasts(session, step)
            found = tickets.load(session, step)
            changed = [ranking.rank(session, ticket, now, known[key], unread=True) for key, ticket in found.items()]
            tickets.save(session, (after for after in changed if after != found[after.key]))
    with database.write(bulk=True) as session:
        ranking.clockwork.wound(session)
    return len(keys)
