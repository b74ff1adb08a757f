"""Which macros are offered for a ticket: those whose `when` names it, and those without one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

from supportterm.domain import query_matching, query_reach
from supportterm.domain.query import Query, parse
from supportterm.domain.query_matching import Facts
from supportterm.domain.snippets import Macro
from supportterm.domain.ticket import Ticket

Suits = Callable[[Macro], bool]
"""Tells whether a macro is offered for the ticket at hand."""
FactsOf = Callable[[frozenset[str]], Facts]
"""Reads what `query_reach.records` names of the ticket at hand."""


def everything(_macro: Macro) -> bool:
    """Offer every macro: no ticket is at hand."""
    return True


def suits(ticket: Ticket, facts: FactsOf, *, me: str, now: datetime, zone: tzinfo = UTC) -> Suits:
    """Return what tells whether a macro is offered for a ticket; see `query_matching.matches`.

    `facts` is asked once for each set of records (`query_reach.records`) that a condition needs.
    """
    known: dict[frozenset[str], Facts] = {frozenset(): Facts()}

    def offered(macro: Macro) -> bool:
        if not macro.when:
            return True
        query = _query(macro.when)
        asked = query_reach.records(query)
        if asked not in known:
            known[asked] = facts(asked)
        return query_matching.matches(query, ticket, me=me, now=now, zone=zone, facts=known[asked])

    return offered


def offered(macros: Iterable[Macro], suits: Suits) -> tuple[Macro, ...]:
    """Return those of some macros that are offered, in their order."""
    return tuple(macro for macro in macros if suits(macro))


@lru_cache(2_048)
def _query(text: str) -> Query:
    return parse(text)
