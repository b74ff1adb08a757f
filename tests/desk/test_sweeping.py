"""What needs no answer is swept together; what was kept, taken or written to since stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from supportterm.desk import promising, sweeping, verbs
from supportterm.desk.verbs import Change
from supportterm.domain import quiet
from supportterm.domain.errors import RefusedError
from supportterm.domain.promises import Promise
from supportterm.domain.ticket import Status, Ticket
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import World, letter


async def mailbox(world: World) -> None:
    await world.sync()
    world.clock.advance(60)
    mails = [
        letter("Thanks a lot, it works now!", message_id="t@x", sender="t@x.example"),
        letter(
            "Shop news of the week.", message_id="n@x", sender="n@x.example", List_Unsubscribe="<mailto:u@x.example>"
        ),
        letter("Your build has ended.", message_id="a@x", sender="a@x.example", Auto_Submitted="auto-generated"),
        letter("Where is my parcel?", message_id="q@x", sender="q@x.example"),
    ]
    for mail in mails:
        world.server.put(mail, at=world.clock.now())
    await world.sync()


def found(world: World) -> dict[str, Ticket]:
    with reading(world.desk.database.path) as views:
        return {kind: ticket for ticket, kind in views.quiet(world.desk.me)}


def statuses(world: World) -> dict[str, Status]:
    with reading(world.desk.database.path) as views:
        return {ticket.requester_address[0]: ticket.status for ticket in views.queue(Where("1"))}


async def test_the_list_names_each_kind_and_counts_them(world: World) -> None:
    await mailbox(world)
    assert sorted(found(world)) == ["auto", "newsletter", "thanks"]
    with reading(world.desk.database.path) as views:
        counts = views.quiet_counts(world.desk.me)
    assert quiet.counted(counts) == "1 automatic, 1 newsletter, 1 thanks"


async def test_all_is_swept_in_one_step_and_undone_in_one(world: World) -> None:
    await mailbox(world)
    sweeping.sweep(world.desk, {t.key: t.last_message_at for t in found(world).values()})
    assert statuses(world) == {"t": Status.SOLVED, "n": Status.SOLVED, "a": Status.SOLVED, "q": Status.NEW}
    assert found(world) == {}
    verbs.undo(world.desk)
    assert set(statuses(world).values()) == {Status.NEW}


async def test_solving_keeps_no_promise_unseen(world: World) -> None:
    await mailbox(world)
    thanks = found(world)["thanks"]
    promising.promise(world.desk, thanks.ref, Promise("the new part", world.clock.now() + timedelta(hours=3)))
    assert sorted(found(world)) == ["auto", "newsletter"]
    verbs.undo(world.desk)
    assert sorted(found(world)) == ["auto", "newsletter", "thanks"]


async def test_what_is_kept_stays_out_of_this_sweep_and_the_next(world: World) -> None:
    await mailbox(world)
    kept = found(world)["thanks"]
    before = {t.key: t.last_message_at for t in found(world).values()}
    sweeping.keep(world.desk, kept.key)
    assert "thanks" not in found(world)
    sweeping.sweep(world.desk, before)
    assert statuses(world)["t"] is Status.NEW
    sweeping.keep(world.desk, kept.key)
    assert "thanks" in found(world)


async def test_what_a_colleague_took_and_what_changed_since_is_left_alone(world: World) -> None:
    await mailbox(world)
    before = {t.key: t.last_message_at for t in found(world).values()}
    verbs.change(world.desk, found(world)["auto"].ref, Change(assignee="grace"))
    assert "auto" not in found(world)
    world.clock.advance(60)
    again = letter("Wait, it is broken again. Can you help?", message_id="t2@x", sender="t@x.example", refs=["t@x"])
    world.server.put(again, at=world.clock.now())
    await world.sync()
    sweeping.sweep(world.desk, before)
    assert statuses(world)["t"].is_ours
    with pytest.raises(RefusedError, match="Nothing was swept"):
        sweeping.sweep(world.desk, before)
