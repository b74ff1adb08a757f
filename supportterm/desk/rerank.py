"""What the passing of time alone changes: waits that grow, deadlines that near, snoozes that end."""

from __future__ import annotations

import dataclasses

from supportterm.desk.ranking import Ranking
from supportterm.domain.clock import Clock
from supportterm.store import tickets
from supportterm.store.database import Database
from supportterm.store.mapping import to_ms

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
                changed.append(ranking.rank(session, ticket, now))
            tickets.save(session, changed)
        total += len(keys)
        if len(keys) < _AT_ONCE:
            return total
