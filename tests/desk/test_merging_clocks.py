"""Clocks, promises, reminders and counts of tickets that are joined, taken apart, split and blocked."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from supportterm.config import Agent, PolicyRule
from supportterm.desk import blocking, merging, promising, rejecting, reminding, splitting, verbs
from supportterm.desk.replying import reply
from supportterm.desk.verbs import Change
from supportterm.domain import events
from supportterm.domain.events import Event, EventKind
from supportterm.domain.ledger import TicketClock
from supportterm.domain.promises import Promise
from supportterm.domain.ticket import Status, Ticket
from supportterm.store.rows import tuples
from supportterm.store.views import reading
from tests.desk.fakes import NOW, World, letter
from tests.desk.test_merging import customers, number, of, put, seen

HOUR = timedelta(hours=1)
UNDO = 11


def clocks_of(world: World, ticket: Ticket) -> dict[str, TicketClock]:
    """Return a ticket's clocks by kind, the latest of each."""
    with reading(world.desk.database.path) as views:
        return {clock.kind: clock for clock in views.clocks(ticket.key)}


async def answered(world: World, ticket: Ticket, text: str = "Looked at.", status: Status = Status.PENDING) -> None:
    reply(world.desk, ticket.ref, text, status=status)
    world.clock.advance(UNDO)
    await world.sync()


def promise(world: World, ticket: Ticket, words: str = "the log") -> None:
    promising.promise(world.desk, ticket.ref, Promise(words, world.clock.now() + 3 * HOUR))


async def test_promises_and_reminders_go_along_and_come_back(world: World) -> None:
    found = await customers(world)
    a, b = found["a"], found["b"]
    promise(world, a, "the invoice")
    promise(world, b)
    reminding.remind(world.desk, b.ref, world.clock.now() + HOUR, "call them")
    before = seen(world)
    merging.merge(world.desk, [b.ref], a.ref)
    with reading(world.desk.database.path) as views:
        words = {clock.words for clock in views.clocks(a.key) if clock.words}
        assert not views.clocks(b.key)
        assert {row.ticket_key for row in views.of_kind("promise")} == {a.key}
    assert words == {"the invoice", "the log", "call them"}
    merging.unmerge(world.desk, b.ref)
    assert seen(world) == before
    merging.merge(world.desk, [a.ref], b.ref)
    verbs.undo(world.desk)
    assert seen(world) == before


@pytest.mark.parametrize("into", ["a", "b"])
async def test_an_answer_on_the_other_ticket_keeps_no_promise_until_both_are_one(world: World, into: str) -> None:
    found = await customers(world)
    a, b = found["a"], found["b"]
    promise(world, b)
    world.clock.advance(60)
    await answered(world, a)
    world.clock.advance(60)
    other = {"a": b, "b": a}[into]
    before = seen(world)
    merging.merge(world.desk, [other.ref], found[into].ref)
    assert clocks_of(world, found[into])["promise"].state == "running"
    verbs.undo(world.desk)
    assert seen(world) == before
    merging.merge(world.desk, [other.ref], found[into].ref)
    world.clock.advance(60)
    await answered(world, found[into])
    assert clocks_of(world, found[into])["promise"].state == "met"


@pytest.mark.parametrize("into", ["a", "b"])
async def test_a_joined_ticket_waits_as_its_longest_waiting_part(world: World, into: str) -> None:
    found = await customers(world)
    a, b = found["a"], found["b"]
    due = a.due_at
    merging.merge(world.desk, [{"a": b, "b": a}[into].ref], found[into].ref)
    one = of(world, "a1@x")
    assert (one.due_kind, one.due_at) == ("first reply", due)
    assert [clock.ticket_key for clock in clocks_of(world, one).values()] == [one.key] * len(clocks_of(world, one))
    world.clock.advance(60)
    await answered(world, one)
    assert clocks_of(world, one)["first reply"].state == "met"
    assert of(world, "a1@x").due_kind != "first reply"


async def test_solved_and_open_make_an_open_one_whose_clock_runs(world: World) -> None:
    found = await customers(world)
    a, b = found["a"], found["b"]
    world.clock.advance(60)
    verbs.change(world.desk, b.ref, Change(status=Status.SOLVED))
    world.clock.advance(60)
    before = seen(world)
    merging.merge(world.desk, [b.ref], a.ref)
    world.clock.advance(60)
    verbs.note(world.desk, a.ref, "both are one")
    assert clocks_of(world, a)["first reply"].state == "running"
    world.clock.advance(60)
    verbs.change(world.desk, a.ref, Change(status=Status.PENDING))
    ledger = clocks_of(world, a)["first reply"].ledger
    assert [step.kind for step in ledger][-2:] == ["resumed", "paused"]
    for _ in range(3):
        verbs.undo(world.desk)
    assert {ref: one[-2] for ref, one in seen(world).items()} == {ref: one[-2] for ref, one in before.items()}


async def test_each_keeps_its_own_policy(world: World) -> None:
    rules = (PolicyRule("gold", "from:a@lind.example", first_reply="1h"),)
    world.desk.ranking.follow(dataclasses.replace(world.desk.config, policies=rules))
    found = await customers(world)
    a, b = found["a"], found["b"]
    world.clock.advance(60)
    for status in (Status.PENDING, Status.OPEN):
        verbs.change(world.desk, b.ref, Change(status=status))
    verbs.note(world.desk, a.ref, "so far so good")
    before = seen(world)
    policies = {ticket.ref: clocks_of(world, ticket)["first reply"].policy for ticket in (a, b)}
    assert policies == {a.ref: "gold", b.ref: "default"}
    merging.merge(world.desk, [b.ref], a.ref)
    joined = clocks_of(world, a)["first reply"]
    assert (joined.started_at, joined.due_at) == (a.created_at, a.created_at + HOUR)
    assert {step.policy for step in joined.ledger} == {"gold"}
    verbs.undo(world.desk)
    assert seen(world) == before


async def test_what_a_mail_promises_goes_with_it(world: World) -> None:
    found = await customers(world, ("a",))
    a = found["a"]
    put(world, "a", "a2@x", ("a1@x",))
    await world.sync()
    promise(world, a, "by hand")
    made = Promise("we send the log", world.clock.now() + 2 * HOUR)
    sent = reply(world.desk, a.ref, "We send the log within two hours.", promises=[made], status=Status.PENDING)
    before = seen(world)
    splitting.split(world.desk, a.ref, number(world, "a2@x"), onward=True)
    part = of(world, "a2@x")
    assert clocks_of(world, part)["promise"].words == "we send the log"
    assert clocks_of(world, a)["promise"].words == "by hand"
    verbs.undo(world.desk)
    assert seen(world) == before
    splitting.split(world.desk, a.ref, number(world, "a2@x"), onward=True)
    part = of(world, "a2@x")
    assert clocks_of(world, a)["first reply"].state == "paused"
    world.clock.advance(UNDO)
    await world.sync()
    assert [e.message_id for e in world.server.accepted] == [sent.message_id]
    assert clocks_of(world, part)["promise"].state == "running"
    assert clocks_of(world, part)["first reply"].state == "met"
    assert clocks_of(world, a)["promise"].state == "running"


async def test_a_reply_that_went_along_with_a_split_is_taken_back_there(world: World) -> None:
    found = await customers(world, ("a",))
    a = found["a"]
    put(world, "a", "a2@x", ("a1@x",))
    await world.sync()
    made = Promise("we send the log", world.clock.now() + 2 * HOUR)
    reply(world.desk, a.ref, "We send the log within two hours.", promises=[made], status=Status.PENDING)
    grace = dataclasses.replace(world.desk.config, agent=Agent(id="grace"))
    colleague = dataclasses.replace(world.desk, config=grace)
    splitting.split(colleague, a.ref, number(world, "a2@x"), onward=True)
    part = of(world, "a2@x")
    verbs.undo(world.desk)
    assert clocks_of(world, part)["promise"].state == "ended"
    with reading(world.desk.database.path) as views:
        assert set(views.drafts()) == {part.key}
    world.clock.advance(UNDO)
    await world.sync()
    assert not world.server.accepted


def test_what_was_taken_back_stands_again_where_that_was_taken_back() -> None:
    def event(number: int, undoes: int | None) -> Event:
        earlier = None if undoes is None else str(undoes)
        return Event(str(number), "r", number, "ada", NOW, "K", EventKind.CHANGED, undoes=earlier)

    done, undone, done_again = event(1, None), event(2, 1), event(3, 2)
    assert events.undone([done, undone]) == {"1"}
    assert events.undone([done_again, done, undone]) == {"2"}
    assert events.undone([done, undone, done_again, event(4, 3)]) == {"1", "3"}


async def test_spam_ends_the_clocks_and_undo_lets_them_run_on(world: World) -> None:
    found = await customers(world, ("a",))
    a = found["a"]
    before = clocks_of(world, a)
    world.clock.advance(60)
    blocking.block(world.desk, [a.ref])
    blocked = clocks_of(world, a)["first reply"]
    assert (blocked.state, blocked.ledger[-1].why) == ("ended", f"{world.desk.me}, blocking the sender, set spam")
    assert blocked.ledger[-1].at == world.clock.now()
    world.clock.advance(60)
    verbs.undo(world.desk)
    assert clocks_of(world, a) == before


async def test_a_rejected_line_stays_rejected_and_counts_once(world: World) -> None:
    await world.sync()
    world.clock.advance(60)
    for name in ("a", "b"):
        put(world, name, f"{name}1@x", ())
    put(world, "b", "b2@x", ("b1@x",))
    world.server.put(_angry("b3@x"), at=world.clock.now())
    await world.sync()
    a, b = of(world, "a1@x"), of(world, "b3@x")
    line = next(reason for reason in b.reasons if reason.source == "text")
    rejecting.reject(world.desk, b.ref, line)
    before, counted = seen(world), counts(world)
    assert counted[line.id] == (1, 1)
    merging.merge(world.desk, [b.ref], a.ref)
    one = of(world, "a1@x")
    assert line.id not in {reason.id for reason in one.reasons}
    assert counts(world)[line.id] == counted[line.id]
    assert counts(world)["how-to"] == (1, 0), "both asked how, and they are one ticket"
    verbs.undo(world.desk)
    assert seen(world) == before
    assert counts(world) == counted


def _angry(message_id: str) -> bytes:
    return letter("Hello, we lose 400 euro every hour since the update.", message_id=message_id, refs=("b1@x",))


def counts(world: World) -> dict[str, tuple[int, int]]:
    """Return signal -> on how many tickets it was found, and rejected."""
    with world.desk.database.write() as session:
        rows = tuples(session, "SELECT signal, count(*), sum(rejected) FROM fired GROUP BY signal")
        return {signal: (found, rejected) for signal, found, rejected in rows}
