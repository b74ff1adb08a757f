"""What a query may ask of one ticket beside the ticket itself, read only as far as that query asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from supportterm.domain.ticket import MessageKind
from supportterm.store.mapping import maybe_at, message_from
from supportterm.store.reader import Reader
from supportterm.store.rows import select

if TYPE_CHECKING:
    from datetime import datetime

    from supportterm.domain.query import Query
    from supportterm.domain.query_matching import Facts
    from supportterm.store.database import Session

_SEARCHED, _PEOPLE = 100_000, 2_000
"""Characters of a body and of its people that count for free words, as in the index for search."""

Rows = Callable[[str, list[Any]], Sequence[Mapping[str, Any]]]
"""Runs a statement with its values and returns the rows."""


def of(session: Session, key: str, query: Query) -> Facts:
    """Return what a query asks of a ticket's messages, draft and clocks."""
    return _read(partial(select, session), key, query)


class TicketFacts(Reader):
    """The part of `Views` that a query put to one ticket asks."""

    def facts(self, key: str, query: Query) -> Facts:
        """Return what a query asks of a ticket's messages, draft and clocks; nothing is read where it asks none."""
        return _read(self._rows, key, query)


def _read(rows: Rows, key: str, query: Query) -> Facts:
    from supportterm.domain import query_reach
    from supportterm.domain.query_matching import Facts

    asked = query_reach.records(query)
    has: set[str] = set()
    texts: list[str] = []
    named: set[str] = set()
    running: dict[str, tuple[datetime | None, ...]] = {}
    if "message" in asked:
        for message in map(message_from, rows("SELECT * FROM message WHERE ticket_key = ? ORDER BY at, id", [key])):
            if message.kind is MessageKind.WITHDRAWN:
                continue
            has |= {message.kind.value} | ({"attachment"} if any(not a.inline for a in message.attachments) else set())
            people = " ".join(str(each) for each in (message.sender, *message.to, *message.cc))
            texts += [message.subject, message.text[:_SEARCHED], people[:_PEOPLE]]
        named |= {row["agent"] for row in rows(_NAMED, [key])}
    if "draft" in asked and rows("SELECT 1 FROM draft WHERE ticket_key = ? LIMIT 1", [key]):
        has.add("draft")
    if "clock" in asked:
        for row in rows("SELECT kind, due_at FROM clock WHERE ticket_key = ? AND state = 'running'", [key]):
            running[row["kind"]] = (*running.get(row["kind"], ()), maybe_at(row["due_at"]))
    return Facts(tuple(texts), frozenset(has), running, frozenset(named))


_NAMED = (
    "SELECT n.agent FROM message m JOIN note_mention n ON n.message = m.id WHERE m.ticket_key = ? AND m.kind = 'note'"
)
