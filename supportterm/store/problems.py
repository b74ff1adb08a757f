"""Problems, and which tickets are behind them: each ticket names one at most."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supportterm.domain.problem import Problem, ProblemState
from supportterm.domain.ticket import Ticket
from supportterm.store.filters import Where
from supportterm.store.mapping import from_ms, maybe_at, maybe_ms, to_ms
from supportterm.store.reader import Reader
from supportterm.store.rows import execute, select, tuples

if TYPE_CHECKING:
    from supportterm.store.database import Session

TABLE = """
    CREATE TABLE problem (
        number INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
        title TEXT NOT NULL,
        cause TEXT NOT NULL,
        state TEXT NOT NULL,
        opened_at INTEGER NOT NULL,
        by TEXT NOT NULL,
        fixed_at INTEGER
    );
    ALTER TABLE ticket ADD COLUMN problem INTEGER;
    CREATE INDEX ticket_problem ON ticket (problem) WHERE problem IS NOT NULL;
    """
"""A step of the migrations."""
UNTOLD = "('new', 'open', 'pending', 'on-hold')"
"""The statuses of tickets whose customers still wait to hear of it."""
_MOMENT = 25_000
"""Steps of SQLite's machine after which a glance is given up: some milliseconds."""
_OPEN = "(SELECT number FROM problem WHERE state = 'open')"


def add(session: Session, title: str, cause: str, by: str, now: datetime) -> Problem:
    """Open a problem under the next number."""
    execute(
        session,
        "INSERT INTO problem (title, cause, state, opened_at, by) VALUES (?, ?, 'open', ?, ?)",
        [title, cause, to_ms(now), by],
    )
    number = int(tuples(session, "SELECT last_insert_rowid()")[0][0])
    return Problem(number, title, ProblemState.OPEN, now, by, cause)


def get(session: Session, number: int) -> Problem | None:
    """Return a problem, or None."""
    rows = select(session, "SELECT * FROM problem WHERE number = ?", [number])
    return _from(rows[0]) if rows else None


def save(session: Session, problem: Problem) -> None:
    """Keep what changed in a problem."""
    execute(
        session,
        "UPDATE problem SET title = ?, cause = ?, state = ?, fixed_at = ? WHERE number = ?",
        [problem.title, problem.cause, problem.state.value, maybe_ms(problem.fixed_at), problem.number],
    )


def members(session: Session, number: int) -> list[str]:
    """Return the keys of every ticket behind a problem."""
    return [key for (key,) in tuples(session, "SELECT key FROM ticket WHERE problem = ?", [number])]


def untold(session: Session, number: int) -> int:
    """Return how many customers behind a problem still wait to hear of it."""
    sql = "SELECT count(*) FROM ticket WHERE problem = ? AND status IN " + UNTOLD  # noqa: S608 our own statuses
    return int(tuples(session, sql, [number])[0][0])


@dataclass(frozen=True, slots=True)
class Standing:
    """A problem, how many tickets are behind it, and how many of those customers still wait to hear of it."""

    problem: Problem
    tickets: int
    untold: int
    waiting_since: datetime | None
    """When the first of those who wait wrote."""


class Problems(Reader):
    """Questions about problems."""

    def problem(self, number: int | None) -> Problem | None:
        """Return a problem that was not withdrawn, or None."""
        rows = self._rows("SELECT * FROM problem WHERE number = ? AND state != 'withdrawn'", [number])
        return _from(rows[0]) if rows else None

    def problems(self, *, fixed: bool = False) -> list[Standing]:
        """Return the open problems, the newest first; with those fixed where asked."""
        rows = self._rows(
            "SELECT p.*, count(t.key) AS tickets, ifnull(sum(t.status IN " + UNTOLD + "), 0) AS untold,"  # noqa: S608 our own statuses
            " min(CASE WHEN t.status IN " + UNTOLD + " THEN t.created_at END) AS since"
            " FROM problem p LEFT JOIN ticket t INDEXED BY ticket_problem ON t.problem = p.number"
            " WHERE p.state = 'open' OR (:fixed AND p.state = 'fixed') GROUP BY p.number"
            " ORDER BY p.state != 'open', p.number DESC",
            {"fixed": int(fixed)},
        )
        return [Standing(_from(row), row["tickets"], row["untold"], maybe_at(row["since"])) for row in rows]

    def behind(self, number: int, limit: int = 2_000) -> list[Ticket]:
        """Return the tickets behind a problem, those that wait first, the most pressing at the top."""
        rows = self._rows(
            "SELECT t.* FROM ticket t WHERE t.problem = :number ORDER BY t.status NOT IN " + UNTOLD + ","  # noqa: S608 our own statuses
            " t.tier, ifnull(t.due_at, 9223372036854775807), t.created_at, t.key LIMIT :limit",
            {"number": number, "limit": limit},
        )
        return self._tickets(rows)

    def problem_members(self, where: Where) -> dict[int, list[str]]:
        """Return number -> the tickets of a query behind an open problem whose customers wait, in the query's order."""
        rows = self._rows(
            "SELECT t.problem AS number, t.key AS key FROM ticket t INDEXED BY ticket_problem"  # noqa: S608 compiled by filters, values bound
            f" WHERE t.problem IN {_OPEN} AND t.status IN {UNTOLD} AND {where.sql} ORDER BY {where.order}",
            where.parameters,
        )
        found: dict[int, list[str]] = {}
        for row in rows:
            found.setdefault(row["number"], []).append(row["key"])
        return found

    def problem_glance(self, where: Where) -> dict[int, list[str]]:
        """Return what `problem_members` does, nothing where finding it takes longer than a moment."""
        self._connection.set_progress_handler(lambda: 1, _MOMENT)
        try:
            return self.problem_members(where)
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            return {}
        finally:
            self._connection.set_progress_handler(None, 0)

    def problem_rows(self) -> int:
        """Return how many rows the view of problems has: an open problem is one, each ticket of a fixed one another."""
        rows = self._rows(
            "SELECT count(DISTINCT CASE p.state WHEN 'open' THEN p.number ELSE t.key END) AS n"  # noqa: S608 our own statuses
            " FROM problem p CROSS JOIN ticket t INDEXED BY ticket_problem ON t.problem = p.number WHERE t.status IN "
            + UNTOLD
        )
        return int(rows[0]["n"])


def _from(row: Mapping[str, Any]) -> Problem:
    return Problem(
        number=row["number"],
        title=row["title"],
        state=ProblemState(row["state"]),
        opened_at=from_ms(row["opened_at"]),
        by=row["by"],
        cause=row["cause"],
        fixed_at=maybe_at(row["fixed_at"]),
    )
