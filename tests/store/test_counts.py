"""Badges: kept counts are those of the queries at any time; what a commit cannot have changed is not counted again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supportterm.domain import query, query_reach
from supportterm.domain.query_matching import matches
from supportterm.domain.saved_views import VIEWS, own
from supportterm.domain.ticket import Status, Ticket
from supportterm.store import tickets
from supportterm.store.counting import Count
from supportterm.store.database import Database
from supportterm.store.rows import execute
from supportterm.store.views import Views
from tests.store.test_queue_views import NOW, NOW_MS, made, where

KEPT = (
    "status:open,pending assignee:me",
    "is:open -assignee:me tier:now,today",
    "is:snoozed OR status:spam",
    "-(is:snoozed is:mine) -is:history",
    "is:waiting OR is:unassigned",
    "assignee:bob,none",
    "",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "store.sqlite3")
    yield database
    database.close()


def various() -> list[Ticket]:
    """Return tickets of every status, asleep, awake again, old, anybody's."""
    statuses = list(Status)
    return [
        made(
            number,
            status=statuses[number % len(statuses)],
            assignee=(None, "ada", "bob")[number % 3],
            snoozed_until=(None, NOW + timedelta(hours=1), NOW - timedelta(seconds=1), NOW)[number % 4],
            history=number % 5 == 0,
        )
        for number in range(400)
    ]


def save(store: Database, *found: Ticket) -> Views:
    with store.write() as session:
        tickets.save(session, found, with_tags=True)
    return Views(store.reader())


def test_every_kept_count_is_what_the_query_says_also_where_a_sleep_has_ended(store: Database) -> None:
    views = save(store, *various())
    asked = [*VIEWS, *(own(f"own {place}", text) for place, text in enumerate(KEPT))]
    for later in (0, 2 * 3_600_000, -3_600_000):
        counts = views.counts("ada", NOW_MS + later, asked)
        assert set(counts) == {view.name for view in asked} - {"overdue", "promises", "problems"}
        for view in asked:
            if view.name in counts:
                at = query.parse(view.query)
                said = where(view.query) if not later else None
                moment = NOW + timedelta(milliseconds=later)
                assert counts[view.name] == sum(matches(at, t, me="ada", now=moment) for t in various()), view.query
                assert said is None or counts[view.name] == views.count(said)


def test_the_tiers_of_any_kept_view_are_known_at_once(store: Database) -> None:
    views = save(store, *various())
    for view in (*VIEWS[:3], own("bobs", "is:open assignee:bob")):
        shown = views.queue(where(view.query), 1000)
        tiers = {int(ticket.tier) for ticket in shown}
        assert views.tier_counts("ada", view, NOW_MS) == {t: sum(x.tier == t for x in shown) for t in tiers}
    assert views.tier_counts("ada", own("tagged", "is:open tag:a")) == {}


def test_a_count_stops_where_it_is_told_and_says_so(store: Database) -> None:
    views = save(store, *(made(number) for number in range(60)))
    assert views.count_up_to(where("is:open"), 1000) == Count(60)
    assert str(views.count_up_to(where("is:open"), 50)) == "50+"
    assert views.count_up_to(where("is:open"), 60) == Count(60)
    assert views.count_up_to(where("is:open limit:7"), 50) == Count(7)


def test_a_count_that_takes_long_stops_early_and_is_given_up_at_last(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    views = save(store, *(made(number) for number in range(3000)))
    monkeypatch.setattr("supportterm.store.counting._STEPS", 10_000)
    assert views.count_up_to(where("is:open"), 10_000, 50) == Count(50, more=True)
    assert views.count_up_to(where("subject:nothing"), 1000, 50) is None
    assert views.count(where("is:open")) == 3000


def test_it_is_known_when_time_alone_changes_a_count(store: Database) -> None:
    asleep = made(1, snoozed_until=NOW + timedelta(minutes=3), due_at=NOW + timedelta(hours=9))
    views = save(store, asleep, made(2, due_at=NOW + timedelta(minutes=5)), made(3, due_at=NOW - timedelta(hours=1)))
    assert views.turns_at(NOW_MS) == NOW_MS + 3 * 60_000
    assert views.turns_at(NOW_MS + 3 * 60_000) == NOW_MS + 5 * 60_000
    assert views.turns_at(NOW_MS + 24 * 3_600_000) is None
    assert views.counts("ada", NOW_MS)["snoozed"] == 1
    assert views.counts("ada", NOW_MS + 3 * 60_000)["snoozed"] == 0


def test_a_commit_says_which_kinds_of_record_it_changed(store: Database) -> None:
    views = save(store, made(1), made(2, status=Status.PENDING))

    def changed(statement: str, *values: str) -> set[str]:
        before = views.changes()
        with store.write() as session:
            execute(session, statement, values)
        return {noun for noun, times in views.changes().items() if times != before.get(noun, (0, 0))}

    key = made(1).key
    assert changed("UPDATE ticket SET subject = 'x' WHERE status = 'open'") == {"ticket open"}
    assert changed("UPDATE ticket SET status = 'solved' WHERE key = ?", key) == {"ticket open", "ticket solved"}
    assert changed("INSERT INTO tag VALUES (?, 'a'), (?, 'b')", key, key) == {"tag"}
    assert changed("UPDATE OR IGNORE tag SET name = 'b' WHERE name = 'a'") == set()
    assert changed("DELETE FROM tag") == {"tag"}
    assert changed("INSERT INTO draft VALUES ('x', 'ada', 'reply', 0, '{}')") == {"draft"}
    assert changed("INSERT INTO meta VALUES ('m', '1')") == set()
    assert changed("INSERT INTO draft VALUES ('y', 'ada', 'reply', 0, '{}')") == {"draft"}
    assert changed("UPDATE message SET at = 1") == set()
    with store.write() as session:
        tickets.save(session, [made(5)])
    assert changed("UPDATE ticket SET status = 'open' WHERE status = 'pending'") == {"ticket open", "ticket pending"}
    before = views.changes()
    with store.write() as session:
        tickets.save(session, [made(9)])
    assert {noun for noun in views.changes() if views.changes()[noun] != before.get(noun)} == {"ticket open"}
    assert changed("DELETE FROM ticket WHERE key = ?", key) == {"ticket solved"}


@pytest.mark.parametrize(
    ("text", "statuses", "records", "kept", "timed"),
    [
        ("is:open tag:vip", {"new", "open"}, {"tag"}, False, False),
        ("status:closed OR status:spam", {"closed", "spam"}, set(), True, False),
        ("-is:open due<2h", set(Status) - {"new", "open"}, set(), False, True),
        ("-(status:open tag:a) -status:closed", set(Status) - {"closed"}, {"tag"}, False, False),
        ("has:draft OR promise<1d", set(Status), {"draft", "clock"}, False, True),
        ("words has:note", set(Status), {"message"}, False, False),
        ("waiting>1d", {"new", "open"}, set(), False, True),
        ("is:snoozed is:mine", set(Status), set(), True, True),
        ("is:mine limit:5", set(Status), set(), False, False),
        ("", set(Status), set(), True, False),
    ],
)
def test_what_an_answer_depends_on(text: str, statuses: set[str], records: set[str], kept: bool, timed: bool) -> None:
    read = query.parse(text)
    assert query_reach.statuses(read) == statuses
    assert query_reach.records(read) == records
    assert query_reach.is_kept(read) is kept
    assert query_reach.is_timed(read) is timed


TERMS = st.sampled_from(["status:open,closed", "is:open", "is:waiting", "is:mine", "tag:a", "waiting>1h", "due<1d"])
QUERIES = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        inner.map("NOT {}".format),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} OR {pair[1]})"),
    ),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(QUERIES)
def test_no_ticket_of_another_status_is_ever_named(text: str) -> None:
    read = query.parse(text)
    reached = query_reach.statuses(read)
    for ticket in various()[:60]:
        assert ticket.status in reached or not matches(read, ticket, me="ada", now=NOW)
