"""Senders whose mail is spam: addresses, and domains as `@` and the domain."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.store.mapping import dump, to_ms
from supportterm.store.rows import execute_many, tuples

if TYPE_CHECKING:
    from sqlmodel import Session


def names(address: str) -> list[str]:
    """Return what a sender may be blocked as: the address, `@` and its domain, and the domains above that."""
    folded = address.lower()
    parts = folded.rpartition("@")[2].split(".")
    return [folded, *("@" + ".".join(parts[n:]) for n in range(max(len(parts) - 1, 1)))]


def among(session: Session, addresses: Iterable[str]) -> set[str]:
    """Return those of some addresses that are blocked, themselves or by their domain; as they were given."""
    known = {address: names(address) for address in addresses if address}
    wanted = dump(sorted({name for each in known.values() for name in each}))
    found = {
        name
        for (name,) in tuples(
            session, "SELECT address FROM blocked WHERE address IN (SELECT value FROM json_each(?))", [wanted]
        )
    }
    return {address for address, each in known.items() if found & set(each)} if found else set()


def held(session: Session, addresses: Iterable[str]) -> set[str]:
    """Return those of some names that stand in the list themselves."""
    wanted = dump(list(addresses))
    rows = tuples(session, "SELECT address FROM blocked WHERE address IN (SELECT value FROM json_each(?))", [wanted])
    return {address for (address,) in rows}


def add(session: Session, addresses: Iterable[str], by: str, at: datetime) -> None:
    """Block some senders."""
    execute_many(session, "INSERT OR IGNORE INTO blocked VALUES (?, ?, ?)", ((a, by, to_ms(at)) for a in addresses))


def remove(session: Session, addresses: Iterable[str]) -> None:
    """Let some senders' mail in again."""
    execute_many(session, "DELETE FROM blocked WHERE address = ?", ((a,) for a in addresses))
