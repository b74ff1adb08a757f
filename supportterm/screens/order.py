"""The order a list shows: kept still while the agent looks at it, brought up to date without a jump."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from supportterm.domain.ticket import Ticket

KEY = 10
CELL = KEY + 1
"""Characters of one ticket in an order: the digit of its tier, then its key."""
FEW = 50
"""How many newcomers are named."""


@dataclass(frozen=True, slots=True)
class Order:
    """Tickets in an order, as `Views.order` gives them.

    One string for all: a hundred thousand tickets take a megabyte, and two
    orders are compared in a moment.
    """

    cells: str = ""

    @classmethod
    def of(cls, tickets: Iterable[Ticket]) -> Order:
        """Return the order these tickets stand in."""
        return cls("".join(f"{int(ticket.tier)}{ticket.key}" for ticket in tickets))

    def __len__(self) -> int:
        return len(self.cells) // CELL

    def key(self, row: int) -> str:
        """Return the key in a row."""
        return self.cells[row * CELL + 1 : (row + 1) * CELL]

    def keys(self, start: int, stop: int) -> list[str]:
        """Return the keys of some rows."""
        return [self.key(row) for row in range(max(start, 0), min(stop, len(self)))]

    def row(self, key: str | None) -> int:
        """Return the row of a key, -1 where it is not here."""
        place = self.cells.find(key) if key else -1
        while place >= 0 and place % CELL != 1:
            place = self.cells.find(str(key), place + 1)
        return place // CELL

    def among(self, keys: Collection[str]) -> list[str]:
        """Return those of some keys that are here, in this order."""
        if len(keys) < FEW:
            return sorted((key for key in keys if self.row(key) >= 0), key=self.row)
        return [key for key in self.keys(0, len(self)) if key in keys]

    def tiers(self) -> list[tuple[int, int]]:
        """Return each tier that is here and how many rows it has; the order must be the queue's own."""
        found = []
        rows = range(len(self))
        for tier in "0123":
            first = bisect_left(rows, tier, key=lambda row: self.cells[row * CELL])
            last = bisect_right(rows, tier, key=lambda row: self.cells[row * CELL])
            if last > first:
                found.append((int(tier), last - first))
        return found

    def without(self, keys: Collection[str]) -> Order:
        """Return the order with some tickets taken out."""
        rows = sorted(row for key in keys if (row := self.row(key)) >= 0) if len(keys) < FEW else self._rows(keys)
        if not rows:
            return self
        bounds = [-1, *rows, len(self)]
        return Order("".join(self.cells[(a + 1) * CELL : b * CELL] for a, b in pairwise(bounds)))

    def _rows(self, keys: Collection[str]) -> list[int]:
        return [row for row in range(len(self)) if self.key(row) in keys]


@dataclass(frozen=True, slots=True)
class Lines:
    """Where rows stand on the page: one below the other, a heading above each tier."""

    rows: int = 0
    tiers: tuple[tuple[int, int], ...] = ()

    @property
    def height(self) -> int:
        """How many lines there are."""
        return self.rows + len(self.tiers)

    def line(self, row: int) -> int:
        """Return the line of a row."""
        line, first = row, 0
        for _, count in self.tiers:
            if row >= first:
                line += 1
            first += count
        return line

    def row(self, line: int) -> int | None:
        """Return the row on a line, None on a heading and beyond the last."""
        first = top = 0
        for _, count in self.tiers:
            if top < line <= top + count:
                return first + line - top - 1
            first, top = first + count, top + count + 1
        return line if not self.tiers and 0 <= line < self.rows else None

    def heading(self, line: int) -> tuple[int, int] | None:
        """Return the tier whose heading is on a line, and its count; None on every other line."""
        top = 0
        for tier, count in self.tiers:
            if line == top:
                return tier, count
            top += count + 1
        return None


@dataclass(frozen=True, slots=True)
class Difference:
    """How the store's order differs from what is shown."""

    gone: frozenset[str] = frozenset()
    came: int = 0
    newcomers: tuple[str, ...] = ()
    """The first few that came."""
    risen: int = 0
    """Rows that are shown and now belong to a more pressing tier."""


def compare(shown: Order, fresh: Order) -> Difference:
    """Say what left, what came and what became more pressing."""
    if shown.cells == fresh.cells:
        return Difference()
    start = _alike(shown.cells, fresh.cells)
    end = min(_alike(shown.cells, fresh.cells, ends=True), min(len(shown), len(fresh)) - start)
    before, after = _middle(shown, start, end), _middle(fresh, start, end)
    came = [key for key in after if key not in before]
    gone = frozenset(key for key in before if key not in after)
    risen = sum(after[key] < tier for key, tier in before.items() if key in after)
    return Difference(gone, len(came), tuple(came[:FEW]), risen)


def _alike(one: str, other: str, *, ends: bool = False) -> int:
    """Return how many rows two orders begin with alike, or end with alike."""
    low, high = 0, min(len(one), len(other)) // CELL
    while low < high:
        middle = (low + high + 1) // 2
        near, far = low * CELL, middle * CELL
        if ends:
            same = one[len(one) - far : len(one) - near] == other[len(other) - far : len(other) - near]
        else:
            same = one[near:far] == other[near:far]
        low, high = (middle, high) if same else (low, middle - 1)
    return low


def _middle(order: Order, start: int, end: int) -> dict[str, str]:
    """Return the keys between rows that are alike, each with its tier."""
    cells = order.cells
    return {cells[at + 1 : at + CELL]: cells[at] for at in range(start * CELL, len(cells) - end * CELL, CELL)}


def put_back(shown: Order, fresh: Order, keys: Sequence[str]) -> Order:
    """Return what is shown with some tickets of the fresh order in it, each behind its nearest neighbour above."""
    cells = shown.cells
    for key in sorted(keys, key=fresh.row):
        row = fresh.row(key)
        if row < 0 or Order(cells).row(key) >= 0:
            continue
        place = 0
        for above in range(row - 1, max(row - 200, -1), -1):
            found = Order(cells).row(fresh.key(above))
            if found >= 0:
                place = (found + 1) * CELL
                break
        cells = cells[:place] + fresh.cells[row * CELL : (row + 1) * CELL] + cells[place:]
    return Order(cells)
