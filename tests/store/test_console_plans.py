"""What the console asks on the screen's own thread never reads every mail there is or every mail ever sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supportterm.domain.drafts import Kind, Seen
from supportterm.store.database import Database, connect
from supportterm.store.views import Views

QUESTIONS: dict[str, Callable[[Views], object]] = {
    "outbox": lambda views: views.outbox(),
    "outbox of a ticket": lambda views: views.outbox("KEY"),
    "all mail of a ticket": lambda views: views.outbox("KEY", everything=True),
    "mails by number": lambda views: views.mails([1, 2]),
    "outgoing": lambda views: views.outgoing(),
    "outbox counts": lambda views: views.outbox_counts(),
    "waiting operations": lambda views: views.waiting_operations(),
    "unreadable": lambda views: views.unreadable(),
    "find": lambda views: views.find("ST-7KQ2"),
    "stamp": lambda views: views.stamp("KEY"),
    "messages": lambda views: views.messages("KEY"),
    "events": lambda views: views.events("KEY"),
    "since": lambda views: views.since("KEY", Seen(), "ada"),
    "seen": lambda views: views.seen("KEY"),
    "draft": lambda views: views.draft("KEY", "ada", Kind.REPLY),
    "revisions": lambda views: views.revisions("KEY", "ada", Kind.REPLY),
    "earlier": lambda views: views.earlier("mara@x.example", "KEY"),
}
LARGE = ("ticket", "message", "m", "operation", "o", "event", "e", "raw", "recipient", "mention")


@pytest.fixture
def views(tmp_path: Path) -> Iterator[Views]:
    database = Database(tmp_path / "store.sqlite3")
    connection = connect(database.path, readonly=True)
    yield Views(connection)
    connection.close()
    database.close()


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_large_table_is_read_from_end_to_end(views: Views, name: str) -> None:
    asked: list[str] = []
    connection = views._connection
    connection.set_trace_callback(asked.append)
    QUESTIONS[name](views)
    connection.set_trace_callback(None)
    assert asked
    for sql in asked:
        steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert not [step for step in steps if step in {f"SCAN {table}" for table in LARGE}], (sql, steps)
