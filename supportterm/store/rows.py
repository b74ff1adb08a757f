"""Plain SQL within a session's transaction: bulk work goes by `executemany`, beside SQLModel's tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlmodel import Session


def select(session: Session, sql: str, parameters: Sequence[Any] = ()) -> list[Mapping[str, Any]]:
    """Return the rows of a query as mappings."""
    result = session.connection().exec_driver_sql(sql, tuple(parameters))
    return [dict(row) for row in result.mappings()]


def tuples(session: Session, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of a query as tuples."""
    return [tuple(row) for row in session.connection().exec_driver_sql(sql, tuple(parameters)).all()]


def execute(session: Session, sql: str, parameters: Sequence[Any] = ()) -> int:
    """Run one statement and return how many rows it changed."""
    return session.connection().exec_driver_sql(sql, tuple(parameters)).rowcount


def execute_many(session: Session, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Run one statement for many rows; nothing where there are none."""
    if many := list(rows):
        session.connection().exec_driver_sql(sql, many)
