"""Messages, their sources, and their search rows."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from supportterm.domain.message import Message
from supportterm.domain.standing import Beat
from supportterm.domain.ticket import MessageKind
from supportterm.store.mapping import MESSAGE_COLUMNS, dump, from_ms, message_from, message_values
from supportterm.store.rows import execute_many, select, tuples

if TYPE_CHECKING:
    from sqlmodel import Session

_INSERT = f"INSERT INTO message ({', '.join(MESSAGE_COLUMNS)}) VALUES ({', '.join('?' * len(MESSAGE_COLUMNS))})"  # noqa: S608 our own column names


def next_id(session: Session) -> int:
    """Return the id the next message will have; ids follow the order of arrival here."""
    return int(tuples(session, "SELECT ifnull(max(id), 0) + 1 FROM message")[0][0])


def insert(session: Session, messages: Iterable[Message]) -> None:
    """Insert messages whose ids are given."""
    execute_many(session, _INSERT, (message_values(message) for message in messages))


def load(session: Session, ticket_key: str) -> list[Message]:
    """Return a ticket's messages, oldest first."""
    rows = select(session, "SELECT * FROM message WHERE ticket_key = ? ORDER BY at, id", [ticket_key])
    return [message_from(row) for row in rows]


def get(session: Session, message: int) -> Message | None:
    """Return one message, or None."""
    rows = select(session, "SELECT * FROM message WHERE id = ?", [message])
    return message_from(rows[0]) if rows else None


def by_fingerprint(session: Session, fingerprints: Iterable[str]) -> dict[str, list[tuple[int, str | None]]]:
    """Return fingerprint -> (id, Message-ID) of the messages that bear it."""
    found: dict[str, list[tuple[int, str | None]]] = {}
    for fingerprint, number, message_id in tuples(
        session,
        "SELECT fingerprint, id, message_id FROM message WHERE fingerprint IN (SELECT value FROM json_each(?))"
        " ORDER BY id",
        [dump(list(fingerprints))],
    ):
        found.setdefault(fingerprint, []).append((number, message_id))
    return found


def senders(session: Session, message_ids: Iterable[str]) -> dict[str, set[str]]:
    """Return Message-ID -> the addresses that sent mail under it."""
    found: dict[str, set[str]] = {}
    for message_id, address in tuples(
        session,
        "SELECT message_id, sender_address FROM message WHERE message_id IN (SELECT value FROM json_each(?))",
        [dump(list(message_ids))],
    ):
        found.setdefault(message_id, set()).add(address)
    return found


def written_here(session: Session, message_ids: Iterable[str]) -> dict[str, int]:
    """Return Message-ID -> id of replies that were written here."""
    return dict(
        tuples(
            session,
            "SELECT message_id, id FROM message WHERE author IS NOT NULL"
            " AND message_id IN (SELECT value FROM json_each(?))",
            [dump(list(message_ids))],
        )
    )


def beats(session: Session, ticket_keys: Iterable[str]) -> dict[str, list[Beat]]:
    """Return ticket key -> its messages as the clocks see them; mail not yet accepted by a server does not count."""
    found: dict[str, list[Beat]] = {}
    for key, kind, at, intent, here in tuples(
        session,
        "SELECT m.ticket_key, m.kind, m.at, m.intent, m.author IS NOT NULL FROM message m"
        " WHERE m.ticket_key IN (SELECT value FROM json_each(?)) AND m.kind != 'withdrawn' AND NOT EXISTS ("
        "  SELECT 1 FROM operation o WHERE o.message = m.id AND o.kind = 'send' AND o.state != 'accepted')",
        [dump(list(ticket_keys))],
    ):
        found.setdefault(key, []).append(Beat(MessageKind(kind), from_ms(at), intent, bool(here)))
    return found


def newest(session: Session, ticket_key: str) -> tuple[int, int]:
    """Return (id, milliseconds) of the newest mail a server gave us on a ticket; zeros where there is none."""
    rows = tuples(
        session,
        "SELECT ifnull(max(id), 0), ifnull(max(at), 0) FROM message WHERE ticket_key = ? AND author IS NULL",
        [ticket_key],
    )
    return int(rows[0][0]), int(rows[0][1])


def unanswered(session: Session, ticket_key: str, since_ms: int, most: int = 6) -> list[Message]:
    """Return the customer's mails since an instant, newest first."""
    rows = select(
        session,
        "SELECT * FROM message WHERE ticket_key = ? AND kind = 'customer' AND at >= ? ORDER BY at DESC LIMIT ?",
        [ticket_key, since_ms, most],
    )
    return [message_from(row) for row in rows]


def newer(session: Session, ticket_key: str, base_message: int, base_at: int) -> list[Message]:
    """Return mail of the customer, of colleagues or sent elsewhere that came after what a reply's author saw."""
    rows = select(
        session,
        "SELECT * FROM message WHERE ticket_key = ? AND id > ? AND at >= ? AND author IS NULL"
        " AND kind IN ('customer', 'reply', 'inside') ORDER BY at, id",
        [ticket_key, base_message, base_at],
    )
    return [message_from(row) for row in rows]


def answered(session: Session, ticket_key: str, up_to: int) -> list[int]:
    """Return the ids of a customer's mails that an answer written after message `up_to` answers."""
    return [
        number
        for (number,) in tuples(
            session,
            "SELECT id FROM message WHERE ticket_key = ? AND kind = 'customer' AND id <= ?",
            [ticket_key, up_to],
        )
    ]


def index(session: Session, rows: Iterable[tuple[int, str, str, str]]) -> None:
    """Add search rows: message id, and the folded subject, body and people."""
    execute_many(session, "INSERT INTO search (rowid, subject, body, people) VALUES (?, ?, ?, ?)", rows)


def pack(raw: bytes) -> tuple[str, int, bytes]:
    """Return a source's name (SHA-256), size and compressed bytes; needs no store, so any thread may do it."""
    return hashlib.sha256(raw).hexdigest(), len(raw), zlib.compress(raw, 1)


def keep_sources(session: Session, packed: Iterable[tuple[str, int, bytes]]) -> None:
    """Keep the sources of messages; one already kept stays."""
    execute_many(session, "INSERT INTO raw VALUES (?, ?, ?) ON CONFLICT DO NOTHING", packed)


def source(session: Session, sha: str) -> bytes | None:
    """Return a message's source, or None."""
    rows = tuples(session, "SELECT data FROM raw WHERE sha = ?", [sha])
    return zlib.decompress(rows[0][0]) if rows else None


def change_source(session: Session, message: int, sha: str) -> None:
    """Give a mail that has not left another source."""
    execute_many(session, "UPDATE message SET raw = ? WHERE id = ?", [(sha, message)])


def head(session: Session, sha: str, limit: int = 262_144) -> bytes:
    """Return the beginning of a message's source, up to so many bytes; empty where it is not kept."""
    rows = tuples(session, "SELECT substr(data, 1, ?) FROM raw WHERE sha = ?", [limit, sha])
    return zlib.decompressobj().decompress(rows[0][0], limit) if rows else b""


def withdraw(session: Session, message: int) -> None:
    """Take a note, or the record of a call, out of its ticket; what it said stays in the journal."""
    sql = "UPDATE message SET kind = 'withdrawn' WHERE id = ? AND kind IN ('note', 'call')"
    execute_many(session, sql, [(message,)])


def accepted(session: Session, message: int, at_ms: int) -> None:
    """Set a reply's instant to when a server took it."""
    execute_many(session, "UPDATE message SET at = ? WHERE id = ?", [(at_ms, message)])
