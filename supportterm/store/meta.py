"""Facts about the store itself, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportterm.store.rows import execute, tuples

if TYPE_CHECKING:
    from sqlmodel import Session


def get(session: Session, name: str) -> str | None:
    """Return a fact, or None."""
    rows = tuples(session, "SELECT value FROM meta WHERE name = ?", [name])
    return rows[0][0] if rows else None


def put(session: Session, name: str, value: str) -> None:
    """Remember a fact."""
    execute(session, "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", [name, value])


def forget(session: Session, name: str) -> None:
    """Remove a fact; nothing where there is none."""
    execute(session, "DELETE FROM meta WHERE name = ?", [name])
