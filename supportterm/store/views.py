"""Read models: plain SQL on sqlite3, so that a first screen loads no ORM."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supportterm.domain.events import Event
from supportterm.domain.message import Message
from supportterm.domain.operations import Operation, OperationKind, Recipient, State
from supportterm.domain.ticket import Ticket, Tier
from supportterm.store import filters, naming
from supportterm.store.database import connect, explain
from supportterm.store.filters import Where
from supportterm.store.mapping import event_from, message_from, operation_from, ticket_from
from supportterm.store.one_ticket import OneTicket
from supportterm.store.writing import Writing

PAGE = 50
_MOMENT = 25_000
"""Steps of SQLite's machine after which a glance is given up: some milliseconds."""
_HELD = "kind = 'send' AND state NOT IN ('accepted', 'undone')"
"""What has not left; the index `operation_held` holds just these."""
_NEVER = 9_223_372_036_854_775_807
"""The due time of what has none, as the queue's index writes it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that matches a search, with its ticket."""

    ticket: Ticket
    message: Message


class Views(Writing, OneTicket):
    """Answers over one read-only connection; each call sees the newest commit."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.turn_to(connection)

    def revision(self) -> int:
        """Return a number that changes when another connection has committed; a few microseconds."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def turn_to(self, connection: sqlite3.Connection) -> None:
        """Answer over another connection from now on: whoever holds these views goes on with them."""
        connection.row_factory = sqlite3.Row
        filters.prepare(connection)
        self._connection = connection

    def close(self) -> None:
        """Let go of the store."""
        self._connection.close()

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

    def messages(self, key: str) -> list[Message]:
        """Return a ticket's messages, oldest first, without notes taken back."""
        rows = self._rows("SELECT * FROM message WHERE ticket_key = ? AND kind != 'withdrawn' ORDER BY at, id", [key])
        return [message_from(row) for row in rows]

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

    def outbox(self, key: str | None = None, *, everything: bool = False) -> list[Operation]:
        """Return mails on their way, stopped ones included; with `everything` also those accepted or taken back."""
        which = "kind = 'send'" if everything else _HELD
        one = "" if key is None else " AND ticket_key = :key"
        rows = self._rows(f"SELECT * FROM operation WHERE {which}{one} ORDER BY id", {"key": key})  # noqa: S608 fixed conditions
        return [self._with_recipients(operation_from(row)) for row in rows]

    def mails(self, numbers: Sequence[int]) -> list[Operation]:
        """Return mails by their numbers, oldest first, whatever became of them."""
        rows = self._rows(
            "SELECT * FROM operation WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
            [json.dumps(list(numbers))],
        )
        return [self._with_recipients(operation_from(row)) for row in rows]

    def left(self, limit: int = PAGE) -> list[Operation]:
        """Return the mails last accepted or taken back, newest first."""
        rows = self._rows(
            "SELECT * FROM operation WHERE kind = 'send' AND state IN ('accepted', 'undone') ORDER BY id DESC LIMIT ?",
            [limit],
        )
        return [self._with_recipients(operation_from(row)) for row in rows]

    def outbox_counts(self) -> tuple[int, int]:
        """Return how many mails the outbox holds, and how many of them have stopped; well under a millisecond."""
        row = self._rows(
            "SELECT count(*) AS held, ifnull(sum(state IN ('refused', 'uncertain', 'review') OR EXISTS (SELECT 1 FROM"  # noqa: S608 a fixed condition
            " recipient r WHERE r.operation = o.id AND r.state IN ('refused', 'uncertain', 'review'))), 0) AS stopped"
            f" FROM operation o WHERE {_HELD}"
        )[0]
        return int(row["held"]), int(row["stopped"])

    def waiting_operations(self) -> dict[str, int]:
        """Return how many operations of each kind the server has yet to learn of."""
        rows = self._rows(
            "SELECT kind, count(*) AS n FROM operation WHERE state IN ('queued', 'sending') GROUP BY kind"
        )
        return {str(OperationKind(row["kind"])): row["n"] for row in rows}

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
        rows = self._rows(f"SELECT count(*) AS n FROM operation WHERE {_HELD}")  # noqa: S608 a fixed condition
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

    def sync(self) -> dict[str, Any]:
        """Return how sync goes: state, since, success, error; empty before the first."""
        rows = self._rows("SELECT value FROM meta WHERE name = 'sync'")
        return dict(json.loads(rows[0]["value"])) if rows else {}

    def _rows(self, sql: str, parameters: Mapping[str, Any] | list[Any] | None = None) -> list[dict[str, Any]]:
        return [dict(row) for row in self._connection.execute(sql, parameters or [])]

    def _tickets(self, rows: list[dict[str, Any]]) -> list[Ticket]:
        keys = json.dumps([row["key"] for row in rows])
        tags: dict[str, set[str]] = {}
        for row in self._rows(
            "SELECT ticket_key, name FROM tag WHERE ticket_key IN (SELECT value FROM json_each(?))", [keys]
        ):
            tags.setdefault(row["ticket_key"], set()).add(row["name"])
        return [ticket_from(row, frozenset(tags.get(row["key"], ()))) for row in rows]

    def _with_recipients(self, operation: Operation) -> Operation:
        import dataclasses

        rows = self._rows("SELECT * FROM recipient WHERE operation = ? ORDER BY address", [operation.id])
        found = tuple(Recipient(row["address"], State(row["state"]), row["code"], row["said"]) for row in rows)
        return dataclasses.replace(operation, recipients=found)


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
