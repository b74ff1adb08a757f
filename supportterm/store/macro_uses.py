"""Which snippets went out in replies, and how much of each stayed as it was."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.domain.rewriting import REWRITTEN, Habit, Use
from supportterm.store.mapping import to_ms
from supportterm.store.reader import Reader
from supportterm.store.rows import execute, execute_many

if TYPE_CHECKING:
    from sqlmodel import Session

TABLE = """
    CREATE TABLE macro_use (
        message INTEGER NOT NULL,
        macro TEXT NOT NULL,
        lang TEXT NOT NULL,
        agent TEXT NOT NULL,
        at INTEGER NOT NULL,
        kept REAL NOT NULL,
        PRIMARY KEY (message, macro, lang)
    ) WITHOUT ROWID;
    CREATE INDEX macro_use_at ON macro_use (at, macro, lang, kept);
    """
"""A step of the migrations."""


def add(session: Session, message: int, uses: Iterable[Use], agent: str, at: datetime) -> None:
    """Remember the snippets of a reply that is queued."""
    execute_many(
        session,
        "INSERT INTO macro_use VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(message, use.macro, use.lang, agent, to_ms(at), round(use.kept, 3)) for use in uses],
    )


def forget(session: Session, message: int) -> None:
    """Forget those of a reply that was taken back."""
    execute(session, "DELETE FROM macro_use WHERE message = ?", [message])


class MacroUses(Reader):
    """Questions about the use of snippets."""

    def habits(self, since_ms: int) -> dict[tuple[str, str], Habit]:
        """Return (id, language) -> what became of a snippet's uses since an instant; unused ones are left out."""
        rows = self._rows(
            "SELECT macro, lang, count(*) AS uses, sum(kept < :line) AS rewritten FROM macro_use"
            " WHERE at >= :since GROUP BY macro, lang",
            {"line": REWRITTEN, "since": since_ms},
        )
        return {(row["macro"], row["lang"]): Habit(row["uses"], row["rewritten"]) for row in rows}
