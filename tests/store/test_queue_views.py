"""What the console's queue asks the store: a glance, the whole order, the next clocks, who did what."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supportterm.desk import verbs
from supportterm.desk.verbs import Change
from supportterm.domain import query, saved_views
from supportterm.domain.ledger import ClockState, TicketClock
from supportterm.domain.ticket import Status, Ticket, Tier
from supportterm.store import clocks, tickets
from supportterm.store.database import Database, connect
from supportterm.store.filters import Where, compile_query
from supportterm.store.views import Views
from tests.desk.fakes import World, letter, make_world

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)


def made(number: int, **fields: object) -> Ticket:
    base: dict[str, object] = {
        "key": f"{number:010}",
        "ref": f"ST-{number:010}",
        "subject": f"Matter {number}",
        "status": Status.OPEN,
        "channel": "email",
        "requester_name": "Mara",
        "requester_address": f"c{number % 7}@x.example",
        "created_at": NOW - timedelta(hours=1),
        "updated_at": NOW,
        "last_message_at": NOW,
        "due_at": NOW + timedelta(minutes=number),
        "tier": Tier(number % 4),
    }
    return Ticket(**(base | fields))  # type: ignore[arg-type] # the fields are those of a ticket


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "store.sqlite3")
    yield database
    database.close()


def put(store: Database, *found: Ticket) -> Views:
    with store.write() as session:
        tickets.save(session, found, with_tags=True)
    return Views(store.reader())


def where(text: str, me: str = "ada") -> Where:
    return compile_query(query.parse(text), me=me, now_ms=NOW_MS)


def test_the_whole_order_is_what_the_pages_say(store: Database) -> None:
    views = put(store, *(made(n, assignee="ada" if n % 3 else None) for n in range(200)))
    for view in saved_views.VIEWS:
        asked = where(view.query)
        paged = [ticket for start in range(0, 200, 50) for ticket in views.queue(asked, 50, start)]
        assert views.order(asked) == "".join(f"{int(t.tier)}{t.key}" for t in paged)
    assert views.order(where("status:spam")) == ""
    assert len(views.order(where("is:open limit:7"))) == 7 * 11


@pytest.mark.parametrize("view", [view for view in saved_views.VIEWS if view.tiered], ids=lambda view: view.name)
def test_a_tiered_views_first_page_is_never_sorted(store: Database, view: saved_views.SavedView) -> None:
    views = put(store, *(made(n) for n in range(20)))
    asked = where(view.query)
    sql = f"EXPLAIN QUERY PLAN SELECT t.* FROM {asked.source} WHERE {asked.sql} ORDER BY {asked.order} LIMIT 50"  # noqa: S608 what is under test
    plan = " ".join(str(row["detail"]) for row in views._connection.execute(sql, asked.parameters))
    assert "ticket_queue" in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("text", ["is:open parcel", "is:open ref:ST-00001", "is:open -(parcel) sort:due", "parcel"])
def test_a_query_that_names_its_tickets_is_left_to_the_planner(text: str) -> None:
    assert where(text).source == "ticket t"


def test_a_glance_gives_up_what_takes_long_and_leaves_the_store_usable(store: Database) -> None:
    views = put(store, *(made(n) for n in range(3000)))
    assert len(views.glance(where("is:open"), 30) or ()) == 30
    assert views.glance(where("subject:nothing OR from:nobody"), 30) is None
    assert views.count(where("is:open")) == 3000
    with pytest.raises(sqlite3.OperationalError):
        views.glance(Where("no such column = 1"), 30)


def test_the_next_clocks_are_ours_awake_and_say_what_is_late(store: Database) -> None:
    views = put(
        store,
        made(1, due_at=NOW - timedelta(minutes=1)),
        made(3, snoozed_until=NOW + timedelta(days=1)),
        made(7, status=Status.PENDING),
        made(4, assignee="ada"),
        *(made(number) for number in (2, 5, 6)),
    )
    minutes = {1: -1, 2: 1, 3: 2, 4: 9, 5: 7, 7: 8}
    agents = {2: "bob", 4: "ada"}
    with store.write() as session:
        for number, until in minutes.items():
            due = NOW + timedelta(minutes=until)
            key, running = made(number).key, ClockState.RUNNING
            clocks.put(session, [TicketClock(f"c{number}", key, "next reply", running, NOW, due, agents.get(number))])
        clocks.put(session, [TicketClock("r", made(7).key, "reminder", ClockState.RUNNING, NOW, due, "ada")])
        clocks.put(session, [TicketClock("p", made(6).key, "next reply", ClockState.PAUSED, NOW, None, "ada")])
    found = views.next_clocks("ada", NOW_MS)
    assert [(clock.id, ticket.key) for clock, ticket in found] == [
        ("c1", made(1).key),
        ("c5", made(5).key),
        ("r", made(7).key),
        ("c4", made(4).key),
    ]
    assert [clock.is_late(NOW) for clock, _ in found] == [True, False, False, False]
    assert views.late_clocks("ada", NOW_MS) == 1
    assert views.overdue(NOW_MS) == 1
    assert views.counts("ada")["open"] == 6
    mine = saved_views.BUILT_IN.named("mine")
    assert mine is not None
    assert views.tier_counts("ada", mine) == {0: 1}
    assert views.total() == 7


def test_tickets_come_in_the_order_they_are_asked_for(store: Database) -> None:
    views = put(store, made(1, tags=frozenset({"a", "b"})), made(2, tags=frozenset({"b", "c"})), made(3))
    assert [t.key for t in views.tickets([made(3).key, "unknown", made(1).key])] == [made(3).key, made(1).key]
    assert views.tags() == ["a", "b", "c"]
    assert [t.key for t in views.of_customer("c1@x.example", but="")] == [made(1).key]
    assert views.of_customer("", but="") == []


async def test_the_customers_last_words_are_theirs_and_whose_step_was_last_is_known(tmp_path: Path) -> None:
    world: World = make_world(tmp_path)
    await world.sync()
    world.clock.advance(60)
    world.server.put(letter("Where is it?\n\n> old words", message_id="q@x"), at=world.clock.now())
    await world.sync()
    views = Views(connect(world.desk.database.path, readonly=True))
    key = views.queue(Where("1"))[0].key
    verbs.note(world.desk, key, "inside words")
    assert views.last_words(key).startswith("Where is it?")
    assert "inside" not in views.last_words(key)
    assert views.last_words("unknown") == ""
    assert views.done_by("ada", [key], 0) == {key}
    assert views.done_by("bob", [key], 0) == set()
    verbs.change(world.desk, key, Change(assignee="ada"))
    assert views.agents() == ["ada"]
    assert views.outgoing() == 0
    later = int(world.clock.now().timestamp() * 1000) + 1
    assert views.done_by("ada", [key], later) == set()
    world.desk.database.close()
