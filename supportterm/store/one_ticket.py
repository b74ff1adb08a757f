"""What the screen of one ticket asks of the store: where it is now, what the customer asked before, a mail's source."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from supportterm.domain.ticket import Ticket

_HEAD = 16_384
"""Bytes of a source, compressed, that hold its headers in most cases."""


class OneTicket:
    """The part of `Views` that serves an open ticket."""

    def _rows(self, sql: str, parameters: Mapping[str, Any] | list[Any] | None = None) -> list[dict[str, Any]]:
        raise NotImplementedError

    def _tickets(self, rows: list[dict[str, Any]]) -> list[Ticket]:
        raise NotImplementedError

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
        rows = self._rows(
            "SELECT updated_at, messages, status, assignee, priority, override, tier, due_at, snoozed_until, subject,"
            " requester_name, requester_address, (SELECT group_concat(name) FROM tag WHERE ticket_key = ?1),"
            " (SELECT count(*) FROM message WHERE ticket_key = ?1 AND kind != 'withdrawn'),"
            " (SELECT max(id) FROM message WHERE ticket_key = ?1),"
            " (SELECT group_concat(o.id || o.state || o.updated_at) FROM operation o"
            "   WHERE o.ticket_key = ?1 AND o.kind = 'send')"
            " FROM ticket WHERE key = ?1",
            [key],
        )
        return tuple(rows[0].values()) if rows else ()

    def source(self, sha: str) -> bytes | None:
        """Return a mail as it came, or None; slow for a large one."""
        rows = self._rows("SELECT data FROM raw WHERE sha = ?", [sha])
        return zlib.decompress(rows[0]["data"]) if rows else None

    def source_head(self, sha: str) -> bytes:
        """Return the first bytes of a mail, headers in most cases, however large it is."""
        rows = self._rows("SELECT substr(data, 1, ?) AS data FROM raw WHERE sha = ?", [_HEAD, sha])
        return zlib.decompressobj().decompress(rows[0]["data"], 4 * _HEAD) if rows else b""
