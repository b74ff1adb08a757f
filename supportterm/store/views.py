"""Read models: plain SQL on sqlite3, so that a first screen loads no ORM."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supportterm.domain.events import Event
from supportterm.domain.message import Message
from supportterm.domain.ticket import Ticket
from supportterm.store import naming
from supportterm.store.calls import PhoneCalls
from supportterm.store.clocks import Clocks
from supportterm.store.corrections import Corrections
from supportterm.store.counting import Counting
from supportterm.store.database import connect, explain
from supportterm.store.facts import TicketFacts
from supportterm.store.filters import Where
from supportterm.store.glances import Glances
from supportterm.store.hint_mutes import HintMutes
from supportterm.store.macro_uses import MacroUses
from supportterm.store.mapping import event_from, message_from
from supportterm.store.mentions import Mentions
from supportterm.store.one_ticket import OneTicket
from supportterm.store.outgoing import Outgoing
from supportterm.store.problems import Problems
from supportterm.store.quiet import Quiet
from supportterm.store.reader import PAGE
from supportterm.store.refusals import Refusals
from supportterm.store.relays import Relays
from supportterm.store.shifts import Shifts
from supportterm.store.triage_counts import TriageCounts
from supportterm.store.warned import Warnings
from supportterm.store.writing import Writing

__all__ = ["PAGE", "Hit", "Views", "reading"]

_MOMENT = 25_000
"""Steps of SQLite's machine after which a glance is given up: some milliseconds."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that matches a search, with its ticket."""

    ticket: Ticket
    message: Message


class Views(
    Writing,
    OneTicket,
    Outgoing,
    Counting,
    Clocks,
    Quiet,
    Shifts,
    Glances,
    HintMutes,
    Mentions,
    Refusals,
    Relays,
    TriageCounts,
    Corrections,
    PhoneCalls,
    Warnings,
    MacroUses,
    TicketFacts,
    Problems,
):
    """Every question of the screens and commands: tickets, mails, the journal, and a search through all of them."""

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

    def done_by(self, me: str, keys: Sequence[str], since_ms: int) -> set[str]:
        """Return which of these tickets were last touched by this agent, since an instant; not by their customer."""
        rows = self._rows(
            "SELECT e.ticket_key AS key FROM event e WHERE e.ticket_key IN (SELECT value FROM json_each(:keys))"
            " AND e.by = :me AND e.at >= :since AND NOT EXISTS (SELECT 1 FROM event n WHERE n.ticket_key = e.ticket_key"
            " AND n.rowid > e.rowid AND n.by NOT IN (:me, 'supportterm'))"
            " AND NOT EXISTS (SELECT 1 FROM ticket t WHERE t.key = e.ticket_key AND t.last_customer_at > e.at)",
            {"keys": json.dumps(list(keys)), "me": me, "since": since_ms},
        )
        return {row["key"] for row in rows}

    def count(self, where: Where) -> int:
        """Return how many tickets a query names."""
        sql = f"SELECT count(*) AS n FROM ticket t WHERE {where.sql}"  # noqa: S608 compiled by filters, values bound
        return int(self._rows(sql, where.parameters)[0]["n"])

    def ticket(self, key: str) -> Ticket | None:
        """Return a ticket by its key, or None."""
        found = self._tickets(self._rows("SELECT * FROM ticket WHERE key = ?", [key]))
        return found[0] if found else None

    def tickets(self, keys: Sequence[str]) -> list[Ticket]:
        """Return the tickets with these keys, in that order; unknown keys are left out."""
        rows = self._rows(
            "SELECT * FROM ticket WHERE key IN (SELECT value FROM json_each(?))", [json.dumps(list(keys))]
        )
        found = {ticket.key: ticket for ticket in self._tickets(rows)}
        return [found[key] for key in keys if key in found]

    def find(self, named: str) -> list[Ticket]:
        """Return the tickets a person may mean by a reference; see `naming`."""
        keys = naming.meant(lambda sql, values: map(tuple, self._connection.execute(sql, values)), named)
        return [ticket for key in keys if (ticket := self.ticket(key))]

    def message(self, number: int) -> Message | None:
        """Return one message, or None."""
        rows = self._rows("SELECT * FROM message WHERE id = ?", [number])
        return message_from(rows[0]) if rows else None

    def unreadable(self, limit: int = PAGE) -> list[tuple[Message, int]]:
        """Return the newest mails that could not be read as they should be, with the size of each source in bytes."""
        rows = self._rows(
            "SELECT m.*, ifnull(w.size, 0) AS size FROM message m LEFT JOIN raw w ON w.sha = m.raw"
            " WHERE m.defects != '[]' ORDER BY m.id DESC LIMIT ?",
            [limit],
        )
        return [(message_from(row), int(row["size"])) for row in rows]

    def events(self, key: str) -> list[Event]:
        """Return a ticket's journal, oldest first, with that of tickets it took in."""
        rows = self._rows(
            "SELECT * FROM event WHERE ticket_key = :key OR ticket_key IN"
            " (SELECT key FROM alias WHERE ticket_key = :key) ORDER BY at, rowid",
            {"key": key},
        )
        return [event_from(row) for row in rows]

    def search(self, where: Where, limit: int = PAGE, offset: int = 0) -> list[Hit]:
        """Return the newest messages that hold a query's words, in tickets that meet the rest of it."""
        if where.text is None:
            return []
        sql = (
            "SELECT m.* FROM search s JOIN message m ON m.id = s.rowid JOIN ticket t ON t.key = m.ticket_key"  # noqa: S608 compiled by filters, values bound
            f" WHERE search MATCH :match AND m.kind != 'withdrawn' AND {where.sql}"
            " ORDER BY m.at DESC, m.id DESC LIMIT :limit OFFSET :offset"
        )
        return self._hits(sql, {**where.parameters, "match": where.text}, where, limit, offset)

    def latest(self, where: Where, limit: int = PAGE, offset: int = 0) -> list[Hit]:
        """Return the last message of each ticket a query names, newest first: what a search without words finds."""
        sql = (
            "SELECT m.* FROM ticket t JOIN message m ON m.id = (SELECT l.id FROM message l WHERE l.ticket_key = t.key"  # noqa: S608 compiled by filters, values bound
            f" AND l.kind != 'withdrawn' ORDER BY l.at DESC, l.id DESC LIMIT 1) WHERE {where.sql}"
            " ORDER BY t.last_message_at DESC, m.id DESC LIMIT :limit OFFSET :offset"
        )
        return self._hits(sql, dict(where.parameters), where, limit, offset)

    def _hits(self, sql: str, parameters: dict[str, Any], where: Where, limit: int, offset: int) -> list[Hit]:
        most = limit if where.limit is None else min(limit, max(where.limit - offset, 0))
        rows = self._rows(sql, {**parameters, "limit": most, "offset": offset})
        found = {row["ticket_key"]: None for row in rows}
        tickets = {key: ticket for key in found if (ticket := self.ticket(key))}
        return [Hit(tickets[row["ticket_key"]], message_from(row)) for row in rows]

    def sync(self) -> dict[str, Any]:
        """Return how sync goes: state, since, success, error; empty before the first."""
        rows = self._rows("SELECT value FROM meta WHERE name = 'sync'")
        return dict(json.loads(rows[0]["value"])) if rows else {}


@contextmanager
def reading(path: Path) -> Iterator[Views]:
    """Open the store for reading.

    Raises:
        StoreError: there is none, or it cannot be read; the text says what to do.
    """
    connection = connect(path, readonly=True)
    try:
        yield Views(connection)
    except sqlite3.DatabaseError as error:
        raise explain(error, path) from None
    finally:
        connection.close()
