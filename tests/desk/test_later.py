"""“I need five minutes”: the customer hears until when, and the promise is the clock from then on."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes

import pytest

from supportterm.desk import later, verbs
from supportterm.desk.replying import reply
from supportterm.domain.errors import RefusedError
from supportterm.domain.ledger import ClockState
from supportterm.domain.ticket import Status
from supportterm.store import clocks
from tests.desk.fakes import World
from tests.desk.test_clockwork import arrived, kept, only

TEXTS = {
    "en": ("Where is my parcel? I have been waiting for it since Monday.", "by today", "(UTC)"),
    "ru": ("Здравствуйте, где моя посылка? Я жду её с понедельника.", "не позднее чем", "(UTC)"),
    "ja": ("荷物はどこにありますか。月曜日から待っています。", "までに", "(UTC)"),
    "tr": ("Merhaba, kargom nerede? Pazartesiden beri bekliyorum.", "en geç", "(UTC)"),
}


@pytest.mark.parametrize("lang", TEXTS)
async def test_a_reply_in_their_language_stops_the_clock_and_a_promise_runs(world: World, lang: str) -> None:
    text, by, zone = TEXTS[lang]
    ticket = await arrived(world, text)
    later.later(world.desk, ticket.ref)
    assert kept(world, ticket.key)["promise"].state is ClockState.PAUSED, "nothing has left yet"
    world.clock.advance(11)
    await world.sync()
    (envelope,) = world.server.accepted
    body = message_from_bytes(envelope.raw).get_payload(decode=True)
    said = body.decode() if isinstance(body, bytes) else ""
    assert by in said
    assert zone in said
    assert (only(world).status, only(world).due_kind) == (Status.OPEN, "promise")
    assert kept(world, ticket.key)["first reply"].state is ClockState.MET
    due = only(world).due_at
    assert due is not None
    assert timedelta(minutes=4) < due - world.clock.now() <= timedelta(minutes=6)
    reply(world.desk, ticket.key, "Here it is.")
    world.clock.advance(11)
    await world.sync()
    assert kept(world, ticket.key)["promise"].state is ClockState.MET


async def test_who_does_not_come_back_breaks_the_promise(world: World) -> None:
    ticket = await arrived(world)
    later.later(world.desk, ticket.ref, 3)
    for seconds in (11, 300):
        world.clock.advance(seconds)
        await world.sync()
    assert kept(world, ticket.key)["promise"].state is ClockState.BROKEN


async def test_one_undo_takes_it_back_before_it_leaves(world: World) -> None:
    ticket = await arrived(world)
    later.later(world.desk, ticket.ref)
    verbs.undo(world.desk)
    world.clock.advance(60)
    await world.sync()
    assert world.server.accepted == []
    assert kept(world, ticket.key)["promise"].state is ClockState.ENDED
    assert only(world).due_kind == "first reply"


async def test_whoever_was_told_gets_no_mail(world: World) -> None:
    ticket = await arrived(world)
    later.later(world.desk, ticket.ref, 10, told=True)
    world.clock.advance(60)
    await world.sync()
    assert world.server.accepted == []
    with world.desk.database.write() as session:
        found = {c.kind: c.state for c in clocks.load(session, [ticket.key])[ticket.key]}
    assert found["promise"] is ClockState.RUNNING


@pytest.mark.parametrize("minutes", [0, -5, 241])
async def test_minutes_that_make_no_sense_are_refused(world: World, minutes: int) -> None:
    ticket = await arrived(world)
    with pytest.raises(RefusedError, match="from 1 to 240"):
        later.later(world.desk, ticket.ref, minutes)


async def test_a_ticket_that_is_over_is_refused(world: World) -> None:
    ticket = await arrived(world)
    verbs.change(world.desk, ticket.ref, verbs.Change(status=Status.SOLVED))
    with pytest.raises(RefusedError, match="nobody waits"):
        later.later(world.desk, ticket.ref)
