"""Read models: plain SQL on sqlite3, so that a first screen loads no ORM."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supportterm.domain.events import Event
from supportterm.domain.message import Message
from supportterm.domain.operations import Operation, OperationKind, Recipient, State
from supportterm.domain.ticket import Ticket
from supportterm.store import filters, naming
from supportterm.store.database import connect, explain
from supportterm.store.filters import Where
from supportterm.store.mapping import event_from, message_from, operation_from, ticket_from

PAGE = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that matches a search, with its ticket."""

    ticket: Ticket
    message: Message


class Views:
    """Answers over one read-only connection; each call sees the newest commit."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        filters.prepare(connection)
        self._connection = connection

    def revision(self) -> int:
        """Return a number that changes when another connection has committed; a few microseconds."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Let go of the store."""
        self._connection.close()

    def queue(self, where: Where, limit: int = PAGE, offset: int = 0) -> list[Ticket]:
        """Return a page of the tickets a query names, in its order."""
        rows = self._rows(
            f"SELECT t.* FROM ticket t WHERE {where.sql} ORDER BY {where.order} LIMIT :limit OFFSET :offset",  # noqa: S608 compiled by filters, values bound
            {**where.parameters, "limit": min(limit, where.limit or limit), "offset": offset},
        )
        return self._tickets(rows)

    def count(self, where: Where) -> int:
        """Return how many tickets a query names."""
        sql = f"SELECT count(*) AS n FROM ticket t WHERE {where.sql}"  # noqa: S608 compiled by filters, values bound
        return int(self._rows(sql, where.parameters)[0]["n"])

    def ticket(self, key: str) -> Ticket | None:
        """Return a ticket by its key, or None."""
        found = self._tickets(self._rows("SELECT * FROM ticket WHERE key = ?", [key]))
        return found[0] if found else None

    def find(self, named: str) -> list[Ticket]:
        """Return the tickets a person may mean by a reference; see `naming`."""
        keys = naming.meant(lambda sql, values: map(tuple, self._connection.execute(sql, values)), named)
        return [ticket for key in keys if (ticket := self.ticket(key))]

    def messages(self, key: str) -> list[Message]:
        """Return a ticket's messages, oldest first, without notes taken back."""
        rows = self._rows("SELECT * FROM message WHERE ticket_key = ? AND kind != 'withdrawn' ORDER BY at, id", [key])
        return [message_from(row) for row in rows]

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

    def waiting_operations(self) -> dict[str, int]:
        """Return how many operations of each kind the server has yet to learn of."""
        rows = self._rows(
            "SELECT kind, count(*) AS n FROM operation WHERE state IN ('queued', 'sending') GROUP BY kind"
        )
        return {str(OperationKind(row["kind"])): row["n"] for row in rows}

    def search(self, where: Where, limit: int = PAGE) -> list[Hit]:
        """Return the newest messages that hold a query's words, in tickets that meet the rest of it."""
        if where.text is None:
            return []
        sql = (
            "SELECT m.* FROM search s JOIN message m ON m.id = s.rowid JOIN ticket t ON t.key = m.ticket_key"  # noqa: S608 compiled by filters, values bound
            f" WHERE search MATCH :match AND m.kind != 'withdrawn' AND {where.sql} ORDER BY m.at DESC LIMIT :limit"
        )
        parameters = {**where.parameters, "match": where.text, "limit": min(limit, where.limit or limit)}
        rows = self._rows(sql, parameters)
        found = {row["ticket_key"]: None for row in rows}
        tickets = {key: ticket for key in found if (ticket := self.ticket(key))}
        return [Hit(tickets[row["ticket_key"]], message_from(row)) for row in rows]

    def counts(self, me: str) -> dict[str, int]:
        """Return the badge counts of the views, from kept counters."""
        rows = self._rows(
            "SELECT status, assignee, snoozed, sum(n) AS n FROM counter WHERE history = 0 GROUP BY 1, 2, 3"
        )
        totals = dict.fromkeys(("now", "mine", "unassigned", "waiting", "on-hold", "snoozed", "solved", "spam"), 0)
        for row in rows:
            ours = row["status"] in ("new", "open") and not row["snoozed"]
            totals["now"] += row["n"] * (ours and row["assignee"] in ("", me))
            totals["mine"] += row["n"] * (ours and row["assignee"] == me)
            totals["unassigned"] += row["n"] * (ours and row["assignee"] == "")
            totals["snoozed"] += row["n"] * bool(row["snoozed"])
            for status, view in (
                ("pending", "waiting"),
                ("on-hold", "on-hold"),
                ("solved", "solved"),
                ("spam", "spam"),
            ):
                totals[view] += row["n"] * (row["status"] == status)
        return totals

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
