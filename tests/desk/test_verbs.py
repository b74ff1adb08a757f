"""What an agent does to a ticket, and takes back."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from supportterm.desk import verbs
from supportterm.desk.verbs import Change
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.events import EventKind
from supportterm.domain.moments import UNTIL_THEY_WRITE
from supportterm.domain.ticket import MessageKind, Priority, Status, Ticket
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import World, letter


async def a_ticket(world: World) -> Ticket:
    await world.sync()
    world.clock.advance(60)
    world.server.put(letter("Where is my parcel?", message_id="q@x"), at=world.clock.now())
    await world.sync()
    return now(world)


def now(world: World) -> Ticket:
    with reading(world.desk.database.path) as views:
        return views.queue(Where("1"), 1)[0]


async def test_a_change_is_one_step_and_undo_takes_all_of_it_back(world: World) -> None:
    before = await a_ticket(world)
    wanted = Change(status=Status.ON_HOLD, assignee="ada", priority=Priority.P1, add_tags=frozenset({"billing"}))
    verbs.change(world.desk, before.ref, wanted)
    changed = now(world)
    assert (changed.status, changed.assignee, changed.override) == (Status.ON_HOLD, "ada", Priority.P1)
    assert changed.tags == {"billing"}
    done = verbs.undo(world.desk)
    assert "status new → on-hold" in done.words
    after = now(world)
    assert (after.status, after.assignee, after.override, after.tags) == (Status.NEW, None, None, frozenset())
    assert after.due_at == before.due_at


async def test_undo_appends_the_inverse_and_erases_nothing(world: World) -> None:
    ticket = await a_ticket(world)
    verbs.change(world.desk, ticket.ref, Change(assignee="ada"))
    verbs.undo(world.desk)
    with reading(world.desk.database.path) as views:
        events = views.events(ticket.key)
    assert [event.kind for event in events] == [EventKind.CHANGED, EventKind.CHANGED]
    assert events[1].undoes == events[0].id
    assert [event.seq for event in events] == [1, 2]


async def test_claiming_a_new_ticket_opens_it(world: World) -> None:
    ticket = await a_ticket(world)
    verbs.change(world.desk, ticket.ref, Change(assignee="ada"))
    assert now(world).status is Status.OPEN


async def test_a_note_stays_inside_and_moves_no_clock(world: World) -> None:
    ticket = await a_ticket(world)
    verbs.note(world.desk, ticket.ref, "Kai looks into it\x1b[2J")
    after = now(world)
    assert (after.status, after.due_at, after.messages) == (ticket.status, ticket.due_at, 2)
    with reading(world.desk.database.path) as views:
        note = views.messages(ticket.key)[-1]
    assert note.kind is MessageKind.NOTE
    assert "\x1b" not in note.text
    done = verbs.undo(world.desk)
    assert done.text.startswith("Kai looks into it")
    assert now(world).messages == 1


async def test_a_snooze_leaves_the_queue_and_ends_by_itself(world: World) -> None:
    ticket = await a_ticket(world)
    verbs.change(world.desk, ticket.ref, Change(snoozed_until=world.clock.now() + timedelta(hours=2)))
    with reading(world.desk.database.path) as views:
        assert views.counts("ada")["snoozed"] == 1
        assert views.counts("ada")["now"] == 0
    world.clock.advance(3 * 3600)
    await world.sync()
    assert now(world).snoozed_until is None


async def test_a_snooze_is_told_by_the_machines_clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = await a_ticket(world)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        until = datetime(2026, 3, 4, 8, tzinfo=UTC)
        assert verbs.change(world.desk, ticket.ref, Change(snoozed_until=until)).words == (
            "snoozed until Wed 04 Mar 2026 17:00"
        )
        assert verbs.undo(world.desk).words == "took back: snoozed until Wed 04 Mar 2026 17:00"
        words = verbs.change(world.desk, ticket.ref, Change(snoozed_until=UNTIL_THEY_WRITE)).words
        assert words == "snoozed until they write"
    finally:
        monkeypatch.undo()
        time.tzset()


async def test_a_customers_mail_wakes_a_snoozed_ticket(world: World) -> None:
    ticket = await a_ticket(world)
    verbs.change(world.desk, ticket.ref, Change(assignee="ada", snoozed_until=world.clock.now() + timedelta(days=2)))
    world.clock.advance(60)
    world.server.put(letter("Still nothing!", message_id="r@x", refs=["q@x"]), at=world.clock.now())
    await world.sync()
    assert now(world).snoozed_until is None


async def test_tickets_are_named_by_reference_in_any_case_or_its_beginning(world: World) -> None:
    ticket = await a_ticket(world)
    ways = (ticket.ref, ticket.ref.lower(), ticket.ref[3:], ticket.ref[:5], ticket.key, f"#{ticket.ref}")
    for number, named in enumerate(ways):
        done = verbs.change(world.desk, named, Change(add_tags=frozenset({f"way-{number}"})))
        assert done.ref == ticket.ref
    for nonsense in ("ST-ZZZZZ9", "", "*", "ST-'; DROP TABLE ticket", "é"):
        with pytest.raises(NotFoundError, match="no ticket"):
            verbs.change(world.desk, nonsense, Change(status=Status.SOLVED))


async def test_what_is_so_already_is_refused_and_leaves_no_event(world: World) -> None:
    ticket = await a_ticket(world)
    with pytest.raises(RefusedError, match="so already"):
        verbs.change(world.desk, ticket.ref, Change(status=Status.NEW))
    with reading(world.desk.database.path) as views:
        assert views.events(ticket.key) == []


async def test_time_alone_raises_a_waiting_ticket_but_never_to_urgent(world: World) -> None:
    ticket = await a_ticket(world)
    scores = [ticket.score]
    for _ in range(5):
        world.clock.advance(6 * 3600)
        await world.sync()
        scores.append(now(world).score)
    assert scores == sorted(scores)
    assert scores[-1] > scores[0]
    assert now(world).priority is not Priority.P1


async def test_a_solved_ticket_is_closed_after_a_week_and_a_later_mail_opens_a_linked_one(world: World) -> None:
    ticket = await a_ticket(world)
    verbs.change(world.desk, ticket.ref, Change(status=Status.SOLVED))
    world.clock.advance(6 * 86_400)
    await world.sync()
    assert now(world).status is Status.SOLVED
    world.clock.advance(2 * 86_400)
    await world.sync()
    assert now(world).status is Status.CLOSED
    with reading(world.desk.database.path) as views:
        assert [event.by for event in views.events(ticket.key)] == ["ada", "supportterm"]
    world.server.put(letter("It is back!", message_id="r@x", refs=["q@x"]), at=world.clock.now())
    await world.sync()
    with reading(world.desk.database.path) as views:
        linked = [found for found in views.queue(Where("1"), 5) if found.follows]
    assert [found.follows for found in linked] == [ticket.key]


async def test_a_mail_within_the_week_opens_a_solved_ticket_again(world: World) -> None:
    ticket = await a_ticket(world)
    verbs.change(world.desk, ticket.ref, Change(status=Status.SOLVED))
    world.clock.advance(6 * 86_400)
    world.server.put(letter("It is broken again!", message_id="r@x", refs=["q@x"]), at=world.clock.now())
    await world.sync()
    assert now(world).status is Status.OPEN
    world.clock.advance(3 * 86_400)
    await world.sync()
    assert now(world).status is Status.OPEN


async def several(world: World, number: int) -> list[Ticket]:
    await world.sync()
    world.clock.advance(60)
    for each in range(number):
        mail = letter("It is broken.", sender=f"C{each} <c{each}@x.example>", message_id=f"many{each}@x")
        world.server.put(mail, at=world.clock.now())
    await world.sync()
    with reading(world.desk.database.path) as views:
        return views.queue(Where("1"))


async def test_a_step_on_several_tickets_is_taken_back_by_one_undo(world: World) -> None:
    found = await several(world, 4)
    verbs.change(world.desk, found[0].ref, Change(status=Status.ON_HOLD))
    done = verbs.change_many(
        world.desk, [t.key for t in found], Change(status=Status.ON_HOLD, add_tags=frozenset({"outage"}))
    )
    assert done.ref == "4 tickets"
    assert done.words == "status → on-hold, tag +outage"
    done = verbs.undo(world.desk)
    assert (done.ref, done.words) == ("4 tickets", "took back: status → on-hold, tag +outage")
    with reading(world.desk.database.path) as views:
        after = {ticket.key: ticket for ticket in views.queue(Where("1"))}
        kinds = [event.kind for ticket in found for event in views.events(ticket.key)]
    assert all(not ticket.tags for ticket in after.values())
    assert [after[t.key].status for t in found] == [Status.ON_HOLD, *[Status.NEW] * 3]
    assert set(kinds) == {EventKind.CHANGED}
    assert "status new → on-hold" in verbs.undo(world.desk).words
    assert now(world).status is Status.NEW


async def test_one_ticket_of_a_step_can_be_taken_back_alone_and_the_rest_later(world: World) -> None:
    found = await several(world, 3)
    verbs.change_many(world.desk, [t.key for t in found], Change(assignee="ada"))
    assert verbs.undo(world.desk, found[1].ref).ref == found[1].ref
    assert verbs.undo(world.desk).ref == "2 tickets"
    with reading(world.desk.database.path) as views:
        assert {ticket.assignee for ticket in views.queue(Where("1"))} == {None}


async def test_a_step_leaves_out_what_is_so_already_and_refuses_where_nothing_is_left(world: World) -> None:
    found = await several(world, 3)
    keys = [t.key for t in found]
    verbs.change(world.desk, found[0].ref, Change(assignee="ada"))
    assert verbs.change_many(world.desk, [*keys, "ZZZZZZZZZZ"], Change(assignee="ada")).ref == "2 tickets"
    with pytest.raises(RefusedError, match="so already"):
        verbs.change_many(world.desk, keys, Change(assignee="ada"))
    with pytest.raises(RefusedError, match="too many"):
        verbs.change_many(world.desk, keys * 400, Change(assignee="bob"))


async def test_a_step_on_several_tickets_ranks_each_as_a_single_change_would(world: World) -> None:
    found = await several(world, 3)
    alone = verbs.change(world.desk, found[0].ref, Change(priority=Priority.P1))
    verbs.change_many(world.desk, [t.key for t in found[1:]], Change(priority=Priority.P1))
    assert "urgent" in alone.words
    with reading(world.desk.database.path) as views:
        standing = {(t.tier, t.score, t.words, t.messages) for t in views.queue(Where("1"))}
    assert len(standing) == 1
