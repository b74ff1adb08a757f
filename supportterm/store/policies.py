"""What the policies said when, and which policy a ticket had when: so that a clock can be derived again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.store.mapping import dump, from_ms, to_ms
from supportterm.store.rows import execute, tuples

if TYPE_CHECKING:
    from sqlmodel import Session


def newest(session: Session) -> int | None:
    """Return since when (milliseconds) the newest version holds, None before the first."""
    since = tuples(session, "SELECT max(since) FROM policy_version")[0][0]
    return None if since is None else int(since)


def versions(session: Session) -> list[tuple[datetime, str]]:
    """Return what the policies said from when on, the earliest first."""
    rows = tuples(session, "SELECT since, content FROM policy_version ORDER BY since")
    return [(from_ms(since), content) for since, content in rows]


def add_version(session: Session, since: int, content: str) -> None:
    """Write what the policies say from an instant (milliseconds) on."""
    execute(session, "INSERT OR REPLACE INTO policy_version VALUES (?, ?)", [since, content])


def switches(session: Session, ticket_keys: Iterable[str]) -> dict[str, list[tuple[datetime, str]]]:
    """Return ticket key -> the policies it had and since when; tickets that kept theirs are left out."""
    found: dict[str, list[tuple[datetime, str]]] = {}
    for key, since, policy in tuples(
        session,
        "SELECT ticket_key, since, policy FROM policy_switch"
        " WHERE ticket_key IN (SELECT value FROM json_each(?)) ORDER BY since",
        [dump(list(ticket_keys))],
    ):
        found.setdefault(key, []).append((from_ms(since), policy))
    return found


def add_switch(session: Session, ticket_key: str, since: datetime, policy: str) -> None:
    """Write that a ticket has this policy from an instant on."""
    execute(session, "INSERT OR REPLACE INTO policy_switch VALUES (?, ?, ?)", [ticket_key, to_ms(since), policy])
