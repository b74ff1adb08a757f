"""What the beginning and the end of a shift ask of the store: what happened meanwhile, what is left behind."""

from __future__ import annotations

from datetime import datetime

from supportterm.domain import attendance
from supportterm.domain.attendance import Attendance
from supportterm.domain.ledger import TicketClock
from supportterm.domain.ticket import Ticket
from supportterm.store.absences import Absences
from supportterm.store.clocks import clock_from
from supportterm.store.mapping import from_ms, to_ms

MOST = 1_000
"""Tickets of one kind of news that are counted."""
_LIVE = "t.status IN ('new', 'open', 'pending', 'on-hold', 'solved', 'closed')"
_MOVED = f"ticket t WHERE {_LIVE} AND t.updated_at >= :since AND NOT t.history"
"""What changed since, by the index `ticket_status`."""


class Shifts(Absences):
    """The part of `Views` that serves `since you left` and the hand-over."""

    def attendance(self, agent: str) -> Attendance:
        """Return when an agent was last here."""
        rows = self._rows("SELECT value FROM meta WHERE name = ?", [f"attendance:{agent}"])
        return attendance.from_json(rows[0]["value"] if rows else None)

    def new_since(self, since: datetime) -> list[Ticket]:
        """Return the tickets customers began since, the latest last; what only machines wrote is left to the sweep."""
        return self._news(f"{_MOVED} AND t.created_at >= :since AND NOT t.automatic ORDER BY t.created_at", since)

    def written_since(self, since: datetime) -> list[Ticket]:
        """Return the tickets begun before on which the customer wrote since."""
        sql = f"{_MOVED} AND t.created_at < :since AND t.last_customer_at >= :since ORDER BY t.last_customer_at"
        return self._news(sql, since)

    def answered_since(self, since: datetime, me: str) -> list[tuple[Ticket, str]]:
        """Return the tickets a colleague answered since, each with who it was."""
        rows = self._rows(
            "SELECT t.*, (SELECT coalesce(nullif(m.sender_name, ''), m.author, m.sender_address) FROM message m"  # noqa: S608 a fixed condition, values bound
            " WHERE m.ticket_key = t.key AND m.at >= :since AND m.kind = 'reply' AND (m.author IS NULL OR"
            " m.author != :me) ORDER BY m.at DESC LIMIT 1) AS who"
            f" FROM {_MOVED} AND t.last_reply_at >= :since AND who IS NOT NULL ORDER BY t.last_reply_at LIMIT {MOST}",
            {"since": to_ms(since), "me": me},
        )
        return list(zip(self._tickets(rows), (row["who"] for row in rows), strict=True))

    def stopped_since(self, since: datetime) -> list[tuple[Ticket, str]]:
        """Return the tickets whose answer came back or was stopped on its way since, each with what became of it."""
        bounced = self._news(
            f"{_MOVED} AND t.undelivered AND EXISTS (SELECT 1 FROM message m WHERE m.ticket_key = t.key"  # noqa: S608 a fixed condition
            " AND m.at >= :since AND m.kind = 'bounce') ORDER BY t.updated_at",
            since,
        )
        rows = self._rows(
            "SELECT t.*, o.state AS stopped FROM operation o JOIN ticket t ON t.key = o.ticket_key"
            " WHERE o.kind = 'send' AND o.state IN ('refused', 'uncertain', 'review')"
            " AND o.state NOT IN ('accepted', 'undone') AND o.updated_at >= ? ORDER BY o.id",
            [to_ms(since)],
        )
        found = {ticket.key: (ticket, "bounced") for ticket in bounced}
        for ticket, row in zip(self._tickets(rows), rows, strict=True):
            found.setdefault(ticket.key, (ticket, row["stopped"]))
        return list(found.values())

    def breached_since(self, since: datetime, now: datetime, me: str) -> list[tuple[Ticket, str]]:
        """Return the tickets, this agent's or nobody's, of which a clock passed its time since, each with its kind.

        Promises that are broken are among them; a reply that was late but came is not.
        """
        rows = self._rows(
            "SELECT * FROM (SELECT * FROM clock WHERE state = 'running' AND due_at >= :since AND due_at < :now"  # noqa: S608 fixed conditions, values bound
            " AND kind NOT IN ('reminder', 'follow-up') UNION ALL"
            " SELECT * FROM clock WHERE state = 'broken' AND due_at >= :since AND due_at < :now AND kind = 'promise')"
            f" WHERE agent = :me OR agent IS NULL ORDER BY due_at LIMIT {MOST}",
            {"since": to_ms(since), "now": to_ms(now), "me": me},
        )
        return [
            (ticket, f"{'broken ' * (clock.state == 'broken')}{clock.kind}")
            for clock, ticket in self._with_tickets(rows)
            if not ticket.status.is_over or clock.state == "broken"
        ]

    def owed_until(self, me: str, now: datetime, until: datetime) -> list[tuple[Ticket, TicketClock]]:
        """Return the promises and callbacks an agent owes up to an instant, late ones too, the next due first.

        What is owed by an absent colleague whose keeper they are counts as theirs.
        """
        found = []
        for agent in (me, *self.kept_for(me, now)):
            found += self._rows(
                "SELECT * FROM clock WHERE state = 'running' AND agent = ? AND due_at < ?"
                " AND kind IN ('promise', 'callback') ORDER BY due_at",
                [agent, to_ms(until)],
            )
        found.sort(key=lambda row: row["due_at"])
        return [(ticket, clock) for clock, ticket in self._with_tickets(found)]

    def replies_owed(self, me: str, since: datetime, until: datetime) -> list[tuple[TicketClock, Ticket]]:
        """Return the clocks of replies and updates, this agent's or nobody's, that end between two instants.

        Left out are tickets on which a mail is on its way.
        """
        rows = []
        for whose in ("agent = :me", "agent IS NULL"):
            rows += self._rows(
                f"SELECT * FROM clock c WHERE state = 'running' AND {whose} AND due_at >= :since AND due_at < :until"  # noqa: S608 two fixed conditions
                " AND kind IN ('first reply', 'next reply', 'update') AND NOT EXISTS (SELECT 1 FROM operation o"
                "  WHERE o.ticket_key = c.ticket_key AND o.kind = 'send' AND o.state IN ('queued', 'sending'))"
                " ORDER BY due_at",
                {"me": me, "since": to_ms(since), "until": to_ms(until)},
            )
        found = self._with_tickets(rows)
        return [
            (clock, ticket)
            for clock, ticket in found
            if not (ticket.snoozed_until and clock.due_at and ticket.snoozed_until > clock.due_at)
        ]

    def clocks_of(self, agent: str) -> list[tuple[TicketClock, Ticket]]:
        """Return the running clocks that are an agent's to see to, replies and resolutions left out."""
        rows = self._rows(
            "SELECT * FROM clock WHERE state = 'running' AND agent = ?"
            " AND kind IN ('promise', 'callback', 'update', 'reminder', 'follow-up') ORDER BY due_at",
            [agent],
        )
        return self._with_tickets(rows)

    def drafts_of(self, agent: str) -> list[tuple[Ticket, str, str, datetime]]:
        """Return what an agent is writing: ticket, kind of draft, its text, when it was touched."""
        rows = self._rows(
            "SELECT t.*, d.kind AS draft_kind, json_extract(d.content, '$.text') AS draft_text,"
            " d.updated_at AS draft_at FROM draft d JOIN ticket t ON t.key = d.ticket_key"
            " WHERE d.agent = ? ORDER BY d.updated_at",
            [agent],
        )
        return [
            (ticket, row["draft_kind"], row["draft_text"] or "", from_ms(row["draft_at"]))
            for ticket, row in zip(self._tickets(rows), rows, strict=True)
        ]

    def _news(self, what: str, since: datetime) -> list[Ticket]:
        return self._tickets(self._rows(f"SELECT t.* FROM {what} LIMIT {MOST}", {"since": to_ms(since)}))  # noqa: S608 fixed conditions, values bound

    def _with_tickets(self, rows: list[dict[str, object]]) -> list[tuple[TicketClock, Ticket]]:
        clocks = [clock_from(row) for row in rows]
        found: dict[str, Ticket] = {}
        for clock in clocks:
            if clock.ticket_key not in found:
                tickets = self._tickets(self._rows("SELECT * FROM ticket WHERE key = ?", [clock.ticket_key]))
                found |= {ticket.key: ticket for ticket in tickets}
        return [(clock, found[clock.ticket_key]) for clock in clocks if clock.ticket_key in found]
