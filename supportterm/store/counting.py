"""How many there are of what, from kept counters and the edges of indexes: the same time at any size of the store."""

from __future__ import annotations

from supportterm.store.reader import Reader


class Counting(Reader):
    """The part of `Views` that counts tickets and names what they carry."""

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
