"""A ticket brought up to date with its messages: its instants, counts and rank."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.desk import promise_clocks
from supportterm.desk.clockwork import Past, pasts
from supportterm.desk.ranking import Ranking
from supportterm.domain.standing import Beat, timeline
from supportterm.domain.ticket import Ticket

if TYPE_CHECKING:
    from supportterm.store.database import Session


def refresh(session: Session, ranking: Ranking, ticket: Ticket, now: datetime, past: Past | None = None) -> Ticket:
    """Return the ticket as its accepted messages make it, its clocks wound, ranked; its status is left alone.

    What changed it is in the journal already; `past` is given where many are refreshed.
    """
    past = past or pasts(session, [ticket.key])[ticket.key]
    if past.beats:
        ticket = _told(ticket, past.beats, now)
    past = dataclasses.replace(past, clocks=promise_clocks.settle(session, ticket, now, past.clocks))
    return ranking.rank(session, ticket, now, past)


def _told(ticket: Ticket, beats: Sequence[Beat], now: datetime) -> Ticket:
    line = timeline(beats)
    return dataclasses.replace(
        ticket,
        created_at=line.created_at,
        updated_at=line.last_message_at if ticket.history else now,
        last_message_at=line.last_message_at,
        last_customer_at=line.last_customer_at,
        last_reply_at=line.last_reply_at,
        first_replied_at=line.first_replied_at,
        waiting_since=line.waiting_since,
        automatic=line.automatic,
        undelivered=line.undelivered,
        messages=len(beats),
    )
