"""Plain SQL over one connection for reading."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from supportterm.domain.ticket import Ticket
from supportterm.store import filters
from supportterm.store.mapping import ticket_from

PAGE = 50
"""Rows of one page, where nobody says otherwise."""


class Reader:
    """Rows and tickets out of one read-only connection; each call sees the newest commit."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.turn_to(connection)

    def turn_to(self, connection: sqlite3.Connection) -> None:
        """Answer over another connection from now on: whoever holds these views goes on with them."""
        connection.row_factory = sqlite3.Row
        filters.prepare(connection)
        self._connection = connection

    def revision(self) -> int:
        """Return a number that changes when another connection has committed; a few microseconds."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Let go of the store."""
        self._connection.close()

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
