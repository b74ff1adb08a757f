"""Mail going out: exactly once, in order, held where it was crossed, never resent unasked."""

from __future__ import annotations

import pytest

from supportterm.desk import outbox, verbs
from supportterm.desk.replying import reply
from supportterm.domain.errors import RefusedError
from supportterm.domain.operations import Operation, State
from supportterm.domain.ticket import Status, Ticket
from supportterm.mail.errors import MailError
from supportterm.mail.gateway import Answer
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import ADDRESS, World, letter


def ticket_of(world: World) -> Ticket:
    with reading(world.desk.database.path) as views:
        return views.queue(Where("1"), 1)[0]


def mails(world: World) -> list[Operation]:
    with reading(world.desk.database.path) as views:
        return views.outbox(everything=True)


async def with_a_customer(world: World, **headers: str) -> Ticket:
    await world.sync()
    world.clock.advance(60)
    world.server.put(letter("Where is my parcel?", message_id="q@x", **headers), at=world.clock.now())
    await world.sync()
    return ticket_of(world)


async def test_a_reply_leaves_after_the_undo_time_once_and_is_filed_once(world: World) -> None:
    ticket = await with_a_customer(world)
    queued = reply(world.desk, ticket.ref, "It leaves today, you have it on Friday.")
    await world.sync()
    assert world.server.accepted == []
    assert ticket_of(world).status is Status.PENDING
    world.clock.advance(11)
    for _ in range(3):
        await world.sync()
        world.clock.advance(5)
    [sent] = world.server.accepted
    assert (sent.message_id, sent.recipients) == (queued.message_id, ("mara@lind.example",))
    assert [mail.state for mail in mails(world)] == [State.ACCEPTED]
    assert world.server.appended == 1
    assert len(world.server.folders["Sent"]) == 1
    assert world.server.folders["INBOX"][1].flags == {"\\Seen", "\\Answered"}
    after = ticket_of(world)
    assert after.first_replied_at is not None
    assert (after.messages, after.due_at) == (2, None)


async def test_the_first_reply_counts_only_when_a_server_took_it(world: World) -> None:
    ticket = await with_a_customer(world)
    reply(world.desk, ticket.ref, "Soon.")
    assert ticket_of(world).first_replied_at is None


async def test_the_answer_carries_the_thread(world: World) -> None:
    ticket = await with_a_customer(world)
    reply(world.desk, ticket.ref, "Tomorrow.")
    world.clock.advance(11)
    await world.sync()
    raw = world.server.accepted[0].raw
    assert b"In-Reply-To: <q@x>" in raw
    assert b"References: <q@x>" in raw
    assert ticket.ref.encode() in raw
    sent_id = world.server.accepted[0].message_id
    world.clock.advance(60)
    world.server.put(
        letter("Thank you, and the invoice?", message_id="r@x", refs=["q@x", sent_id]), at=world.clock.now()
    )
    await world.sync()
    after = ticket_of(world)
    assert (after.key, after.status, after.messages) == (ticket.key, Status.OPEN, 3)


async def test_undo_hands_the_text_back_and_nothing_leaves(world: World) -> None:
    ticket = await with_a_customer(world)
    reply(world.desk, ticket.ref, "Too hasty.")
    done = verbs.undo(world.desk)
    assert done.text == "Too hasty."
    world.clock.advance(60)
    await world.sync()
    assert world.server.accepted == []
    assert ticket_of(world).status is Status.NEW
    assert ticket_of(world).due_at == ticket.due_at
    with pytest.raises(RefusedError, match="nothing of yours"):
        verbs.undo(world.desk)


async def test_an_undo_at_the_last_instant_wins_or_is_refused_never_both(world: World) -> None:
    ticket = await with_a_customer(world)
    reply(world.desk, ticket.ref, "Too hasty.")
    world.clock.advance(11)
    world.server.before_end = lambda: (verbs.undo(world.desk), None)[1]
    await world.sync()
    assert world.server.accepted == []
    assert [mail.state for mail in mails(world)] == [State.UNDONE]


async def test_what_left_cannot_be_undone(world: World) -> None:
    ticket = await with_a_customer(world)
    reply(world.desk, ticket.ref, "Gone.")
    world.clock.advance(11)
    await world.sync()
    with pytest.raises(RefusedError, match="has left"):
        verbs.undo(world.desk)


async def test_a_customers_newer_mail_holds_the_reply_for_review(world: World) -> None:
    ticket = await with_a_customer(world)
    queued = reply(world.desk, ticket.ref, "It leaves on Friday.")
    world.clock.advance(11)
    world.server.put(letter("Cancel it!", message_id="s@x", refs=["q@x"]), at=world.clock.now())
    await world.sync()
    assert world.server.accepted == []
    [held] = mails(world)
    assert held.state is State.REVIEW
    assert "Mara Lind wrote again" in held.said
    assert ticket_of(world).status is Status.OPEN
    await world.sync()
    assert world.server.accepted == []
    outbox.retry(world.desk, queued.operation)
    await world.sync()
    assert len(world.server.accepted) == 1
    assert mails(world)[0].state is State.ACCEPTED


async def test_a_colleagues_answer_in_sent_holds_the_reply(world: World) -> None:
    ticket = await with_a_customer(world)
    reply(world.desk, ticket.ref, "It leaves on Friday.")
    world.clock.advance(11)
    crossing = letter("Already sent!", message_id="ada@x", sender=ADDRESS, to="mara@lind.example", refs=["q@x"])
    world.server.put(crossing, "Sent", world.clock.now())
    await world.sync()
    assert world.server.accepted == []
    assert mails(world)[0].state is State.REVIEW
    assert "colleague" in mails(world)[0].said


async def test_older_mail_found_later_holds_nothing(world: World) -> None:
    ticket = await with_a_customer(world)
    reply(world.desk, ticket.ref, "On Friday.")
    older = letter("Before", message_id="p@x", refs=["q@x"])
    world.server.put(older, at=ticket.created_at.replace(hour=1))
    world.clock.advance(11)
    await world.sync()
    assert len(world.server.accepted) == 1


async def test_off_line_it_waits_and_drains_on_return_in_order(world: World) -> None:
    ticket = await with_a_customer(world)
    world.server.up = False
    reply(world.desk, ticket.ref, "First.")
    reply(world.desk, ticket.ref, "Second.")
    world.clock.advance(3600)
    with pytest.raises(MailError):
        await world.sync()
    with reading(world.desk.database.path) as views:
        assert views.sync()["state"] == "offline"
    assert [mail.state for mail in mails(world)] == [State.QUEUED, State.QUEUED]
    world.server.up = True
    await world.sync()
    await world.sync()
    assert [b"First." in sent.raw for sent in world.server.accepted] == [True, False]
    assert len(world.server.accepted) == 2


async def test_a_partial_refusal_is_kept_by_recipient_and_only_the_missing_is_tried_again(world: World) -> None:
    ticket = await with_a_customer(world, Cc="Jo <jo@lind.example>")
    world.server.answers["jo@lind.example"] = (Answer.LATER, 451, "mailbox busy")
    queued = reply(world.desk, ticket.ref, "On Friday.", everyone=True)
    world.clock.advance(11)
    await world.sync()
    [mail] = mails(world)
    assert {r.address: r.state for r in mail.recipients} == {
        "jo@lind.example": State.QUEUED,
        "mara@lind.example": State.ACCEPTED,
    }
    assert mail.next_attempt_at > world.clock.now()
    with pytest.raises(RefusedError):
        outbox.drop(world.desk, queued.operation)
    world.server.answers.clear()
    world.clock.advance(60)
    await world.sync()
    assert [sent.recipients for sent in world.server.accepted] == [("mara@lind.example",), ("jo@lind.example",)]
    assert mails(world)[0].state is State.ACCEPTED


async def test_a_refusal_opens_the_ticket_and_says_why(world: World) -> None:
    ticket = await with_a_customer(world)
    world.server.answers["mara@lind.example"] = (Answer.REFUSED, 550, "no such user")
    queued = reply(world.desk, ticket.ref, "On Friday.")
    world.clock.advance(11)
    await world.sync()
    [mail] = mails(world)
    assert mail.state is State.REFUSED
    assert "550 no such user" in mail.said
    assert ticket_of(world).status is Status.OPEN
    dropped = outbox.drop(world.desk, queued.operation)
    assert dropped.text == "On Friday."


async def test_what_cannot_be_known_is_listed_and_never_resent_unasked(world: World) -> None:
    ticket = await with_a_customer(world)
    world.server.answers["mara@lind.example"] = (Answer.UNCERTAIN, 0, "the line went dead")
    queued = reply(world.desk, ticket.ref, "On Friday.")
    world.clock.advance(11)
    await world.sync()
    world.server.answers.clear()
    world.clock.advance(86_400)
    await world.sync()
    assert world.server.accepted == []
    assert mails(world)[0].state is State.UNCERTAIN
    outbox.resolve(world.desk, queued.operation, sent=True)
    assert mails(world)[0].state is State.ACCEPTED
    assert world.server.accepted == []


async def test_the_copy_in_sent_proves_an_uncertain_mail_accepted(world: World) -> None:
    ticket = await with_a_customer(world)
    world.server.answers["mara@lind.example"] = (Answer.UNCERTAIN, 0, "the line went dead")
    queued = reply(world.desk, ticket.ref, "On Friday.")
    world.clock.advance(11)
    await world.sync()
    copy = letter("On Friday.", message_id=queued.message_id, sender=ADDRESS, to="mara@lind.example", refs=["q@x"])
    world.server.put(copy, "Sent", world.clock.now())
    await world.sync()
    assert mails(world)[0].state is State.ACCEPTED
    assert ticket_of(world).messages == 2


async def test_a_stranger_cannot_hide_mail_under_our_id(world: World) -> None:
    ticket = await with_a_customer(world)
    queued = reply(world.desk, ticket.ref, "On Friday.")
    world.server.put(
        letter("I am not you", message_id=queued.message_id, sender="eve@evil.example"), at=world.clock.now()
    )
    await world.sync()
    with reading(world.desk.database.path) as views:
        everything = [m.text.strip() for t in views.queue(Where("1"), 10) for m in views.messages(t.key)]
    assert "I am not you" in everything


async def test_a_sent_folder_that_is_refused_stops_neither_mail_in_nor_out(world: World) -> None:
    ticket = await with_a_customer(world)
    world.server.refused.add("Sent")
    reply(world.desk, ticket.ref, "On Friday.")
    world.clock.advance(11)
    world.server.put(letter("Another matter", message_id="z@x", sender="jo@park.example"), at=world.clock.now())
    await world.sync()
    world.clock.advance(5)
    await world.sync()
    assert len(world.server.accepted) == 1
    with reading(world.desk.database.path) as views:
        assert views.count(Where("1")) == 2
        assert views.sync()["state"] == "online"
        assert "over quota" in views.sync()["error"]
        assert views.waiting_operations() == {"file": 1}
    world.server.refused.clear()
    world.clock.advance(60)
    await world.sync()
    assert len(world.server.folders["Sent"]) == 1
