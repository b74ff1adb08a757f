"""What a query's answer depends on: which tickets it can name at all, which records decide, whether time alone does."""

from __future__ import annotations

from collections.abc import Iterator

from supportterm.domain.query import All, Either, Node, Not, Query, Test, Words
from supportterm.domain.query_fields import CLOCKS
from supportterm.domain.ticket import Status

_KEPT = {"status", "assignee", "tier"}
_KEPT_IS = {"mine", "unassigned", "open", "waiting", "snoozed", "history"}
_TIMED = {"due", "created", "updated", "waiting", *CLOCKS}
_TIMED_IS = {"overdue", "snoozed"}
_OF_MESSAGES = {"attachment", "note", "reply", "call"}


def statuses(query: Query) -> frozenset[Status]:
    """Return the statuses a ticket may have that the query names; no ticket of another can be among them."""
    return frozenset(status for status in Status if query.root is None or _can(query.root, status) is not False)


def records(query: Query) -> frozenset[str]:
    """Return what besides the tickets themselves decides: of `tag`, `message`, `draft`, `clock`, `problem`."""
    found = set()
    for node in _leaves(query.root):
        if isinstance(node, Words) or node.field == "mentions" or (node.field == "has" and node.value in _OF_MESSAGES):
            found.add("message")
        elif node.field in CLOCKS or (node.field == "has" and node.value in CLOCKS):
            found.add("clock")
        elif node.field == "tag" or (node.field, node.value) == ("has", "tag"):
            found.add("tag")
        elif (node.field, node.value) == ("has", "problem"):
            found.add("problem")
        elif (node.field, node.value) == ("has", "draft"):
            found.add("draft")
    return frozenset(found)


def is_personal(query: Query) -> bool:
    """Tell whether it means something else for each agent: `assignee:me`, `is:mine`, `mentions:me`."""
    mine = {("assignee", "me"), ("is", "mine"), ("mentions", "me")}
    return any(isinstance(node, Test) and (node.field, str(node.value).lower()) in mine for node in _leaves(query.root))


def is_kept(query: Query) -> bool:
    """Tell whether all it asks for is among what the store keeps counts of: status, assignee, tier, sleep, history."""
    return query.limit is None and all(
        isinstance(node, Test) and (node.field in _KEPT or (node.field == "is" and node.value in _KEPT_IS))
        for node in _leaves(query.root)
    )


def is_timed(query: Query) -> bool:
    """Tell whether the passing of time alone may change what it names."""
    return any(
        isinstance(node, Test) and (node.field in _TIMED or (node.field == "is" and node.value in _TIMED_IS))
        for node in _leaves(query.root)
    )


def in_tiers(query: Query) -> bool:
    """Tell whether its tickets stand under the queue's tiers: open ones only, in the queue's own order."""
    return not query.sort and all(status.is_ours for status in statuses(query))


def names(query: Query, *fields: str) -> bool:
    """Tell whether it tests one of some fields."""
    return any(isinstance(node, Test) and node.field in fields for node in _leaves(query.root))


def _leaves(node: Node | None) -> Iterator[Words | Test]:
    match node:
        case Words() | Test():
            yield node
        case Not(term=term):
            yield from _leaves(term)
        case All(terms=terms) | Either(terms=terms):
            for term in terms:
                yield from _leaves(term)


def _can(node: Node, status: Status) -> bool | None:
    """Tell whether a term holds for tickets of a status: for all of them, for none, or (None) for some."""
    match node:
        case Not(term=term):
            inner = _can(term, status)
            return None if inner is None else not inner
        case All(terms=terms):
            found = [_can(term, status) for term in terms]
            return False if False in found else None if None in found else True
        case Either(terms=terms):
            found = [_can(term, status) for term in terms]
            return True if True in found else None if None in found else False
        case Test(field="status", value=value):
            return status == value
        case Test(field="is", value="open"):
            return status.is_ours
        case Test(field="is", value="waiting"):
            return status is Status.PENDING
        case Test(field="waiting"):
            return None if status.is_ours else False
    return None
