"""A query put to one ticket in memory: the same meaning as the SQL that `store.filters` makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from supportterm.domain.folding import fold, holds
from supportterm.domain.query import All, Either, Node, Not, Query, Test, Words
from supportterm.domain.query_fields import CLOCKS, NONE, TIERS, Duration
from supportterm.domain.query_times import Span, instants, pressure
from supportterm.domain.ticket import Ticket

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a ticket does not carry itself; whoever asks adds what the query may ask for.

    `texts` are what was written on it, for free words, each by itself; without
    them they are looked for in the subject alone. `has` are words that `has:`
    takes, where they need other tables: attachment, note, reply, call, draft. `clocks` are the
    running clocks that somebody set, by kind, each with the instants they end.
    """

    texts: tuple[str, ...] = ()
    has: frozenset[str] = frozenset()
    clocks: Mapping[str, tuple[datetime | None, ...]] = field(default_factory=dict)
    mentions: frozenset[str] = frozenset()
    """Who is named in its notes, in lower case."""


_NOTHING = Facts()


def matches(
    query: Query, ticket: Ticket, *, me: str, now: datetime, zone: tzinfo = UTC, facts: Facts = _NOTHING
) -> bool:
    """Tell whether a query names a ticket; its order and limit say nothing about that.

    Args:
        query: What `domain.query.parse` read.
        ticket: The ticket as it is.
        me: The agent's id, for `assignee:me` and `is:mine`.
        now: The current instant.
        zone: Whose calendar days `today` and dates mean.
        facts: What the ticket does not carry itself.
    """
    return query.root is None or _Matcher(ticket, me, _ms(now), zone, facts).node(query.root)


@dataclass(frozen=True, slots=True)
class _Matcher:
    ticket: Ticket
    me: str
    now: int
    zone: tzinfo
    facts: Facts

    def node(self, node: Node) -> bool:
        match node:
            case All(terms=terms):
                return all(map(self.node, terms))
            case Either(terms=terms):
                return any(map(self.node, terms))
            case Not(term=term):
                return not self.node(term)
            case Words(text=text, partial=partial):
                places = (self.ticket.subject, *self.facts.texts)
                return any(holds(place, text, prefix=partial) for place in places)
            case Test():
                return self._test(node)

    def _test(self, test: Test) -> bool:
        ticket, value = self.ticket, str(test.value)
        match test.field:
            case "status":
                return ticket.status == value
            case "channel":
                return ticket.channel == value
            case "lang":
                return (ticket.lang or NONE) == value
            case "ref":
                return ticket.ref == value
            case "assignee":
                return self._assignee(value)
            case "tag":
                return not ticket.tags if value == NONE else fold(value) in map(fold, ticket.tags)
            case "tier":
                return ticket.tier == TIERS[value]
            case "from":
                return any(fold(value) in fold(part) for part in (ticket.requester_address, ticket.requester_name))
            case "subject":
                return fold(value) in fold(ticket.subject)
            case "problem":
                return ticket.problem == (None if value == NONE else test.value)
            case "mentions":
                return (self.me.casefold() if value == "me" else value) in self.facts.mentions
            case "has":
                return self._has(value)
            case "is":
                return self._is(value)
            case "priority":
                first, last = pressure(test.operator, value)
                return first <= ticket.effective_priority <= last
        return self._within(test)

    def _assignee(self, value: str) -> bool:
        word = value.lower()
        return self.ticket.assignee == (None if word == NONE else self.me if word == "me" else value)

    def _has(self, value: str) -> bool:
        if value in CLOCKS:
            return bool(self.facts.clocks.get(value))
        own = {
            "tag": bool(self.ticket.tags),
            "clock": self.ticket.due_at is not None,
            "override": self.ticket.override is not None,
            "question": bool(self.ticket.asks),
            "problem": self.ticket.problem is not None,
        }
        return own.get(value, value in self.facts.has)

    def _is(self, value: str) -> bool:
        ticket = self.ticket
        match value:
            case "mine":
                return self._assignee("me")
            case "unassigned":
                return ticket.assignee is None
            case "open":
                return ticket.status.is_ours
            case "waiting":
                return ticket.status == "pending"
            case "overdue":
                return _inside(ticket.due_at, (None, self.now))
            case "snoozed":
                return _inside(ticket.snoozed_until, (self.now + 1, None))
            case "auto":
                return ticket.automatic
            case "undelivered":
                return ticket.undelivered
            case _:
                return ticket.history

    def _within(self, test: Test) -> bool:
        ticket, name = self.ticket, test.field
        if name == "waiting" and not (ticket.status.is_ours and isinstance(test.value, Duration)):
            return False
        ahead = name == "due" or name in CLOCKS
        span = instants(test.operator, test.value, self.now, self.zone, ahead=ahead)
        if name in CLOCKS:
            return any(_inside(end, span) for end in self.facts.clocks.get(name, ()))
        at = {
            "due": ticket.due_at,
            "created": ticket.created_at,
            "updated": ticket.updated_at,
            "waiting": ticket.last_customer_at,
        }[name]
        return _inside(at, span)


def _inside(at: datetime | None, span: Span) -> bool:
    first, end = span
    return at is not None and (first is None or _ms(at) >= first) and (end is None or _ms(at) < end)


def _ms(instant: datetime) -> int:
    return (instant - _EPOCH) // _MILLISECOND
