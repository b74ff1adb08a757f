"""Tickets joined and taken apart: what lies on a ticket, moved to another and back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from supportterm.domain.ticket import Ticket
from supportterm.store import clocks
from supportterm.store.mapping import TICKET_COLUMNS, dump, ticket_from, ticket_values
from supportterm.store.rows import execute, execute_many, tuples

if TYPE_CHECKING:
    from sqlmodel import Session

_PARTS = {"message": "id", "operation": "id", "mention": "message_id", "alias": "key", "clock": "id", "call": "id"}
"""Tables whose rows lie on a ticket, and what names a row. Of the clocks those that were set: each ticket derives the
others of its own, by its own policies."""

Parts = Mapping[str, Sequence[Any]]
"""Table -> names of rows that lie on a ticket; under `follows` the keys of tickets that go on from it."""


def parts(session: Session, key: str) -> dict[str, list[Any]]:
    """Return what lies on a ticket."""
    found = {
        table: [row for (row,) in tuples(session, f"SELECT {name} FROM {table} WHERE ticket_key = ?", [key])]  # noqa: S608 fixed names
        for table, name in _PARTS.items()
    }
    found["clock"] = [clock.id for clock in clocks.load(session, [key]).get(key, ()) if clock.kind in clocks.SET]
    found["follows"] = [row for (row,) in tuples(session, "SELECT key FROM ticket WHERE follows = ?", [key])]
    return found


def move(session: Session, what: Parts, source: str, target: str) -> None:
    """Move rows from one ticket to another, those that still lie on the first."""
    for table, name in _PARTS.items():
        execute(
            session,
            f"UPDATE {table} SET ticket_key = ? WHERE ticket_key = ?"  # noqa: S608 fixed names
            f" AND {name} IN (SELECT value FROM json_each(?))",
            [target, source, dump(list(what.get(table, ())))],
        )
    execute(
        session,
        "UPDATE ticket SET follows = ? WHERE follows = ? AND key IN (SELECT value FROM json_each(?))",
        [target, source, dump(list(what.get("follows", ())))],
    )


def of_messages(session: Session, key: str, numbers: Collection[int]) -> dict[str, list[Any]]:
    """Return what goes with some messages of a ticket: their way out, what they promise, and their Message-IDs."""
    ids = dump(list(numbers))
    mails = "SELECT message_id FROM message WHERE id IN (SELECT value FROM json_each(?)) AND message_id IS NOT NULL"
    sent = "SELECT id FROM operation WHERE ticket_key = ? AND message IN (SELECT value FROM json_each(?))"
    operations = [row for (row,) in tuples(session, sent, [key, ids])]
    promised = tuple(f"promise-{number}-" for number in operations)
    return {
        "message": list(numbers),
        "operation": operations,
        "clock": [clock.id for clock in clocks.load(session, [key]).get(key, ()) if clock.id.startswith(promised)],
        "mention": [
            row
            for (row,) in tuples(
                session,
                f"SELECT message_id FROM mention WHERE ticket_key = ? AND message_id IN ({mails})",  # noqa: S608 a fixed query
                [key, ids],
            )
        ],
    }


def snapshot(ticket: Ticket) -> dict[str, Any]:
    """Return a ticket's columns as JSON can hold them, without its reasons: they are worked out again."""
    values = dict(zip(TICKET_COLUMNS, ticket_values(ticket), strict=True))
    return values | {"reasons": "[]", "words": ""}


def from_snapshot(values: Mapping[str, Any], tags: Collection[str]) -> Ticket:
    """Return the ticket that was."""
    return ticket_from(values, frozenset(tags))


def separate(session: Session, one: str, other: str) -> None:
    """Remember that two conversations were taken apart, and that their names lead each to its own."""
    execute(session, "DELETE FROM alias WHERE key = ? AND ticket_key = ?", [other, one])
    execute_many(session, "INSERT OR IGNORE INTO apart VALUES (?, ?)", [(one, other), (other, one)])


def apart(session: Session) -> frozenset[tuple[str, str]]:
    """Return the pairs of tickets that were taken apart, by the keys they are found under today."""
    return frozenset(
        tuples(
            session,
            "SELECT ifnull(a.ticket_key, p.one), ifnull(b.ticket_key, p.other) FROM apart p"
            " LEFT JOIN alias a ON a.key = p.one LEFT JOIN alias b ON b.key = p.other",
        )
    )


def joined(session: Session, key: str) -> str | None:
    """Return the ticket that took in the conversation of a key, None where it is a ticket of its own."""
    rows = tuples(session, "SELECT ticket_key FROM alias WHERE key = ?", [key])
    return str(rows[0][0]) if rows else None


def named(session: Session, kept: str, ref: str | None) -> str | None:
    """Return the key of the part of a ticket that has a reference of its own, None where it has no such part."""
    rows = tuples(session, "SELECT key FROM alias WHERE ticket_key = ? AND ref = ?", [kept, ref])
    return str(rows[0][0]) if rows else None


def references(session: Session, keys: Collection[str]) -> set[str]:
    """Return the references of some aliases."""
    rows = tuples(session, "SELECT ref FROM alias WHERE key IN (SELECT value FROM json_each(?))", [dump(list(keys))])
    return {ref for (ref,) in rows}
