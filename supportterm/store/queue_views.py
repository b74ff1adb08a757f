"""What the queue asks: pages, whole orders, counts that are kept, the next clocks, a ticket's surroundings."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from supportterm.domain.ticket import Ticket, Tier
from supportterm.store.filters import Where
from supportterm.store.reader import Reader

PAGE = 50
_MOMENT = 25_000
"""Steps of SQLite's machine after which a glance is given up: some milliseconds."""
_NEVER = 9_223_372_036_854_775_807
"""The due time of what has none, as the queue's index writes it."""


class QueueViews(Reader):
    """Answers about many tickets at once; short ones in some milliseconds at a hundred thousand."""

    def queue(self, where: Where, limit: int = PAGE, offset: int = 0) -> list[Ticket]:
        """Return a page of the tickets a query names, in its order."""
        rows = self._rows(
            f"SELECT t.* FROM {where.source} WHERE {where.sql} ORDER BY {where.order} LIMIT :limit OFFSET :offset",  # noqa: S608 compiled by filters, values bound
            {**where.parameters, "limit": min(limit, where.limit or limit), "offset": offset},
        )
        return self._tickets(rows)

    def glance(self, where: Where, limit: int = PAGE) -> list[Ticket] | None:
        """Return the first tickets a query names, or None where finding them takes longer than a moment."""
        self._connection.set_progress_handler(lambda: 1, _MOMENT)
        try:
            return self.queue(where, limit)
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            return None
        finally:
            self._connection.set_progress_handler(None, 0)

    def order(self, where: Where) -> str:
        """Return every ticket a query names, in its order, as one string: each the digit of its tier and its key."""
        sql = (
            "SELECT group_concat(cell, '') AS cells FROM (SELECT t.tier || t.key AS cell"  # noqa: S608 compiled by filters, values bound
            f" FROM {where.source} WHERE {where.sql} ORDER BY {where.order} LIMIT :limit)"
        )
        rows = self._rows(sql, {**where.parameters, "limit": -1 if where.limit is None else where.limit})
        return rows[0]["cells"] or ""

    def next_due(self, me: str, now_ms: int, most: int = 3) -> list[Ticket]:
        """Return the tickets of this agent or of nobody whose clocks end next, soonest first; none that is late."""
        rows = []
        for tier in Tier:
            rows += self._rows(
                "SELECT t.* FROM ticket t WHERE t.status IN ('new', 'open') AND t.tier = :tier"
                " AND ifnull(t.due_at, 9223372036854775807) >= :now AND ifnull(t.due_at, 9223372036854775807) < :never"
                " AND (t.assignee IS NULL OR t.assignee = :me) AND t.snoozed_until IS NULL"
                " ORDER BY ifnull(t.due_at, 9223372036854775807) LIMIT :most",
                {"tier": int(tier), "now": now_ms, "never": _NEVER, "me": me, "most": most},
            )
        return self._tickets(sorted(rows, key=lambda row: row["due_at"])[:most])

    def overdue(self, now_ms: int, most: int = 1000) -> int:
        """Return how many open tickets are late, counted up to `most`."""
        rows = self._rows(
            "SELECT count(*) AS n FROM (SELECT 1 FROM ticket t WHERE t.status IN ('new', 'open')"
            " AND t.tier IN (0, 1, 2, 3) AND ifnull(t.due_at, 9223372036854775807) < :now LIMIT :most)",
            {"now": now_ms, "most": most},
        )
        return int(rows[0]["n"])

    def last_words(self, key: str, most: int = 4_000) -> str:
        """Return how the customer's latest message on a ticket begins, without what it quotes."""
        rows = self._rows(
            "SELECT substr(ifnull(reply_text, text), 1, :most) AS said FROM message"
            " WHERE ticket_key = :key AND kind = 'customer' ORDER BY at DESC, id DESC LIMIT 1",
            {"key": key, "most": most},
        )
        return rows[0]["said"] if rows else ""

    def of_customer(self, address: str, *, but: str, most: int = 3) -> list[Ticket]:
        """Return the newest other tickets of a customer; none for an empty address."""
        if not address:
            return []
        rows = self._rows(
            "SELECT * FROM ticket WHERE requester_address = ? AND key != ? ORDER BY created_at DESC LIMIT ?",
            [address, but, most],
        )
        return self._tickets(rows)

    def done_by(self, me: str, keys: Sequence[str], since_ms: int) -> set[str]:
        """Return which of these tickets were last touched by this agent, since an instant."""
        rows = self._rows(
            "SELECT e.ticket_key AS key FROM event e WHERE e.ticket_key IN (SELECT value FROM json_each(:keys))"
            " AND e.by = :me AND e.at >= :since AND NOT EXISTS (SELECT 1 FROM event n WHERE n.ticket_key = e.ticket_key"
            " AND n.rowid > e.rowid AND n.by NOT IN (:me, 'supportterm'))",
            {"keys": json.dumps(list(keys)), "me": me, "since": since_ms},
        )
        return {row["key"] for row in rows}

    def count(self, where: Where) -> int:
        """Return how many tickets a query names."""
        sql = f"SELECT count(*) AS n FROM ticket t WHERE {where.sql}"  # noqa: S608 compiled by filters, values bound
        return int(self._rows(sql, where.parameters)[0]["n"])

    def tickets(self, keys: Sequence[str]) -> list[Ticket]:
        """Return the tickets with these keys, in that order; unknown keys are left out."""
        rows = self._rows(
            "SELECT * FROM ticket WHERE key IN (SELECT value FROM json_each(?))", [json.dumps(list(keys))]
        )
        found = {ticket.key: ticket for ticket in self._tickets(rows)}
        return [found[key] for key in keys if key in found]

    def counts(self, me: str) -> dict[str, int]:
        """Return the badge counts of the views, from kept counters."""
        rows = self._rows(
            "SELECT status, assignee, snoozed, sum(n) AS n FROM counter WHERE history = 0 GROUP BY 1, 2, 3"
        )
        totals = dict.fromkeys(
            ("now", "mine", "unassigned", "waiting", "on-hold", "snoozed", "open", "solved", "spam"), 0
        )
        for row in rows:
            ours = row["status"] in ("new", "open") and not row["snoozed"]
            totals["now"] += row["n"] * (ours and row["assignee"] in ("", me))
            totals["mine"] += row["n"] * (ours and row["assignee"] == me)
            totals["unassigned"] += row["n"] * (ours and row["assignee"] == "")
            totals["open"] += row["n"] * (row["status"] in ("new", "open"))
            totals["snoozed"] += row["n"] * bool(row["snoozed"])
            for status, view in (
                ("pending", "waiting"),
                ("on-hold", "on-hold"),
                ("solved", "solved"),
                ("spam", "spam"),
            ):
                totals[view] += row["n"] * (row["status"] == status)
        return totals

    def tier_counts(self, me: str, view: str) -> dict[int, int]:
        """Return how many tickets each tier of a view has, from kept counters; empty where they do not say."""
        whose = {"now": "assignee IN ('', :me)", "mine": "assignee = :me", "unassigned": "assignee = ''"}
        if view not in whose:
            return {}
        rows = self._rows(
            "SELECT tier, sum(n) AS n FROM counter WHERE status IN ('new', 'open') AND snoozed = 0"  # noqa: S608 three fixed conditions
            f" AND {whose[view]} GROUP BY tier",
            {"me": me},
        )
        return {row["tier"]: row["n"] for row in rows}

    def total(self) -> int:
        """Return how many tickets there are, from kept counters."""
        return int(self._rows("SELECT ifnull(sum(n), 0) AS n FROM counter")[0]["n"])

    def outgoing(self) -> int:
        """Return how many mails are on their way or stopped there."""
        rows = self._rows(
            "SELECT count(*) AS n FROM operation WHERE kind = 'send' AND state NOT IN ('accepted', 'undone')"
        )
        return int(rows[0]["n"])

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
