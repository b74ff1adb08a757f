"""Mail held until a named time: it leaves then, once; it can be changed, and stays where the customer writes first."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

import pytest

from supportterm.desk import holding, noticing, outbox, verbs
from supportterm.desk.hurry import hurry
from supportterm.desk.replying import reply
from supportterm.domain import held
from supportterm.domain.drafts import Also, Draft, Kind, Mode
from supportterm.domain.errors import RefusedError
from supportterm.domain.held import Hold
from supportterm.domain.operations import Operation, State
from supportterm.domain.promises import Promise
from supportterm.domain.ticket import MessageKind, Status, Ticket
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import NOW, World, letter

TOKYO = timezone(timedelta(hours=9))
TEXT = "It leaves the house on Tuesday."


def ticket_of(world: World) -> Ticket:
    with reading(world.desk.database.path) as views:
        return views.queue(Where("1"), 1)[0]


def mails(world: World) -> list[Operation]:
    with reading(world.desk.database.path) as views:
        return views.outbox(everything=True)


def draft_of(world: World) -> Draft | None:
    with reading(world.desk.database.path) as views:
        return views.draft(ticket_of(world).key, "ada", Kind.REPLY)


def notes(world: World) -> list[str]:
    with reading(world.desk.database.path) as views:
        return [m.text for m in views.messages(ticket_of(world).key) if m.kind is MessageKind.NOTE]


def reply_clock(world: World) -> tuple[str, datetime | None]:
    with reading(world.desk.database.path) as views:
        (clock,) = [clock for clock in views.clocks(ticket_of(world).key) if clock.kind == "first reply"]
        return clock.state, clock.due_at


def until(words: str, world: World) -> Hold:
    return holding.read(words, world.desk.config, world.desk.now(), TOKYO)


async def asked(world: World) -> Ticket:
    await world.sync()
    world.clock.advance(60)
    world.server.put(letter("Where is my parcel?", message_id="q@x"), at=world.clock.now())
    await world.sync()
    return ticket_of(world)


async def writes_again(world: World, text: str = "Never mind, it came.", **more: str) -> None:
    world.clock.advance(60)
    mail = letter(text, message_id="again@x", refs=["q@x"], at=world.clock.now(), **more)
    world.server.put(mail, at=world.clock.now())
    await world.sync()


def wait(world: World, **length: float) -> None:
    world.clock.advance(timedelta(**length).total_seconds())


@pytest.mark.parametrize(
    ("typed", "at", "words"),
    [
        ("wednesday 9:00", datetime(2026, 3, 4, 0, 0, tzinfo=UTC), "Wed 09:00 (theirs; 00:00 yours)"),
        ("Wednesday 9:00 theirs", datetime(2026, 3, 4, 0, 0, tzinfo=UTC), "Wed 09:00 (theirs; 00:00 yours)"),
        ("wednesday 5:30", datetime(2026, 3, 3, 20, 30, tzinfo=UTC), "Wed 05:30 (theirs; Tue 20:30 yours)"),
        ("friday 14:00 utc+3", datetime(2026, 3, 6, 11, 0, tzinfo=UTC), "Fri 14:00 (UTC+3; 11:00 yours)"),
        ("friday 14:00 Berlin", datetime(2026, 3, 6, 13, 0, tzinfo=UTC), "Fri 14:00 (UTC+1; 13:00 yours)"),
        ("2h", datetime(2026, 3, 2, 14, 0, tzinfo=UTC), "Mon 23:00 (theirs; 14:00 yours)"),
        ("2026-12-01 9:00", datetime(2026, 12, 1, 0, 0, tzinfo=UTC), "Tue 01 Dec 09:00 (theirs; 00:00 yours)"),
    ],
)
def test_a_time_is_meant_by_the_customers_clocks_unless_a_zone_ends_it(
    typed: str, at: datetime, words: str, world: World
) -> None:
    hold = holding.read(typed, world.desk.config, NOW, TOKYO)
    assert hold.at == at
    assert held.in_words(hold, NOW, UTC) == words
    assert held.in_words(dataclasses.replace(hold, zone=UTC), NOW, UTC).count(":") == 1


@pytest.mark.parametrize("typed", ["", "whenever", "yesterday 9:00", "2026-01-01 9:00", "2028-01-01", "9:00 utc+99"])
def test_what_is_no_time_to_come_is_refused_with_a_sentence(typed: str, world: World) -> None:
    with pytest.raises(RefusedError, match=r"Try `Monday 9:00`|more than a year"):
        holding.read(typed, world.desk.config, NOW, TOKYO)


async def test_a_held_mail_leaves_at_its_time_once_dated_then_and_its_clock_runs_until_then(world: World) -> None:
    ticket = await asked(world)
    reply(world.desk, ticket.ref, TEXT, hold=until("wednesday 9:00", world))
    assert reply_clock(world) == ("running", ticket.due_at)
    wait(world, hours=35, minutes=58)
    await world.sync()
    assert world.server.accepted == []
    for _ in range(3):
        wait(world, minutes=2)
        await world.sync()
    (sent,) = world.server.accepted
    date = message_from_bytes(sent.raw, policy=policy.default)["Date"]
    assert parsedate_to_datetime(str(date)) == datetime(2026, 3, 4, tzinfo=UTC)
    assert [mail.state for mail in mails(world)] == [State.ACCEPTED]
    assert reply_clock(world)[0] == "broken"


async def test_a_customer_who_writes_first_takes_it_back_and_everyone_knows(world: World) -> None:
    ticket = await asked(world)
    also = Also(note="Ask the carrier.")
    written = Draft(ticket.key, "ada", Mode.REPLY, TEXT, editor='{"text":"x"}', also=also)
    also = Also(note="Ask the carrier.")
    due = world.clock.now() + timedelta(days=4)
    reply(
        world.desk, ticket.ref, TEXT, add_tags=frozenset({"parcel"}), also=also, draft=written,
        promises=[Promise("on Tuesday", due)], hold=until("wednesday 9:00", world),
    )  # fmt: skip
    assert (ticket_of(world).status, ticket_of(world).tags) == (Status.PENDING, {"parcel"})
    await writes_again(world)
    (mail,) = mails(world)
    assert (mail.state, mail.said) == (State.UNDONE, "Mara Lind wrote first")
    after = ticket_of(world)
    assert (after.status, after.tags, after.assignee) == (Status.OPEN, frozenset(), "ada")
    assert after.due_at == ticket.due_at
    back = draft_of(world)
    assert back is not None
    assert (back.text, back.editor, back.also) == (TEXT, '{"text":"x"}', also)
    (note,) = notes(world)
    assert note.startswith("The reply held until Wed 09:00")
    assert "Mara Lind wrote first" in note
    with reading(world.desk.database.path) as views:
        assert [clock.state for clock in views.clocks(ticket.key) if clock.kind == "promise"] == ["ended"]
        assert views.has_untold("ada")
    (told,) = noticing.claim(world.desk)
    assert "Mara Lind wrote first" in told.warned.in_words
    assert noticing.claim(world.desk) == []
    wait(world, days=4)
    await world.sync()
    assert world.server.accepted == []


async def test_thanks_take_it_back_too_but_no_automatic_mail_does(world: World) -> None:
    ticket = await asked(world)
    reply(world.desk, ticket.ref, TEXT, hold=until("wednesday 9:00", world))
    await writes_again(world, "I am away until May.", Auto_Submitted="auto-replied")
    assert [mail.state for mail in mails(world)] == [State.QUEUED]
    world.server.put(letter("Thanks!", message_id="t@x", refs=["q@x"]), at=world.clock.now())
    await world.sync()
    assert [mail.state for mail in mails(world)] == [State.UNDONE]
    assert ticket_of(world).status is Status.OPEN


async def test_what_the_author_has_seen_already_takes_nothing_back(world: World) -> None:
    ticket = await asked(world)
    await writes_again(world)
    reply(world.desk, ticket.ref, TEXT, hold=until("wednesday 9:00", world))
    world.server.put(letter("An older one.", message_id="old@x", refs=["q@x"]), at=NOW)
    await world.sync()
    assert [mail.state for mail in mails(world)] == [State.QUEUED]


async def test_mail_that_came_while_nobody_looked_takes_it_back_at_the_time_it_would_leave(world: World) -> None:
    ticket = await asked(world)
    reply(world.desk, ticket.ref, TEXT, hold=until("wednesday 9:00", world))
    wait(world, days=2)
    world.server.put(letter("Never mind.", message_id="again@x", refs=["q@x"]), at=world.clock.now())
    await world.sync()
    assert world.server.accepted == []
    assert draft_of(world) is not None


async def test_after_it_was_taken_back_undo_takes_back_the_step_before(world: World) -> None:
    ticket = await asked(world)
    verbs.change(world.desk, ticket.ref, verbs.Change(add_tags=frozenset({"vip"})))
    world.clock.advance(1)
    reply(world.desk, ticket.ref, TEXT, hold=until("wednesday 9:00", world))
    await writes_again(world)
    assert "vip" in verbs.undo(world.desk).words
    assert ticket_of(world).status is Status.OPEN


async def test_undo_and_discard_make_it_a_draft_again(world: World) -> None:
    ticket = await asked(world)
    reply(world.desk, ticket.ref, TEXT, hold=until("wednesday 9:00", world))
    wait(world, hours=5)
    assert verbs.undo(world.desk).text == TEXT
    queued = reply(world.desk, ticket.ref, TEXT, hold=until("wednesday 9:00", world))
    assert outbox.drop(world.desk, queued.operation).text == TEXT
    wait(world, days=3)
    await world.sync()
    assert world.server.accepted == []


async def test_its_time_can_be_changed_until_it_leaves(world: World) -> None:
    ticket = await asked(world)
    queued = reply(world.desk, ticket.ref, TEXT, hold=until("wednesday 9:00", world))
    holding.change(world.desk, queued.operation, until("friday 10:00", world))
    wait(world, days=2)
    await world.sync()
    assert world.server.accepted == []
    holding.change(world.desk, queued.operation, None)
    await world.sync()
    (sent,) = world.server.accepted
    date = parsedate_to_datetime(str(message_from_bytes(sent.raw, policy=policy.default)["Date"]))
    assert abs(date - world.clock.now()) < timedelta(seconds=2)
    with pytest.raises(RefusedError, match="cannot be changed"):
        holding.change(world.desk, queued.operation, until("friday 10:00", world))


async def test_a_time_put_off_while_it_is_handed_over_keeps_it_here(world: World) -> None:
    ticket = await asked(world)
    queued = reply(world.desk, ticket.ref, TEXT)
    wait(world, seconds=11)
    world.server.before_end = lambda: (
        holding.change(world.desk, queued.operation, until("friday 10:00", world)) and None
    )
    await world.sync()
    assert world.server.accepted == []
    world.server.before_end = None
    wait(world, days=4)
    await world.sync()
    assert len(world.server.accepted) == 1


async def test_another_reply_on_the_ticket_need_not_wait_for_it_and_hurry_leaves_it(world: World) -> None:
    ticket = await asked(world)
    first = reply(world.desk, ticket.ref, TEXT, hold=until("wednesday 9:00", world))
    second = reply(world.desk, ticket.ref, "One thing before that.")
    assert hurry(world.desk, [first.operation, second.operation]) == 1
    await world.sync()
    assert [sent.message_id for sent in world.server.accepted] == [second.message_id]
    wait(world, days=2)
    await world.sync()
    assert [sent.message_id for sent in world.server.accepted] == [second.message_id, first.message_id]


async def test_a_reply_that_would_leave_after_it_is_due_says_so(world: World) -> None:
    ticket = await asked(world)
    with world.desk.database.write() as session:
        late = holding.too_late(session, ticket.key, until("wednesday 9:00", world).at, world.clock.now())
        assert late.startswith("the first reply is due Tue 12:01")
        assert holding.too_late(session, ticket.key, until("2h", world).at, world.clock.now()) == ""
