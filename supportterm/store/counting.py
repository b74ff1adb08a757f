"""How many there are of what, from kept counters and the edges of indexes: the same time at any size of the store."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from supportterm.domain import query, query_reach
from supportterm.domain.saved_views import VIEWS, SavedView
from supportterm.store.filters import Parameter, Where, compile_query
from supportterm.store.reader import Reader

_KEPT = """WITH kept (status, assignee, tier, snoozed, history, n) AS (
    SELECT status, nullif(assignee, ''), tier, snoozed, history, n FROM counter
    UNION ALL SELECT status, assignee, tier, w.snoozed, history, w.n FROM ticket, (SELECT 1 AS snoozed, -1 AS n
        UNION ALL SELECT 0, 1) w WHERE snoozed_until IS NOT NULL AND snoozed_until <= :now
), t AS (
    SELECT status, assignee, tier, CASE WHEN snoozed THEN 9223372036854775807 END AS snoozed_until, history, n FROM kept
)"""
"""The counters as if they were tickets, `n` of each; those whose sleep has ended count as awake."""
_STEPS = 5_000_000
"""Steps of SQLite's machine after which a count is given up: 50 ms, ten times that where texts are compared."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many tickets there are; `more` where there are that many and more."""

    number: int
    more: bool = False

    def __str__(self) -> str:
        """Return it as a badge shows it."""
        return f"{self.number}+" if self.more else f"{self.number}"


class Counting(Reader):
    """The part of `Views` that counts tickets and names what they carry."""

    def counts(self, me: str, now_ms: int = 0, views: Sequence[SavedView] = VIEWS) -> dict[str, int]:
        """Return the badge counts of the views that ask for nothing but what counters are kept of, by their names."""
        tally = _tally(me, tuple(views))
        if not tally.names:
            return {}
        row = self._rows(tally.sql, {**tally.parameters, "now": now_ms})[0]
        return {name: row[f"v{place}"] or 0 for place, name in enumerate(tally.names)}

    def tier_counts(self, me: str, view: SavedView, now_ms: int = 0) -> dict[int, int]:
        """Return how many tickets each tier of a view has, from kept counters; empty where they do not say."""
        wanted = _read(view.query)
        if not view.tiered or not query_reach.is_kept(wanted):
            return {}
        where = compile_query(wanted, me=me, now_ms=0)
        rows = self._rows(
            f"{_KEPT} SELECT tier, sum(n) AS n FROM t WHERE {where.sql} GROUP BY tier HAVING sum(n) > 0",  # noqa: S608 compiled by filters, values bound
            {**where.parameters, "now": now_ms},
        )
        return {row["tier"]: row["n"] for row in rows}

    def count_up_to(self, where: Where, *most: int) -> Count | None:
        """Count the tickets a query names, up to the first number; where that takes long, to the next; else None."""
        for enough in most:
            self._connection.set_progress_handler(lambda: 1, _STEPS)
            try:
                rows = self._rows(
                    f"SELECT count(*) AS n FROM (SELECT 1 FROM ticket t WHERE {where.sql} LIMIT :enough)",  # noqa: S608 compiled by filters, values bound
                    {**where.parameters, "enough": min(enough + 1, where.limit or enough + 1)},
                )
                return Count(min(rows[0]["n"], enough), rows[0]["n"] > enough)
            except sqlite3.OperationalError as error:
                if "interrupted" not in str(error):
                    raise
            finally:
                self._connection.set_progress_handler(None, 0)
        return None

    def changes(self) -> dict[str, tuple[int, int]]:
        """Return how each kind of record stands: `tag`, `message` …, and `ticket STATUS` for tickets.

        A pair that is not what it was says that some have changed, come or gone.
        """
        changed = {row["noun"]: row["n"] for row in self._rows("SELECT noun, n FROM revision")}
        there = {
            row["noun"]: row["n"] or 0
            for row in self._rows(
                "SELECT 'ticket ' || status AS noun, sum(n) AS n FROM counter GROUP BY status"
                " UNION ALL SELECT 'message', max(id) FROM message"
            )
        }
        return {noun: (changed.get(noun, 0), there.get(noun, 0)) for noun in changed.keys() | there.keys()}

    def total(self) -> int:
        """Return how many tickets there are, from kept counters."""
        return int(self._rows("SELECT ifnull(sum(n), 0) AS n FROM counter")[0]["n"])

    def files(self) -> int:
        """Return how many files came with all mail; reads every message, so ask it in the background."""
        rows = self._rows(
            "SELECT ifnull(sum(json_array_length(attachments)), 0) AS n FROM message WHERE attachments != '[]'"
        )
        return int(rows[0]["n"])

    def overdue(self, now_ms: int, most: int = 1000) -> int:
        """Return how many open tickets are late, counted up to `most`."""
        rows = self._rows(
            "SELECT count(*) AS n FROM (SELECT 1 FROM ticket t WHERE t.status IN ('new', 'open')"
            " AND t.tier IN (0, 1, 2, 3) AND ifnull(t.due_at, 9223372036854775807) < :now LIMIT :most)",
            {"now": now_ms, "most": most},
        )
        return int(rows[0]["n"])

    def turns_at(self, now_ms: int) -> int | None:
        """Return the next instant at which a clock ends or a sleep does, which changes counts though nobody commits."""
        ends = ", ".join(
            "(SELECT min(ifnull(t.due_at, 9223372036854775807)) FROM ticket t WHERE t.status IN ('new', 'open')"  # noqa: S608 four fixed numbers
            f" AND t.tier = {tier} AND ifnull(t.due_at, 9223372036854775807) >= :now)"
            for tier in range(4)
        )
        rows = self._rows(
            f"SELECT {ends}, (SELECT min(snoozed_until) FROM ticket WHERE snoozed_until > :now) AS awake",  # noqa: S608 as above
            {"now": now_ms},
        )
        known = [at for at in rows[0].values() if at is not None and at < 9_223_372_036_854_775_807]
        return min(known, default=None)

    def agents(self) -> list[str]:
        """Return the ids of those who have tickets, from kept counters."""
        rows = self._rows("SELECT DISTINCT assignee FROM counter WHERE assignee != '' AND n > 0 ORDER BY assignee")
        return [row["assignee"] for row in rows]

    def tags(self) -> list[str]:
        """Return every tag in use; each is one step in the index, whatever the number of tickets."""
        rows = self._rows(
            "WITH RECURSIVE found(name) AS (SELECT min(name) FROM tag UNION ALL"
            " SELECT (SELECT min(t.name) FROM tag t WHERE t.name > found.name) FROM found WHERE found.name IS NOT NULL)"
            " SELECT name FROM found WHERE name IS NOT NULL LIMIT 1000"
        )
        return [row["name"] for row in rows]


@dataclass(frozen=True, slots=True)
class _Tally:
    """One statement that counts for several views."""

    names: tuple[str, ...]
    sql: str
    parameters: dict[str, Parameter]


_read = functools.lru_cache(maxsize=64)(query.parse)


@functools.lru_cache(maxsize=8)
def _tally(me: str, views: tuple[SavedView, ...]) -> _Tally:
    names: list[str] = []
    sums: list[str] = []
    parameters: dict[str, Parameter] = {}
    for view in views:
        wanted = _read(view.query)
        if query_reach.is_kept(wanted):
            where = compile_query(wanted, me=me, now_ms=0, prefix=f"v{len(names)}q")
            sums.append(f"sum(CASE WHEN {where.sql} THEN n ELSE 0 END) AS v{len(names)}")
            parameters |= where.parameters
            names.append(view.name)
    return _Tally(tuple(names), f"{_KEPT} SELECT {', '.join(sums)} FROM t", parameters)  # noqa: S608 as above
