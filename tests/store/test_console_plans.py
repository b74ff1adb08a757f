"""What the console asks on the screen's own thread never reads every mail there is or every mail ever sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportterm.domain import query
from supportterm.domain.drafts import Kind, Seen
from supportterm.store.database import Database, connect
from supportterm.store.filters import Where, compile_query
from supportterm.store.views import Views

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def _own(text: str) -> Where:
    return compile_query(query.parse(text), me="ada", now_ms=1)


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
    "form it came through": lambda views: views.relayed("KEY"),
    "messages again": lambda views: views.messages_again("KEY", []),
    "sent elsewhere": lambda views: views.sent_elsewhere("a@b.example", "KEY"),
    "messages": lambda views: views.messages("KEY"),
    "events": lambda views: views.events("KEY"),
    "since": lambda views: views.since("KEY", Seen(), "ada"),
    "seen": lambda views: views.seen("KEY"),
    "draft": lambda views: views.draft("KEY", "ada", Kind.REPLY),
    "revisions": lambda views: views.revisions("KEY", "ada", Kind.REPLY),
    "badges": lambda views: views.counts("ada", 1),
    "late": lambda views: views.overdue(1),
    "when a badge turns": lambda views: views.turns_at(1),
    "what changed": lambda views: views.changes(),
    "tags": lambda views: views.tags(),
    "agents": lambda views: views.agents(),
    "own view of tags": lambda views: views.count_up_to(_own("is:open tag:vip -tag:none"), 1000),
    "own view of clocks": lambda views: views.count_up_to(_own("promise<2h is:open OR callback:today"), 1000),
    "own view of a status": lambda views: views.count_up_to(_own("status:pending,on-hold has:draft"), 1000),
    "what needs no answer": lambda views: views.quiet("ada"),
    "how many need no answer": lambda views: views.quiet_counts("ada"),
    "promises": lambda views: views.of_kind("promise"),
    "what is promised": lambda views: views.promised([]),
    "view of promises": lambda views: views.queue(_own("has:promise sort:promise")),
    "problems": lambda views: views.problems(),
    "tickets of a problem": lambda views: views.behind(1),
    "rows of problems": lambda views: views.problem_members(_own("is:open (assignee:me OR assignee:none) -is:snoozed")),
    "how many rows of problems": lambda views: views.problem_rows(),
    "view of problems": lambda views: views.queue(_own("has:problem -status:solved -status:closed -status:spam")),
    "tickets a query names a problem's": lambda views: views.queue(_own("problem:P-1")),
    "clocks": lambda views: views.clocks("KEY"),
    "next clocks": lambda views: views.next_clocks("ada", 1_000),
    "late clocks": lambda views: views.late_clocks("ada", 1_000),
    "call under way": lambda views: views.call("ada"),
    "tickets of a caller": lambda views: views.tickets_of_caller("+442079460018"),
    "rings": lambda views: views.rings("ada", 1_000),
    "warnings": lambda views: views.has_untold("ada"),
    "failed runs": lambda views: views.failed_runs(1_000),
    "attendance": lambda views: views.attendance("ada"),
    "whose promises one keeps": lambda views: views.kept_for("ada", 1_000),
    "what one would leave": lambda views: (views.clocks_of("ada"), views.drafts_of("ada")),
    "replies owed": lambda views: views.replies_owed("ada", NOW, NOW),
    "what happened": lambda views: (views.new_since(NOW), views.written_since(NOW), views.answered_since(NOW, "ada")),
    "what went wrong": lambda views: (views.stopped_since(NOW), views.breached_since(NOW, NOW, "ada")),
    "what is owed today": lambda views: views.owed_until("ada", NOW, NOW),
    "requests to refuse": lambda views: views.refusals(),
    "earlier": lambda views: views.earlier("mara@x.example", "KEY"),
}
LARGE = (
    "ticket",
    "message",
    "m",
    "operation",
    "o",
    "event",
    "e",
    "raw",
    "recipient",
    "mention",
    "t",
    "tag",
    "g",
    "c",
    "warning",
    "trigger_run",
)


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
