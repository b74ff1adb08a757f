"""Who is named in which note, and whether they were told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.domain.ticket import Ticket
from supportterm.store.mapping import to_ms
from supportterm.store.reader import Reader
from supportterm.store.rows import execute_many, tuples

if TYPE_CHECKING:
    from sqlmodel import Session

TABLE = """
    CREATE TABLE note_mention (
        agent TEXT NOT NULL,
        message INTEGER NOT NULL,
        at INTEGER NOT NULL,
        told INTEGER NOT NULL,
        PRIMARY KEY (agent, message)
    ) WITHOUT ROWID;
    CREATE INDEX note_mention_untold ON note_mention (agent) WHERE told = 0;
    CREATE INDEX note_mention_at ON note_mention (agent, at);
    """
"""A step of the migrations."""
_MOST = 1_000


def add(session: Session, message: int, agents: Iterable[str], by: str, at: datetime) -> None:
    """Enter who a note names; who wrote it needs no telling."""
    rows = [(agent, message, to_ms(at), int(agent == by.casefold())) for agent in agents]
    execute_many(session, "INSERT INTO note_mention VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)


def claim(session: Session, me: str) -> list[int]:
    """Return the notes that name this agent and were not told yet, and remember that they are told now."""
    agent = me.casefold()
    found = tuples(session, "SELECT message FROM note_mention WHERE agent = ? AND told = 0 ORDER BY message", [agent])
    execute_many(
        session, "UPDATE note_mention SET told = 1 WHERE agent = ? AND message = ?", [(agent, n) for (n,) in found]
    )
    return [number for (number,) in found]


class Mentions(Reader):
    """The part of `Views` that reads mentions."""

    def has_untold_mention(self, me: str) -> bool:
        """Tell whether a note that names this agent waits to be told; one look at an index."""
        rows = self._rows("SELECT 1 FROM note_mention WHERE agent = ? AND told = 0 LIMIT 1", [me.casefold()])
        return bool(rows)

    def mentioned_since(self, since: datetime, me: str) -> list[tuple[Ticket, str]]:
        """Return the tickets on which others named this agent since, each with who it was."""
        rows = self._rows(
            "SELECT t.*, coalesce(nullif(m.sender_name, ''), m.author) AS who FROM note_mention n"
            " JOIN message m ON m.id = n.message JOIN ticket t ON t.key = m.ticket_key"
            " WHERE n.agent = :agent AND n.at >= :since AND m.kind = 'note' AND ifnull(m.author, '') != :me"
            " ORDER BY n.at LIMIT :most",
            {"agent": me.casefold(), "since": to_ms(since), "me": me, "most": _MOST},
        )
        return list(zip(self._tickets(rows), (row["who"] for row in rows), strict=True))

    def colleagues(self) -> list[str]:
        """Return the ids of everybody who has worked in this store: who has tickets, and who has opened its console."""
        rows = self._rows(
            "SELECT DISTINCT assignee AS agent FROM counter WHERE assignee != '' AND n > 0"
            " UNION SELECT substr(name, 12) FROM meta WHERE name >= 'attendance:' AND name < 'attendance;'"
        )
        return sorted(row["agent"] for row in rows)
