"""Who opened a ticket and who went past it; and how much an agent has on hand."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.domain.stuck import Signs
from supportterm.domain.ticket import Ticket
from supportterm.store.mapping import maybe_ms, to_ms
from supportterm.store.reader import Reader
from supportterm.store.rows import execute

if TYPE_CHECKING:
    from supportterm.store.database import Session


def add(session: Session, ticket_key: str, agent: str, what: str, at: datetime) -> None:
    """Note that a ticket was `opened` or `skipped`."""
    execute(session, "INSERT INTO glance (ticket_key, agent, what, at) VALUES (?, ?, ?, ?)",
            [ticket_key, agent, what, to_ms(at)])  # fmt: skip


class Glances(Reader):
    """The part of `Views` that tells of tickets that are stuck, and of agents who have much."""

    def signs(self, ticket: Ticket) -> Signs:
        """Return the signs that a ticket is stuck; none where nobody waits for us."""
        if not ticket.status.is_ours:
            return Signs()
        rows = self._rows(
            "SELECT ifnull(sum(what = 'opened'), 0) AS opened, ifnull(sum(what = 'skipped'), 0) AS skipped,"
            " (SELECT count(DISTINCT substr(c.id, 1, length(c.id) - 17)) FROM clock c WHERE c.ticket_key = :key"
            "  AND c.kind = 'promise' AND c.id NOT LIKE 'promise-0-%' AND c.state != 'ended') AS holding"
            " FROM glance WHERE ticket_key = :key AND at > :since",
            {"key": ticket.key, "since": maybe_ms(ticket.last_reply_at) or 0},
        )
        offers = self._rows(
            "SELECT ifnull(json_extract(payload, '$.because'), '') AS because FROM event WHERE ticket_key = :key"
            " AND (kind = 'triggered' AND at > :since AND json_extract(payload, '$.offers') = 'escalation'"
            "  OR kind = 'escalated') ORDER BY seq DESC LIMIT 1",
            {"key": ticket.key, "since": maybe_ms(ticket.last_reply_at) or 0},
        )
        offered = offers[0]["because"] if offers else ""
        return Signs(rows[0]["opened"], rows[0]["skipped"], rows[0]["holding"], offered)

    def load_of(self, agent: str) -> dict[str, int]:
        """Return how many tickets an agent owes an answer on, by channel."""
        rows = self._rows(
            "SELECT channel, count(*) AS n FROM ticket WHERE status IN ('new', 'open') AND assignee = ?"
            " AND snoozed_until IS NULL GROUP BY channel",
            [agent],
        )
        return {row["channel"]: int(row["n"]) for row in rows}
