"""Problems in a list of tickets: those behind one open problem are one row, where the most pressing of them stands."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from supportterm.domain import query_reach
from supportterm.domain.problem import Problem
from supportterm.domain.query import Query
from supportterm.domain.saved_views import SavedView
from supportterm.domain.ticket import Ticket
from supportterm.screens.order import CELL, KEY, Difference, Order

Groups = Mapping[str, tuple[str, ...]]
"""The key of a row -> the tickets it stands for, as the view orders them."""
VIEW = "problems"
"""The view in which a problem is a row also where one ticket alone names it."""
_MARK = "P-"
_FEWEST = 2


def key_of(number: int) -> str:
    """Return the key a problem's row has; no ticket's key holds its hyphen."""
    return f"{_MARK}{number:0{KEY - len(_MARK)}d}"


def number_of(key: str | None) -> int | None:
    """Return the problem whose row a key is, None for a ticket's."""
    return int(key[len(_MARK) :]) if key is not None and key.startswith(_MARK) else None


def fewest(view: SavedView, asked: Query) -> int:
    """Return how many tickets of a problem become one row; 0 where a query asks for the tickets themselves."""
    if query_reach.names(asked, "problem", "ref"):
        return 0
    return 1 if view.name == VIEW else _FEWEST


def folded(order: Order, members: Mapping[int, Sequence[str]], least: int) -> tuple[Order, Groups]:
    """Return an order in which each problem is one row, and what those rows stand for.

    `members` are the tickets of each open problem as the view orders them.
    """
    groups: dict[str, tuple[str, ...]] = {}
    firsts: dict[int, str] = {}
    others: set[str] = set()
    for number, keys in members.items():
        row = next((row for key in keys if (row := order.row(key)) >= 0), -1)
        if row >= 0 and len(keys) >= least > 0:
            groups[key_of(number)] = tuple(keys)
            firsts[row] = key_of(number)
            others.update(keys)
    cells, last = [], 0
    for row in sorted(firsts):
        others.discard(order.key(row))
        cells += [order.cells[last : row * CELL + 1], firsts[row]]
        last = (row + 1) * CELL
    cells.append(order.cells[last:])
    return Order("".join(cells)).without(others) if groups else order, groups


def reshaped(difference: Difference, shown: Order, before: Groups, after: Groups) -> set[str]:
    """Return the newcomers that were in the list already, in another shape: as tickets, or within a problem's row."""
    unfolded = {key for row in before.keys() & difference.gone for key in before[row]}
    return {
        key
        for key in difference.newcomers
        if key in unfolded or any(shown.row(member) >= 0 for member in after.get(key, ()))
    }


def spread(keys: Iterable[str], groups: Groups) -> list[str]:
    """Return the tickets that rows stand for."""
    return [ticket for key in keys for ticket in groups.get(key, () if number_of(key) is not None else (key,))]


def as_ticket(problem: Problem, lead: Ticket, count: int) -> Ticket:
    """Return what a problem's row shows, as if it were a ticket: how many customers, its title, the first clock."""
    return dataclasses.replace(
        lead,
        key=key_of(problem.number),
        ref="",
        requester_name=f"+ {count} customer{'s' * (count != 1)}",
        requester_address="",
        subject=f"{problem.ref} {problem.title}",
        tags=frozenset(),
    )
