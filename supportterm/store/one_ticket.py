"""What the screen of one ticket asks of the store: where it is now, what the customer asked before, a mail's source."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from supportterm.domain.message import Message
from supportterm.domain.ticket import Ticket
from supportterm.store.mapping import message_from, to_ms
from supportterm.store.reader import Reader

_HEAD = 16_384
"""Bytes of a source, compressed, that hold its headers in most cases."""


class OneTicket(Reader):
    """The part of `Views` that serves an open ticket."""

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
        count = self._rows("SELECT count(*) AS n FROM ticket WHERE requester_address = ? AND key != ?", [address, but])
        return self.of_customer(address, but=but, most=limit), int(count[0]["n"])

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

    def sent_elsewhere(self, address: str, but: str, most: int = 5) -> tuple[str, ...]:
        """Return our latest answers on a customer's newest other tickets, newest first."""
        if not address:
            return ()
        rows = self._rows(
            "SELECT substr(ifnull(m.reply_text, m.text), 1, 20000) AS said FROM (SELECT key FROM ticket"
            " WHERE requester_address = :address AND key != :but ORDER BY created_at DESC LIMIT 3) latest"
            " JOIN message m ON m.ticket_key = latest.key AND m.kind = 'reply' ORDER BY m.at DESC LIMIT :most",
            {"address": address, "but": but, "most": most},
        )
        return tuple(row["said"] for row in rows)

    def messages_again(self, key: str, known: Sequence[Message]) -> list[Message]:
        """Return a ticket's messages as `messages` does; those known where it has these and no others.

        What a message says never changes; which belong to a ticket, and when one counts from, does.
        """
        rows = self._rows(
            "SELECT count(*) AS n, ifnull(sum(id), 0) AS ids, ifnull(sum(at), 0) AS ats FROM message"
            " WHERE ticket_key = ? AND kind != 'withdrawn'",
            [key],
        )
        ids, ats = (m.id or 0 for m in known), (to_ms(m.at) for m in known)
        is_so = [*rows[0].values()] == [len(known), sum(ids), sum(ats)] and all(m.ticket_key == key for m in known)
        return list(known) if is_so else self.messages(key)

    def messages(self, key: str) -> list[Message]:
        """Return a ticket's messages, oldest first, without notes taken back."""
        rows = self._rows("SELECT * FROM message WHERE ticket_key = ? AND kind != 'withdrawn' ORDER BY at, id", [key])
        return [message_from(row) for row in rows]

    def stamp(self, key: str) -> tuple[object, ...]:
        """Return something that changes with what a ticket's screen shows, without reading its messages."""
        rows = self._rows(
            "SELECT updated_at, messages, status, assignee, priority, override, tier, due_at, snoozed_until, subject,"
            " requester_name, requester_address, (SELECT group_concat(name) FROM tag WHERE ticket_key = ?1),"
            " (SELECT count(*) FROM message WHERE ticket_key = ?1 AND kind != 'withdrawn'),"
            " (SELECT max(id) FROM message WHERE ticket_key = ?1),"
            " (SELECT group_concat(o.id || o.state || o.updated_at) FROM operation o"
            "   WHERE o.ticket_key = ?1 AND o.kind IN ('send', 'receipt'))"
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
