"""Mails that came through forms and forwarders, and what was decided about each such sender."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supportterm.domain.mail import Address
from supportterm.domain.relays import Relay, Relayed
from supportterm.store.mapping import dump, to_ms
from supportterm.store.reader import Reader
from supportterm.store.rows import execute, execute_many, select, tuples

if TYPE_CHECKING:
    from supportterm.store.database import Session

SCHEMA = """
    CREATE TABLE relayed (
        message INTEGER PRIMARY KEY NOT NULL, relay TEXT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL
    );
    CREATE INDEX relayed_relay ON relayed (relay, message);
    CREATE TABLE relay (
        address TEXT PRIMARY KEY NOT NULL, trusted INTEGER NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL
    ) WITHOUT ROWID;
"""
"""A step of the migrations."""
_OF_TICKET = (
    "SELECT r.*, v.trusted, NOT EXISTS (SELECT 1 FROM message b WHERE b.ticket_key = ?1 AND b.kind != 'withdrawn'"
    "  AND (b.at < m.at OR b.at = m.at AND b.id < m.id)) AS first"
    " FROM message m CROSS JOIN relayed r ON r.message = m.id LEFT JOIN relay v ON v.address = r.relay"
    " WHERE m.ticket_key = ?1 AND m.kind = 'customer' ORDER BY m.at DESC, m.id DESC LIMIT 1"
)


def decided(session: Session, addresses: Iterable[str]) -> dict[str, bool]:
    """Return what was decided about some senders, folded address -> whether their mail is the customer's it names."""
    wanted = dump(sorted({address.lower() for address in addresses if address}))
    rows = tuples(
        session, "SELECT address, trusted FROM relay WHERE address IN (SELECT value FROM json_each(?))", [wanted]
    )
    return {address: bool(trusted) for address, trusted in rows}


def decide(session: Session, address: str, trusted: bool | None, by: str, at: datetime) -> None:
    """Keep a decision about a sender; None forgets it."""
    if trusted is None:
        execute(session, "DELETE FROM relay WHERE address = ?", [address])
    else:
        execute(session, "INSERT OR REPLACE INTO relay VALUES (?, ?, ?, ?)", [address, int(trusted), by, to_ms(at)])


def remember(session: Session, rows: Iterable[tuple[int, str, Address | None]]) -> None:
    """Note for whom messages came through which sender: message id, folded sender, the customer it names if any."""
    execute_many(
        session,
        "INSERT OR REPLACE INTO relayed VALUES (?, ?, ?, ?)",
        (
            (message, relay, customer.name, customer.address)
            for message, relay, customer in rows
            if customer is not None
        ),
    )


def is_known(session: Session, address: str) -> bool:
    """Tell whether mail for somebody else ever came through this sender."""
    return bool(tuples(session, "SELECT 1 FROM relayed WHERE relay = ? LIMIT 1", [address]))


def of_ticket(session: Session, key: str) -> Relayed | None:
    """Return the newest message of a ticket that came through a form or a forwarder, or None."""
    rows = select(session, _OF_TICKET, [key])
    return _from(rows[0]) if rows else None


def recent(session: Session, address: str, since: datetime, most: int) -> list[int]:
    """Return the newest messages that came into INBOX through a sender since an instant, the oldest of them first."""
    rows = tuples(
        session,
        "SELECT m.id FROM relayed r JOIN message m ON m.id = r.message WHERE r.relay = ? AND m.at >= ?"
        " AND m.kind = 'customer' AND EXISTS (SELECT 1 FROM location l JOIN folder f ON f.id = l.folder_id"
        "  WHERE l.message = m.id AND f.role = 'inbox') ORDER BY r.message DESC LIMIT ?",
        [address, to_ms(since), most],
    )
    return [int(number) for (number,) in reversed(rows)]


class Relays(Reader):
    """The part of `Views` that tells of forms and forwarders."""

    def relayed(self, key: str) -> Relayed | None:
        """Return the newest message of a ticket that came through a form or a forwarder, or None."""
        rows = self._rows(_OF_TICKET, [key])
        return _from(rows[0]) if rows else None

    def relays(self) -> list[Relay]:
        """Return every form and forwarder: those nobody has decided about first, then by address."""
        rows = self._rows(
            "SELECT a.address, (SELECT count(*) FROM relayed r WHERE r.relay = a.address) AS mails, v.trusted, v.by"
            " FROM (SELECT relay AS address FROM relayed UNION SELECT address FROM relay) a"
            " LEFT JOIN relay v ON v.address = a.address ORDER BY v.trusted IS NOT NULL, a.address"
        )
        return [Relay(row["address"], int(row["mails"]), _trusted(row), row["by"] or "") for row in rows]


def _trusted(row: Mapping[str, Any]) -> bool | None:
    return None if row["trusted"] is None else bool(row["trusted"])


def _from(row: Mapping[str, Any]) -> Relayed:
    customer = Address(row["name"], row["address"])
    return Relayed(int(row["message"]), row["relay"], customer, _trusted(row), bool(row["first"]))
