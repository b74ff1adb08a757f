"""Calls at a desk: begun, held, ended, taken back; what lies in the store after each step is enough to go on with."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from supportterm.desk import callbacks, calling, drafts, holding, merging, verbs
from supportterm.domain.callers import Caller
from supportterm.domain.calls import Call, Ending, State, Turn
from supportterm.domain.drafts import Draft, Kind, Mode
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.events import EventKind
from supportterm.domain.ledger import ClockState
from supportterm.domain.ticket import MessageKind, Status, Ticket
from supportterm.store.filters import Where
from supportterm.store.views import Views, reading
from tests.desk.fakes import World, letter

JO = Caller("Jo Park", "+442079460018", "")


@pytest.fixture
async def ticket(world: World) -> Ticket:
    """A customer in UTC+9 wrote an hour ago."""
    raw = (
        letter("When does it come?", sender="Jo Park <jo@park.example>")
        .replace(b" -0000", b" +0900")
        .replace(b" +0000", b" +0900")
    )
    world.server.put(raw)
    await world.sync()
    world.clock.advance(3600)
    with reading(world.desk.database.path) as views:
        return views.queue(Where("1"))[0]


def ask(world: World, question: object = None) -> Views:
    """Return what the store says; closed by the test's end with its process."""
    from supportterm.store.database import connect

    return Views(connect(world.desk.database.path, readonly=True))


def current(world: World) -> Call:
    found = ask(world).call("ada")
    assert found is not None
    return found


def hold(world: World) -> Call:
    call = current(world)
    calling.turn(world.desk, call.id, Turn.ASKED)
    return calling.turn(world.desk, call.id, Turn.AGREED)


def test_an_agent_has_one_call_at_a_time(world: World, ticket: Ticket) -> None:
    calling.begin(world.desk, ticket.ref)
    with pytest.raises(RefusedError, match="You have Jo Park on the phone"):
        calling.begin(world.desk, caller=JO)
    assert current(world).ticket_key == ticket.key


def test_a_call_answers_the_customer(world: World, ticket: Ticket) -> None:
    calling.begin(world.desk, ticket.ref)
    world.clock.advance(300)
    done = calling.end(world.desk, current(world).id, Ending(Status.SOLVED, read_back=True), "Comes on Friday.")
    views = ask(world)
    [*_, record] = views.messages(ticket.key)
    assert (record.kind, record.author, record.sender.name) == (MessageKind.CALL, "ada", "Ada")
    assert record.text == "Comes on Friday.\n\nTalked 5:00. The summary was read back to them."
    after = views.ticket(ticket.key)
    assert after is not None
    assert (after.status, after.waiting_since, after.due_at) == (Status.SOLVED, None, None)
    assert after.first_replied_at == ticket.created_at + timedelta(hours=1)
    states = {clock.kind: clock.state for clock in views.clocks(ticket.key)}
    assert states["first reply"] is ClockState.MET
    assert views.call("ada") is None
    assert "5:00" in done.words


def test_a_call_that_reached_nobody_answers_nothing(world: World, ticket: Ticket) -> None:
    calling.begin(world.desk, ticket.ref)
    calling.end(world.desk, current(world).id, Ending(reached=False), "Voicemail.")
    after = ask(world).ticket(ticket.key)
    assert after is not None
    assert (after.status, after.due_kind, after.first_replied_at) == (Status.NEW, "first reply", None)


def test_a_hold_has_a_clock_that_begins_anew_when_they_are_told(world: World, ticket: Ticket) -> None:
    calling.begin(world.desk, ticket.ref)
    world.clock.advance(60)
    call = hold(world)
    [clock] = ask(world).of_kind("hold")
    assert clock.due_at == world.clock.now() + timedelta(minutes=2)
    assert (clock.agent, clock.words) == ("ada", "Jo Park")
    world.clock.advance(100)
    calling.turn(world.desk, call.id, Turn.TOLD)
    [clock] = ask(world).of_kind("hold")
    assert clock.due_at == world.clock.now() + timedelta(minutes=2)
    world.clock.advance(130)
    calling.turn(world.desk, call.id, Turn.BACK)
    views = ask(world)
    assert views.of_kind("hold") == []
    [clock] = [each for each in views.clocks(ticket.key) if each.kind == "hold"]
    assert clock.state is ClockState.BROKEN
    assert [step.why for step in clock.ledger] == ["they agreed to hold", "they were told", "back on the line"]


def test_the_end_of_a_call_ends_its_hold(world: World, ticket: Ticket) -> None:
    calling.begin(world.desk, ticket.ref)
    hold(world)
    world.clock.advance(30)
    calling.end(world.desk, current(world).id, Ending())
    assert ask(world).of_kind("hold") == []
    assert "on hold 0:30, they agreed" in ask(world).messages(ticket.key)[-1].text


def test_an_unknown_caller_gets_a_ticket_of_the_channel_phone(world: World, ticket: Ticket) -> None:
    done = calling.begin(world.desk, caller=JO)
    made = ask(world).ticket(done.key)
    assert made is not None
    assert (made.channel, made.requester_name, made.requester_address) == ("phone", "Jo Park", "+442079460018")
    assert made.assignee == "ada"
    world.clock.advance(60)
    calling.end(world.desk, current(world).id, Ending(Status.OPEN), "Wants an offer\nfor 40 chairs.")
    views = ask(world)
    after = views.ticket(done.key)
    assert after is not None
    assert (after.subject, after.status, after.messages) == ("Wants an offer", Status.OPEN, 1)
    assert views.tickets_of_caller("+442079460018")[0].key == done.key


def test_no_call_at_all_leaves_nothing(world: World, ticket: Ticket) -> None:
    done = calling.begin(world.desk, caller=JO)
    calling.drop(world.desk, current(world).id)
    views = ask(world)
    assert views.call("ada") is None
    assert views.ticket(done.key) is None
    calling.begin(world.desk, ticket.ref)
    calling.drop(world.desk, current(world).id)
    assert ask(world).ticket(ticket.key) is not None


def test_a_dropped_call_with_a_callback_keeps_its_ticket(world: World) -> None:
    done = calling.begin(world.desk, caller=JO)
    callbacks.call_back(world.desk, done.ref, world.clock.now() + timedelta(hours=1))
    calling.drop(world.desk, current(world).id)
    assert ask(world).ticket(done.key) is not None


def test_undo_reopens_the_call_as_it_was(world: World, ticket: Ticket) -> None:
    due = world.clock.now() + timedelta(hours=2)
    callbacks.call_back(world.desk, ticket.ref, due, "the invoice")
    world.clock.advance(60)
    calling.begin(world.desk, ticket.ref)
    world.clock.advance(60)
    calling.end(world.desk, current(world).id, Ending(Status.SOLVED), "All is well.")
    assert ask(world).of_kind("callback") == []
    done = verbs.undo(world.desk)
    assert "goes on" in done.words
    views = ask(world)
    call, after = views.call("ada"), views.ticket(ticket.key)
    assert call is not None
    assert after is not None
    assert (call.notes, call.state, call.message) == ("All is well.", State.LINE, None)
    assert (after.status, after.due_kind) == (Status.NEW, "callback")
    assert [m.kind for m in views.messages(ticket.key)] == [MessageKind.CUSTOMER]
    assert [clock.due_at for clock in views.of_kind("callback")] == [due]
    calling.end(world.desk, call.id, Ending(Status.PENDING))
    assert [m.kind for m in ask(world).messages(ticket.key)] == [MessageKind.CUSTOMER, MessageKind.CALL]


def test_undo_waits_for_another_call(world: World, ticket: Ticket) -> None:
    calling.begin(world.desk, ticket.ref)
    calling.end(world.desk, current(world).id, Ending())
    calling.begin(world.desk, caller=JO)
    with pytest.raises(RefusedError, match="End that call first"):
        verbs.undo(world.desk, ticket.ref)


def test_a_call_keeps_the_callbacks_set_before_it(world: World, ticket: Ticket) -> None:
    now = world.clock.now()
    callbacks.call_back(world.desk, ticket.ref, now + timedelta(minutes=5))
    callbacks.call_back(world.desk, ticket.ref, now + timedelta(hours=5))
    world.clock.advance(600)
    calling.begin(world.desk, ticket.ref)
    callbacks.call_back(world.desk, ticket.ref, now + timedelta(hours=9))
    world.clock.advance(60)
    calling.end(world.desk, current(world).id, Ending())
    found = [clock for clock in ask(world).clocks(ticket.key) if clock.kind == "callback"]
    assert [clock.state for clock in sorted(found, key=lambda c: c.due_at or now)] == [
        ClockState.BROKEN, ClockState.MET, ClockState.RUNNING,
    ]  # fmt: skip


def test_a_callback_is_read_by_the_customers_clocks(world: World, ticket: Ticket) -> None:
    views = ask(world)
    config, now = world.desk.config, world.clock.now()
    zone = callbacks.zone_of(views.messages(ticket.key), views.source_head, config)
    found = callbacks.read("tomorrow 15:00 the invoice", config, now, zone)
    assert found == (datetime(2026, 3, 3, 6, 0, tzinfo=UTC), "the invoice")
    assert callbacks.in_words(found[0], zone) == "Tue 03 Mar, 15:00 (UTC+9)"
    assert callbacks.read("the invoice", config, now, zone) is None
    boxes = callbacks.read("tomorrow 3 boxes", config, now, zone)
    assert boxes is not None
    assert boxes[1] == "3 boxes"
    half = callbacks.read("2h", config, now, zone)
    assert half == (now + timedelta(hours=2), "")


@pytest.mark.parametrize(
    ("date", "leaves"),
    [
        ("Fri, 27 Mar 2026 09:00:00 +0100", datetime(2026, 3, 30, 7, tzinfo=UTC)),
        ("Fri, 27 Mar 2026 09:00:00 +0900", datetime(2026, 3, 30, 0, tzinfo=UTC)),
    ],
)
def test_a_time_behind_the_change_to_summer_time_is_theirs_where_our_clocks_are(
    world: World, ticket: Ticket, date: str, leaves: datetime
) -> None:
    config = world.desk.config
    config = dataclasses.replace(config, policy=dataclasses.replace(config.policy, time_zone="Europe/Berlin"))
    zone = callbacks.zone_of(ask(world).messages(ticket.key), lambda _: f"Date: {date}\r\n\r\n".encode(), config)
    assert holding.read("Monday 9:00", config, datetime(2026, 3, 27, 10, tzinfo=UTC), zone).at == leaves


def test_the_summary_is_queued_and_undo_takes_it_back_first(world: World, ticket: Ticket) -> None:
    calling.begin(world.desk, ticket.ref)
    callbacks.call_back(world.desk, ticket.ref, datetime(2026, 3, 3, 6, 0, tzinfo=UTC))
    calling.end(world.desk, current(world).id, Ending(Status.PENDING, mail="send"), "The parcel is on its way.")
    [mail] = ask(world).outbox(ticket.key)
    sent = next(m for m in ask(world).messages(ticket.key) if m.id == mail.message)
    assert "The parcel is on its way." in sent.text
    assert "tomorrow, Tuesday, 15:00 (UTC+9)" in sent.text
    assert [a.address for a in sent.to] == ["jo@park.example"]
    assert "taken back" in verbs.undo(world.desk).words
    assert "goes on" in verbs.undo(world.desk).words


def test_the_summary_can_be_a_draft_to_look_at(world: World, ticket: Ticket) -> None:
    calling.begin(world.desk, ticket.ref)
    calling.end(world.desk, current(world).id, Ending(mail="draft"), "We look into it.")
    kept = ask(world).draft(ticket.key, "ada", Kind.REPLY)
    assert kept is not None
    assert "We look into it." in kept.text


def test_a_summary_does_not_write_over_a_reply_and_nothing_has_ended(world: World, ticket: Ticket) -> None:
    drafts.save(world.desk, Draft(ticket.key, "ada", Mode.REPLY, "Dear Jo,"))
    calling.begin(world.desk, ticket.ref)
    with pytest.raises(RefusedError, match="A reply is being written"):
        calling.end(world.desk, current(world).id, Ending(mail="draft"), "We look into it.")
    assert current(world).state is State.LINE


def test_no_mail_goes_to_a_number(world: World) -> None:
    calling.begin(world.desk, caller=JO)
    with pytest.raises(RefusedError, match="no customer's address"):
        calling.end(world.desk, current(world).id, Ending(mail="send"), "An offer.")
    assert current(world).state is State.LINE


def test_a_call_goes_with_its_ticket_into_another(world: World, ticket: Ticket) -> None:
    done = calling.begin(world.desk, caller=JO)
    hold(world)
    merging.merge(world.desk, [done.ref], ticket.ref)
    calling.turn(world.desk, current(world).id, Turn.BACK)
    calling.end(world.desk, current(world).id, Ending(), "The same matter.")
    assert ask(world).messages(ticket.key)[-1].kind is MessageKind.CALL


def test_notes_are_kept_as_typed_and_not_after_the_end(world: World, ticket: Ticket) -> None:
    calling.begin(world.desk, ticket.ref)
    number = current(world).id
    calling.write(world.desk, number, "Order 47\x1b[2J11")
    assert current(world).notes == "Order 47␛[2J11"
    calling.end(world.desk, number, Ending())
    calling.write(world.desk, number, "late")
    with pytest.raises(NotFoundError):
        calling.end(world.desk, number, Ending())


def test_a_call_is_logged_afterwards(world: World, ticket: Ticket) -> None:
    ending = Ending(Status.SOLVED)
    calling.log(world.desk, ending, "Told her the price.", minutes=12, named=ticket.ref, caller=None)
    [*_, record] = ask(world).messages(ticket.key)
    assert record.text.endswith("Talked 12:00.")
    with pytest.raises(RefusedError):
        calling.log(world.desk, Ending(mail="send"), "x", minutes=1, named=None, caller=JO)
    assert ask(world).call("ada") is None


def test_the_journal_says_what_was_done(world: World, ticket: Ticket) -> None:
    calling.begin(world.desk, ticket.ref)
    calling.end(world.desk, current(world).id, Ending(Status.SOLVED))
    verbs.undo(world.desk)
    kinds = [event.kind for event in ask(world).events(ticket.key)]
    assert kinds == [EventKind.CALL_BEGUN, EventKind.CALLED, EventKind.CALL_REOPENED]


def test_a_dropped_call_keeps_a_ticket_that_was_worked_on(world: World) -> None:
    done = calling.begin(world.desk, caller=JO)
    verbs.change(world.desk, done.ref, verbs.Change(add_tags=frozenset({"chairs"})))
    calling.drop(world.desk, current(world).id)
    assert ask(world).ticket(done.key) is not None
    assert "chairs" in verbs.undo(world.desk).words


def test_a_logged_call_taken_back_leaves_nothing(world: World) -> None:
    done = calling.log(world.desk, Ending(Status.OPEN), "40 chairs", minutes=3, named=None, caller=JO)
    back = verbs.undo(world.desk)
    assert back.text == "40 chairs"
    views = ask(world)
    assert (views.call("ada"), views.ticket(done.key)) == (None, None)
    with pytest.raises(RefusedError):
        verbs.undo(world.desk)
