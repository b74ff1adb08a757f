"""Asking the worker to look for mail at once: a mark in the store that it sees within its next look."""

from __future__ import annotations

from supportterm.desk.context import Desk
from supportterm.store import meta
from supportterm.store.database import Database

_NAME = "sync_wanted"


def ask(desk: Desk) -> None:
    """Ask whoever syncs this store to do so now, even where it waits before trying again.

    Raises:
        StoreError: the store cannot be written.
    """
    with desk.database.write() as session:
        asked = meta.get(session, _NAME) or "0"
        meta.put(session, _NAME, str(int(asked) + 1 if asked.isdigit() else 1))


def asked(database: Database) -> str:
    """Return the mark; it differs after every wish."""
    return database.fact(_NAME) or ""
