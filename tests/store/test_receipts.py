"""What is asked before each acknowledgement is found by an index, however much mail there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import Session

from supportterm.store import receipts
from supportterm.store.database import Database

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ASKED: dict[str, Callable[[Session], object]] = {
    "since": lambda session: receipts.since(session, NOW),
    "left_since": lambda session: receipts.left_since(session, NOW),
    "have_one": lambda session: receipts.have_one(session, ["K"]),
    "have_reply": lambda session: receipts.have_reply(session, ["K"]),
    "being_written": lambda session: receipts.being_written(session, ["K"]),
    "told": lambda session: receipts.told(session, ["K"]),
    "are_receipts": lambda session: receipts.are_receipts(session, ["m@x"]),
}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "store.sqlite3")
    yield made
    made.close()


@pytest.mark.parametrize("name", ASKED)
def test_no_question_reads_a_whole_table(name: str, database: Database) -> None:
    asked: list[tuple[str, tuple[object, ...]]] = []
    with database.write() as session:
        connection = session.connection()
        hear = lambda _c, _u, sql, values, *_: asked.append((sql, values))  # noqa: E731 - removed by the name again
        event.listen(connection, "before_cursor_execute", hear)
        ASKED[name](session)
        event.remove(connection, "before_cursor_execute", hear)
        (statement,) = asked
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement[0]}", statement[1]).all()
    scans = [
        row[3] for row in plan if row[3].startswith("SCAN") and "json_each" not in row[3] and "CONSTANT" not in row[3]
    ]
    assert scans == []
    print(name, [row[3] for row in plan])
