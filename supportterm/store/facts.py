"""What a query may ask of one ticket beside the ticket itself, read only as far as that query asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from supportterm.domain import query_reach
from supportterm.domain.ledger import ClockState
from supportterm.domain.mentions import mentioned
from supportterm.domain.query_matching import Facts
from supportterm.domain.ticket import MessageKind
from supportterm.store.clocks import clock_from
from supportterm.store.mapping import message_from
from supportterm.store.reader import Reader
from supportterm.store.rows import select

if TYPE_CHECKING:
    from datetime import datetime

    from supportterm.domain.query import Query
    from supportterm.store.database import Session

_SEARCHED, _PEOPLE = 100_000, 2_000
"""Characters of a body and of its people that count for free words, as in the index for search."""
_Rows = Callable[[str, list[Any]], Sequence[Mapping[str, Any]]]


def of(session: Session, key: str, query: Query) -> Facts:
    """Return what a query asks of a ticket's messages, draft and clocks."""
    return read(session, key, query_reach.records(query))


def read(session: Session, key: str, asked: frozenset[str]) -> Facts:
    """Return what `query_reach.records` names, of one ticket."""
    return _read(asked, key, lambda sql, values: select(session, sql, values))


class TicketFacts(Reader):
    """The part of `Views` that reads what queries ask of one ticket."""

    def facts(self, key: str, asked: frozenset[str]) -> Facts:
        """Return what `query_reach.records` names, of one ticket."""
        return _read(asked, key, self._rows)


def _read(asked: frozenset[str], key: str, rows: _Rows) -> Facts:
    has: set[str] = set()
    texts: list[str] = []
    named: set[str] = set()
    running: dict[str, tuple[datetime | None, ...]] = {}
    if "message" in asked:
        for row in rows("SELECT * FROM message WHERE ticket_key = ? ORDER BY at, id", [key]):
            message = message_from(row)
            if message.kind is MessageKind.WITHDRAWN:
                continue
            has |= {message.kind.value} | ({"attachment"} if any(not a.inline for a in message.attachments) else set())
            people = " ".join(str(each) for each in (message.sender, *message.to, *message.cc))
            texts += [message.subject, message.text[:_SEARCHED], people[:_PEOPLE]]
            if message.kind is MessageKind.NOTE:
                named.update(mentioned(message.text))
    if "draft" in asked and rows("SELECT 1 FROM draft WHERE ticket_key = ? LIMIT 1", [key]):
        has.add("draft")
    if "clock" in asked:
        for row in rows("SELECT * FROM clock WHERE ticket_key = ? ORDER BY started_at, id", [key]):
            clock = clock_from(row)
            if clock.state is ClockState.RUNNING:
                running[clock.kind] = (*running.get(clock.kind, ()), clock.due_at)
    return Facts(tuple(texts), frozenset(has), running, frozenset(named))
