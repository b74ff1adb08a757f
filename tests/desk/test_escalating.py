"""Tickets that are stuck: noticed by what was done to them, handed on in one step."""

from __future__ import annotations

from datetime import timedelta

import pytest

from supportterm.desk import escalating, replying, verbs
from supportterm.domain.errors import RefusedError
from supportterm.domain.events import EventKind
from supportterm.domain.promises import Promise
from supportterm.domain.stuck import Signs
from supportterm.domain.ticket import MessageKind, Status, Ticket
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import World, letter

HOUR = timedelta(hours=1)


async def arrive(world: World) -> Ticket:
    world.server.put(letter("It is broken."), at=world.clock.now())
    await world.sync()
    return only(world)


def only(world: World) -> Ticket:
    with reading(world.desk.database.path) as views:
        return views.queue(Where("1"), 2)[0]


def signs(world: World) -> Signs:
    with reading(world.desk.database.path) as views:
        return views.signs(only(world))


async def test_a_ticket_opened_three_times_without_an_answer_is_stuck_until_it_is_answered(world: World) -> None:
    ticket = await arrive(world)
    for count in range(3):
        assert not signs(world).reason
        world.clock.advance(60)
        escalating.opened(world.desk, ticket.key)
        assert signs(world).opened == count + 1
    assert signs(world).reason == "opened 3 times without an answer"
    replying.reply(world.desk, ticket.key, "Here is how.", status=Status.OPEN)
    world.clock.advance(60)
    await world.sync()
    assert signs(world) == Signs()


async def test_two_answers_that_promise_another_one_make_it_stuck(world: World) -> None:
    ticket = await arrive(world)
    for number in (1, 2):
        promise = Promise("news", world.clock.now() + HOUR)
        replying.reply(world.desk, ticket.key, f"News by then {number}.", status=Status.OPEN, promises=[promise])
        world.clock.advance(60)
        await world.sync()
        assert signs(world).holding == number
    assert "2 answers promised another one" in signs(world).reason
    verbs.change(world.desk, ticket.key, verbs.Change(status=Status.SOLVED))
    assert signs(world) == Signs()


async def test_the_third_skip_asks_why_and_only_that_one(world: World) -> None:
    ticket = await arrive(world)
    asked = []
    for _ in range(4):
        world.clock.advance(60)
        escalating.skipped(world.desk, ticket.key)
        asked.append(signs(world).asks_why)
    assert asked == [False, False, True, False]
    escalating.say_why(world.desk, ticket.key, "nobody knows the \x1b[31mprinter")
    with reading(world.desk.database.path) as views:
        said = [event.payload["why"] for event in views.events(ticket.key) if event.kind is EventKind.SKIPPED]
    assert len(said) == 1
    assert "\x1b" not in said[0]


async def test_handing_on_assigns_notes_and_sets_a_clock_and_one_undo_takes_it_back(world: World) -> None:
    before = await arrive(world)
    due = before.due_at
    escalating.escalate(world.desk, before.key, "bob", "find out why", world.clock.now() + HOUR)
    ticket = only(world)
    assert (ticket.assignee, ticket.status) == ("bob", Status.OPEN)
    with reading(world.desk.database.path) as views:
        assert "find out why" in next(m.text for m in views.messages(ticket.key) if m.kind is MessageKind.NOTE)
        clocks = {clock.kind: clock for clock in views.clocks(ticket.key)}
    assert clocks["reminder"].agent == "bob"
    assert clocks["first reply"].due_at == due
    verbs.undo(world.desk)
    after = only(world)
    assert (after.assignee, after.status) == (None, Status.NEW)
    with reading(world.desk.database.path) as views:
        assert [m.kind for m in views.messages(ticket.key)] == [MessageKind.CUSTOMER]
        assert [clock.kind for clock in views.clocks(ticket.key) if clock.kind == "reminder"] == []
    with pytest.raises(RefusedError, match="nothing of yours"):
        verbs.undo(world.desk)


async def test_handing_on_needs_somebody_something_and_a_time_to_come(world: World) -> None:
    ticket = await arrive(world)
    for who, what, ahead in (("", "x", 1), ("bob", " ", 1), ("bob", "x", -1)):
        with pytest.raises(RefusedError):
            escalating.escalate(world.desk, ticket.key, who, what, world.clock.now() + ahead * HOUR)
    with reading(world.desk.database.path) as views:
        assert views.load_of("bob") == {}


async def test_what_an_agent_has_on_hand_is_counted_by_channel(world: World) -> None:
    ticket = await arrive(world)
    verbs.change(world.desk, ticket.key, verbs.Change(assignee="ada"))
    with reading(world.desk.database.path) as views:
        assert views.load_of("ada") == {"email": 1}
