"""What a query may ask of one ticket beside the ticket itself, read only as far as that query asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportterm.domain import query_reach
from supportterm.domain.ledger import ClockState
from supportterm.domain.query_matching import Facts
from supportterm.store import clocks, messages
from supportterm.store.rows import tuples

if TYPE_CHECKING:
    from datetime import datetime

    from supportterm.domain.query import Query
    from supportterm.store.database import Session

_SEARCHED, _PEOPLE = 100_000, 2_000
"""Characters of a body and of its people that count for free words, as in the index for search."""


def of(session: Session, key: str, query: Query) -> Facts:
    """Return what a query asks of a ticket's messages, draft and clocks."""
    asked = query_reach.records(query)
    has: set[str] = set()
    texts: list[str] = []
    running: dict[str, tuple[datetime | None, ...]] = {}
    if "message" in asked:
        for message in messages.load(session, key):
            has |= {message.kind.value} | ({"attachment"} if message.attachments else set())
            people = " ".join(str(each) for each in (message.sender, *message.to, *message.cc))
            texts += [message.subject, message.text[:_SEARCHED], people[:_PEOPLE]]
    if "draft" in asked and tuples(session, "SELECT 1 FROM draft WHERE ticket_key = ? LIMIT 1", [key]):
        has.add("draft")
    if "clock" in asked:
        for clock in clocks.load(session, [key]).get(key, []):
            if clock.state is ClockState.RUNNING:
                running[clock.kind] = (*running.get(clock.kind, ()), clock.due_at)
    return Facts(tuple(texts), frozenset(has), running)
