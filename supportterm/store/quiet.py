"""What the sweep asks of the store: tickets that need no answer, by kind; and whose mail is spam."""

from __future__ import annotations

from datetime import datetime

from supportterm.domain.ticket import Ticket
from supportterm.store.mapping import from_ms
from supportterm.store.reader import Reader

MOST = 1_000
"""Tickets of one sweep: as many as one step may change."""
_KIND = (
    "CASE WHEN t.intent = 'auto' AND EXISTS (SELECT 1 FROM message m WHERE m.ticket_key = t.key"
    " AND m.kind = 'automatic' AND m.intent = 'newsletter') THEN 'newsletter' ELSE t.intent END"
)
_QUIET = (
    "FROM ticket t WHERE t.status IN ('new', 'open') AND t.tier = 3 AND t.snoozed_until IS NULL"
    " AND (t.assignee IS NULL OR t.assignee = ?) AND NOT EXISTS (SELECT 1 FROM tag k WHERE k.ticket_key = t.key"
    " AND k.name = 'kept') AND NOT EXISTS (SELECT 1 FROM clock c WHERE c.ticket_key = t.key"
    " AND c.kind IN ('promise', 'callback') AND c.state IN ('running', 'paused'))"
    " AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.ticket_key = t.key)"
)


class Quiet(Reader):
    """The part of `Views` that serves the sweep and the list of blocked senders."""

    def quiet(self, me: str) -> list[tuple[Ticket, str]]:
        """Return the tickets to sweep, mine or nobody's, each with its kind; none kept, written or promised on."""
        rows = self._rows(
            f"SELECT t.*, {_KIND} AS kind {_QUIET} ORDER BY kind, t.created_at LIMIT {MOST}",
            [me],
        )
        return list(zip(self._tickets(rows), (row["kind"] for row in rows), strict=True))

    def quiet_counts(self, me: str) -> dict[str, int]:
        """Return how many tickets there are to sweep of each kind."""
        rows = self._rows(f"SELECT {_KIND} AS kind, count(*) AS n {_QUIET} GROUP BY 1", [me])
        return {row["kind"]: int(row["n"]) for row in rows}

    def blocked(self) -> list[tuple[str, str, datetime]]:
        """Return the blocked senders with who blocked them and when, newest first."""
        rows = self._rows("SELECT * FROM blocked ORDER BY at DESC, address")
        return [(row["address"], row["by"], from_ms(row["at"])) for row in rows]
