"""Read models: plain SQL on sqlite3, so that a first screen loads no ORM."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supportterm.domain.events import Event
from supportterm.domain.message import Message
from supportterm.domain.operations import Operation, OperationKind, Recipient, State
from supportterm.domain.ticket import Ticket
from supportterm.store import naming
from supportterm.store.database import connect, explain
from supportterm.store.filters import Where
from supportterm.store.mapping import event_from, message_from, operation_from
from supportterm.store.queue_views import PAGE as PAGE
from supportterm.store.queue_views import QueueViews
from supportterm.store.writing import Writing

_HEAD = 16_384
"""Bytes of a source, compressed, that hold its headers in most cases."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that matches a search, with its ticket."""

    ticket: Ticket
    message: Message


class Views(QueueViews, Writing):
    """Answers over one read-only connection; each call sees the newest commit."""

    def ticket(self, key: str) -> Ticket | None:
        """Return a ticket by its key, or None."""
        found = self._tickets(self._rows("SELECT * FROM ticket WHERE key = ?", [key]))
        return found[0] if found else None

    def resolve(self, key: str) -> str:
        """Return the key a ticket has now; a ticket that was joined with another is found under that one's."""
        for _ in range(8):
            rows = self._rows("SELECT ticket_key FROM alias WHERE key = ?", [key])
            if not rows or rows[0]["ticket_key"] == key:
                break
            key = rows[0]["ticket_key"]
        return key

    def earlier(self, address: str, but: str, limit: int = 20) -> tuple[list[Ticket], int]:
        """Return a customer's other tickets, newest first, and how many there are."""
        if not address:
            return [], 0
        rows = self._rows(
            "SELECT * FROM ticket WHERE requester_address = ? AND key != ? ORDER BY created_at DESC LIMIT ?",
            [address, but, limit],
        )
        count = self._rows("SELECT count(*) AS n FROM ticket WHERE requester_address = ? AND key != ?", [address, but])
        return self._tickets(rows), int(count[0]["n"])

    def stamp(self, key: str) -> tuple[object, ...]:
        """Return something that changes with what a ticket's screen shows, without reading its messages."""
        row = self._connection.execute(
            "SELECT updated_at, messages, status, assignee, priority, override, tier, due_at, snoozed_until, subject,"
            " requester_name, requester_address, (SELECT group_concat(name) FROM tag WHERE ticket_key = ?1),"
            " (SELECT count(*) FROM message WHERE ticket_key = ?1 AND kind != 'withdrawn'),"
            " (SELECT max(id) FROM message WHERE ticket_key = ?1),"
            " (SELECT group_concat(o.id || o.state || o.updated_at) FROM operation o"
            "   WHERE o.ticket_key = ?1 AND o.kind = 'send')"
            " FROM ticket WHERE key = ?1",
            [key],
        ).fetchone()
        return tuple(row) if row is not None else ()

    def source(self, sha: str) -> bytes | None:
        """Return a mail as it came, or None; slow for a large one."""
        rows = self._rows("SELECT data FROM raw WHERE sha = ?", [sha])
        return zlib.decompress(rows[0]["data"]) if rows else None

    def source_head(self, sha: str) -> bytes:
        """Return the first bytes of a mail, headers in most cases, however large it is."""
        rows = self._rows("SELECT substr(data, 1, ?) AS data FROM raw WHERE sha = ?", [_HEAD, sha])
        return zlib.decompressobj().decompress(rows[0]["data"], 4 * _HEAD) if rows else b""

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
        rows = self._rows(
            "SELECT * FROM operation WHERE kind = 'send' AND (:key IS NULL OR ticket_key = :key)"
            " AND (:everything OR state NOT IN ('accepted', 'undone')) ORDER BY id",
            {"key": key, "everything": int(everything)},
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
            "SELECT count(*) AS held, ifnull(sum(state IN ('refused', 'uncertain', 'review') OR EXISTS (SELECT 1 FROM"
            " recipient r WHERE r.operation = o.id AND r.state IN ('refused', 'uncertain', 'review'))), 0) AS stopped"
            " FROM operation o WHERE kind = 'send' AND state NOT IN ('accepted', 'undone')"
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

    def sync(self) -> dict[str, Any]:
        """Return how sync goes: state, since, success, error; empty before the first."""
        rows = self._rows("SELECT value FROM meta WHERE name = 'sync'")
        return dict(json.loads(rows[0]["value"])) if rows else {}

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
