"""Promises as clocks: made with a reply, kept, broken or withdrawn, given by hand, and taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from supportterm.desk import outbox, promising, verbs
from supportterm.desk.replying import reply
from supportterm.desk.rerank import break_promises
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.events import EventKind
from supportterm.domain.ledger import TicketClock
from supportterm.domain.operations import State
from supportterm.domain.promises import Promise
from supportterm.domain.ticket import Status, Ticket
from supportterm.mail.gateway import Answer
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import World, letter

TEXT = "We looked into it and will send the part within two hours."


def ticket_of(world: World) -> Ticket:
    with reading(world.desk.database.path) as views:
        return views.queue(Where("1"), 1)[0]


def promises_of(world: World) -> list[TicketClock]:
    with reading(world.desk.database.path) as views:
        return [clock for clock in views.clocks(ticket_of(world).key) if clock.kind == "promise"]


def told(world: World) -> list[str]:
    with reading(world.desk.database.path) as views:
        return [str(e.payload["what"]) for e in views.events(ticket_of(world).key) if e.kind is EventKind.PROMISE]


def mail_state(world: World) -> State:
    with reading(world.desk.database.path) as views:
        return views.outbox(everything=True)[-1].state


async def with_a_customer(world: World) -> Ticket:
    await world.sync()
    world.clock.advance(60)
    world.server.put(letter("Where is my part?", message_id="q@x"), at=world.clock.now())
    await world.sync()
    return ticket_of(world)


def promised(world: World, text: str = TEXT) -> list[Promise]:
    offers = promising.offers(text, "en", world.desk.config, world.desk.now())
    return [offer.promise for offer in offers if offer.promise]


async def sent(world: World, text: str = TEXT, status: Status = Status.PENDING) -> TicketClock:
    ticket = await with_a_customer(world)
    reply(world.desk, ticket.ref, text, status=status, promises=promised(world, text))
    world.clock.advance(11)
    await world.sync()
    [clock] = promises_of(world)
    return clock


async def test_a_promise_runs_from_the_acceptance_of_its_reply(world: World) -> None:
    ticket = await with_a_customer(world)
    begun = world.desk.now()
    reply(world.desk, ticket.ref, TEXT, promises=promised(world))
    [waiting] = promises_of(world)
    assert (waiting.state, waiting.agent) == ("paused", world.desk.me)
    assert (waiting.words, waiting.due_at) == (
        "We looked into it and will send the part within two hours",
        begun + timedelta(hours=2),
    )
    world.clock.advance(11)
    await world.sync()
    [running] = promises_of(world)
    assert (running.state, running.due_at, running.started_at) == ("running", waiting.due_at, world.desk.now())


async def test_undo_takes_the_promise_back_with_its_reply(world: World) -> None:
    ticket = await with_a_customer(world)
    reply(world.desk, ticket.ref, TEXT, promises=promised(world))
    verbs.undo(world.desk)
    assert [clock.state for clock in promises_of(world)] == ["ended"]


async def test_a_refused_reply_promises_nothing_until_it_is_sent_again(world: World) -> None:
    ticket = await with_a_customer(world)
    world.server.answers["mara@lind.example"] = (Answer.REFUSED, 550, "no such person")
    queued = reply(world.desk, ticket.ref, TEXT, promises=promised(world))
    world.clock.advance(11)
    await world.sync()
    assert [clock.state for clock in promises_of(world)] == ["ended"]
    world.server.answers.clear()
    outbox.retry(world.desk, queued.operation)
    assert [clock.state for clock in promises_of(world)] == ["paused"]
    await world.sync()
    assert [clock.state for clock in promises_of(world)] == ["running"]


async def test_a_discarded_reply_takes_its_promise_along(world: World) -> None:
    ticket = await with_a_customer(world)
    queued = reply(world.desk, ticket.ref, TEXT, promises=promised(world))
    outbox.drop(world.desk, queued.operation)
    assert [clock.state for clock in promises_of(world)] == ["ended"]


async def test_the_next_accepted_reply_keeps_it(world: World) -> None:
    clock = await sent(world)
    world.clock.advance(600)
    reply(world.desk, clock.ticket_key, "Here is the part.")
    assert [each.state for each in promises_of(world)] == ["running"]
    world.clock.advance(11)
    await world.sync()
    assert [each.state for each in promises_of(world)] == ["met"]
    assert told(world) == ["kept"]


async def test_a_reply_that_leaves_too_late_does_not_keep_it(world: World) -> None:
    clock = await sent(world)
    world.clock.advance(2 * 3600 - 15)
    reply(world.desk, clock.ticket_key, "Here is the part.")
    world.clock.advance(3600)
    await world.sync()
    assert [each.state for each in promises_of(world)] == ["broken"]


async def test_solving_in_time_keeps_it_and_taking_that_back_opens_it_again(world: World) -> None:
    clock = await sent(world)
    verbs.change(world.desk, clock.ticket_key, verbs.Change(status=Status.SOLVED))
    assert [each.state for each in promises_of(world)] == ["met"]
    verbs.undo(world.desk)
    assert [each.state for each in promises_of(world)] == ["running"]
    assert told(world) == ["kept", "open again"]


async def test_a_promise_made_with_the_solving_reply_is_still_owed(world: World) -> None:
    clock = await sent(world, status=Status.SOLVED)
    assert clock.state == "running"
    world.clock.advance(3 * 3600)
    await world.sync()
    assert [each.state for each in promises_of(world)] == ["broken"]


async def test_time_breaks_it_once_and_the_journal_says_so(world: World) -> None:
    clock = await sent(world)
    at = world.desk.database.next_instants()[1]
    assert at is not None
    assert clock.due_at is not None
    assert at <= clock.due_at.timestamp() * 1000
    world.clock.advance(3 * 3600)
    desk = world.desk
    assert break_promises(desk.database, desk.ranking, desk.clock) == 1
    assert break_promises(desk.database, desk.ranking, desk.clock) == 0
    [broken] = promises_of(world)
    assert (broken.state, broken.ledger[-1].at) == ("broken", clock.due_at)
    assert told(world) == ["broken"]


async def test_a_reply_whose_promised_time_has_passed_stops_for_review(world: World) -> None:
    ticket = await with_a_customer(world)
    world.server.up = False
    reply(world.desk, ticket.ref, TEXT, promises=promised(world))
    world.clock.advance(3 * 3600)
    world.server.up = True
    await world.sync()
    assert mail_state(world) is State.REVIEW
    assert world.server.accepted == []
    with reading(world.desk.database.path) as views:
        number = views.outbox()[0].id or 0
    outbox.retry(world.desk, number)
    await world.sync()
    assert mail_state(world) is State.ACCEPTED
    assert [each.state for each in promises_of(world)] == ["ended"]


async def test_a_promise_given_by_hand_is_moved_given_away_kept_and_each_is_taken_back(world: World) -> None:
    ticket = await with_a_customer(world)
    desk, config = world.desk, world.desk.config
    promising.promise(desk, ticket.ref, promising.typed("friday 14:00 I call you back", config, desk.now()))
    [clock] = promises_of(world)
    assert (clock.words, f"{clock.due_at:%a %H:%M}") == ("I call you back", "Fri 14:00")
    assert clock.due_at is not None
    moved = promising.move(desk, clock.id, clock.due_at + timedelta(hours=1))
    assert "tell them first" in moved.words
    assert "tell them" not in promising.move(desk, clock.id, clock.due_at - timedelta(hours=1)).words
    promising.give(desk, clock.id, "kai")
    assert promises_of(world)[0].agent == "kai"
    promising.fulfil(desk, clock.id)
    assert promises_of(world)[0].state == "met"
    with pytest.raises(RefusedError, match="kept"):
        promising.withdraw(desk, clock.id)
    for _ in range(2):
        verbs.undo(desk)
    [back] = promises_of(world)
    assert (back.state, back.agent, back.due_at) == ("running", desk.me, clock.due_at - timedelta(hours=1))
    for _ in range(3):
        verbs.undo(desk)
    assert promises_of(world)[0].state == "ended"


async def test_what_is_no_promise_or_no_time_to_come_is_refused(world: World) -> None:
    ticket = await with_a_customer(world)
    desk, config = world.desk, world.desk.config
    with pytest.raises(NotFoundError):
        promising.fulfil(desk, "nothing")
    with pytest.raises(RefusedError, match="Begin with a time"):
        promising.typed("call them", config, desk.now())
    with pytest.raises(RefusedError, match="today, or in a week"):
        promising.typed("monday call them", config, desk.now())
    with pytest.raises(RefusedError, match="passed"):
        promising.promise(desk, ticket.ref, Promise("x", desk.now()))


async def test_the_view_lists_tickets_by_their_next_promise_in_its_words(world: World) -> None:
    clock = await sent(world)
    with reading(world.desk.database.path) as views:
        [open_one] = views.of_kind("promise")
        [ticket] = views.promised([ticket_of(world)])
    assert open_one.id == clock.id
    assert (ticket.words, ticket.due_at, ticket.due_kind) == (clock.words, clock.due_at, "due")
