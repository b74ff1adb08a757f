"""What the store knows of acknowledgements: those that went out, and who is busy with a ticket."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.domain.events import EventKind
from supportterm.domain.receipts import Sent, sender_key
from supportterm.store.mapping import dump, from_ms, to_ms
from supportterm.store.rows import execute, tuples

if TYPE_CHECKING:
    from sqlmodel import Session


def since(session: Session, instant: datetime) -> list[Sent]:
    """Return the receipts since an instant, of this store and of others on the same mailbox."""
    return [
        Sent(sender_key(address or ""), from_ms(at))
        for address, at in tuples(
            session,
            "SELECT json_extract(people, '$.to[0][1]'), at FROM message WHERE kind = 'receipt' AND at >= ?",
            [to_ms(instant)],
        )
    ]


def left_since(session: Session, instant: datetime) -> int:
    """Count the receipts that have left since an instant."""
    rows = tuples(
        session,
        "SELECT count(*) FROM message m WHERE kind = 'receipt' AND at >= ? AND NOT EXISTS ("
        "  SELECT 1 FROM operation o WHERE o.ticket_key = m.ticket_key AND o.message = m.id AND o.kind = 'receipt'"
        "  AND o.state = 'queued')",
        [to_ms(instant)],
    )
    return int(rows[0][0])


def have_one(session: Session, ticket_keys: Iterable[str], *, but: int = 0) -> set[str]:
    """Return which of these tickets have a receipt, message `but` left out."""
    return {
        key
        for (key,) in tuples(
            session,
            "SELECT DISTINCT ticket_key FROM message WHERE kind = 'receipt' AND id != ?"
            " AND ticket_key IN (SELECT value FROM json_each(?))",
            [but, dump(list(ticket_keys))],
        )
    }


def have_reply(session: Session, ticket_keys: Iterable[str]) -> set[str]:
    """Return which of these tickets have a reply that was sent, is on its way, or waits for an agent's look."""
    return {
        key
        for (key,) in tuples(
            session,
            "SELECT DISTINCT ticket_key FROM message m WHERE kind = 'reply'"
            " AND ticket_key IN (SELECT value FROM json_each(?)) AND NOT EXISTS ("
            "  SELECT 1 FROM operation o WHERE o.ticket_key = m.ticket_key AND o.message = m.id AND o.kind = 'send'"
            "  AND o.state = 'undone')",
            [dump(list(ticket_keys))],
        )
    }


def being_written(session: Session, ticket_keys: Iterable[str]) -> set[str]:
    """Return on which of these tickets somebody is writing a mail."""
    return {
        key
        for (key,) in tuples(
            session,
            "SELECT DISTINCT ticket_key FROM draft WHERE kind != 'note'"
            " AND ticket_key IN (SELECT value FROM json_each(?))",
            [dump(list(ticket_keys))],
        )
    }


def told(session: Session, ticket_keys: Iterable[str]) -> set[tuple[str, str]]:
    """Return the reasons these tickets' journals hold already: ticket key and words."""
    return {
        (key, why)
        for key, why in tuples(
            session,
            "SELECT ticket_key, json_extract(payload, '$.why') FROM event WHERE kind = ?"
            " AND ticket_key IN (SELECT value FROM json_each(?))",
            [EventKind.RECEIPT_WITHHELD.value, dump(list(ticket_keys))],
        )
    }


def are_receipts(session: Session, message_ids: Iterable[str]) -> bool:
    """Tell whether one of these Message-IDs is that of an acknowledgement of ours."""
    rows = tuples(
        session,
        "SELECT EXISTS (SELECT 1 FROM message WHERE kind = 'receipt'"
        " AND message_id IN (SELECT value FROM json_each(?)))",
        [dump(list(message_ids))],
    )
    return bool(rows[0][0])


def withdraw(session: Session, message: int) -> None:
    """Take a receipt that never left out of its ticket."""
    execute(session, "UPDATE message SET kind = 'withdrawn' WHERE id = ? AND kind = 'receipt'", [message])
