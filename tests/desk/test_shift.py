"""The beginning and the end of a shift: what is told, what is left behind, who keeps it."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from supportterm.config import Agent
from supportterm.desk import attending, drafts, handing, promising, reminding, replying, verbs
from supportterm.desk.context import Desk
from supportterm.domain.drafts import Draft, Mode
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.handover import Left
from supportterm.domain.promises import Promise
from supportterm.domain.since import News
from supportterm.domain.ticket import Ticket
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import World, letter

HOUR = timedelta(hours=1)


def colleague(desk: Desk, name: str = "bob") -> Desk:
    """Return the same store as another agent works at it."""
    return dataclasses.replace(desk, config=dataclasses.replace(desk.config, agent=Agent(name, name.title())))


async def write_in(world: World, number: int, text: str = "Where is my part?") -> None:
    sender = f"Customer {number} <c{number}@lind.example>"
    mail = letter(text, sender=sender, subject=f"Matter {number}", message_id=f"m{number}@x", at=world.clock.now())
    world.server.put(mail, at=world.clock.now())
    await world.sync()


def ticket(world: World, number: int) -> Ticket:
    with reading(world.desk.database.path) as views:
        found = views.queue(Where("1"), 100)
    return next(one for one in found if one.subject == f"Matter {number}")


def news(world: World) -> dict[News, list[str]]:
    """Return what is told now, by kind: the subjects."""
    with reading(world.desk.database.path) as views:
        now = world.clock.now()
        since = views.attendance("ada").since(now, attending.pause(world.desk.config))
        assert since is not None
        lines = attending.news(views, world.desk.config, since, now)
    return {line.news: [one.subject for one in line.tickets] for line in lines}


def left(world: World, agent: str = "ada") -> list[tuple[Left, str]]:
    with reading(world.desk.database.path) as views:
        return [(item.kind, item.ref) for item in handing.items(views, agent, world.clock.now())]


async def test_a_pause_begins_where_the_agent_was_last_seen_and_a_short_one_is_none(world: World) -> None:
    assert attending.arrive(world.desk) is None
    seen = world.clock.now()
    world.clock.advance(3600)
    assert attending.arrive(world.desk) is None
    world.clock.advance(600)
    attending.stay(world.desk)
    seen = world.clock.now()
    world.clock.advance(2.5 * 3600)
    assert attending.arrive(world.desk) == seen
    with reading(world.desk.database.path) as views:
        assert views.attendance("ada").left == seen


async def test_it_tells_of_each_kind_what_happened_meanwhile_and_of_nothing_before(world: World) -> None:
    for number in (1, 2, 3):
        await write_in(world, number)
    promising.promise(world.desk, ticket(world, 2).key, Promise("I call", world.clock.now() + 2 * HOUR))
    attending.arrive(world.desk)
    world.clock.advance(60)
    attending.stay(world.desk)
    world.clock.advance(3 * 3600)
    await write_in(world, 4)
    again = letter(
        "And now?", sender="Customer 1 <c1@lind.example>", subject="Re: Matter 1", message_id="m1b@x", refs=("m1@x",),
        at=world.clock.now(),
    )  # fmt: skip
    world.server.put(again, at=world.clock.now())
    await world.sync()
    replying.reply(colleague(world.desk), ticket(world, 3).key, "Here it is.")
    world.clock.advance(60)
    await world.sync()
    told = news(world)
    assert told[News.NEW] == ["Matter 4"]
    assert told[News.WROTE] == ["Matter 1"]
    assert told[News.ANSWERED] == ["Matter 3"]
    assert told[News.BREACHED] == ["Matter 2"]
    assert News.STOPPED not in told


async def test_what_is_owed_today_is_told_until_it_is_kept(world: World) -> None:
    await write_in(world, 1)
    promising.promise(world.desk, ticket(world, 1).key, Promise("I call", world.clock.now() + 4 * HOUR))
    attending.arrive(world.desk)
    world.clock.advance(3 * 3600)
    assert news(world)[News.PROMISED] == ["Matter 1"]
    replying.reply(world.desk, ticket(world, 1).key, "Here it is.")
    world.clock.advance(60)
    await world.sync()
    assert News.PROMISED not in news(world)


async def test_each_thing_left_behind_is_given_in_one_step_and_taken_back_in_one(world: World) -> None:
    for number in (1, 2, 3, 4):
        await write_in(world, number)
    desk = world.desk
    promising.promise(desk, ticket(world, 1).key, Promise("I call", world.clock.now() + HOUR))
    drafts.save(desk, Draft(ticket(world, 2).key, "ada", Mode.REPLY, "Half a sentence"))
    reminding.remind(desk, ticket(world, 3).key, world.clock.now() + HOUR, "ask the press")
    replying.reply(desk, ticket(world, 4).key, "It comes.")
    mine = left(world)
    kinds = [Left.PROMISE, Left.REMINDER, Left.DRAFT, Left.MAIL]
    assert [kind for kind, _ in mine] == kinds
    with reading(desk.database.path) as views:
        items = handing.items(views, "ada", world.clock.now())
    for item in items:
        handing.give(desk, item, "bob")
        world.clock.advance(1)
    assert left(world) == []
    assert sorted(left(world, "bob")) == sorted(mine)
    for _ in items:
        verbs.undo(desk)
        world.clock.advance(1)
    assert left(world) == mine
    assert left(world, "bob") == []


async def test_a_draft_is_not_given_to_somebody_who_is_writing_there(world: World) -> None:
    await write_in(world, 1)
    key = ticket(world, 1).key
    drafts.save(world.desk, Draft(key, "ada", Mode.REPLY, "Mine"))
    drafts.save(world.desk, Draft(key, "bob", Mode.REPLY, "Theirs"))
    with reading(world.desk.database.path) as views:
        (item,) = handing.items(views, "ada", world.clock.now())
    with pytest.raises(RefusedError, match="bob is writing"):
        handing.give(world.desk, item, "bob")
    with pytest.raises(NotFoundError, match="with numbers"):
        handing.named([item], "7")
    assert handing.named([item], "1") == item


async def test_a_keeper_sees_the_promises_of_who_is_away_until_they_come_back(world: World) -> None:
    await write_in(world, 1)
    promising.promise(world.desk, ticket(world, 1).key, Promise("I call", world.clock.now() + HOUR))

    def seen(agent: str) -> list[str]:
        with reading(world.desk.database.path) as views:
            found = views.next_clocks(agent, int(world.clock.now().timestamp() * 1000), 10)
        return [clock.words for clock, _ in found if clock.kind == "promise"]

    assert (seen("ada"), seen("bob")) == (["I call"], [])
    attending.leave(world.desk, world.clock.now() + 8 * HOUR, "bob")
    assert seen("bob") == ["I call"]
    verbs.undo(world.desk)
    assert seen("bob") == []
    attending.leave(world.desk, world.clock.now() + 8 * HOUR, "bob")
    attending.arrive(world.desk)
    assert seen("bob") == []
    attending.leave(world.desk, world.clock.now() + timedelta(minutes=10), "bob")
    world.clock.advance(11 * 60)
    assert seen("bob") == []
    with pytest.raises(RefusedError, match="colleague"):
        attending.leave(world.desk, world.clock.now() + HOUR, "ada")


async def test_what_is_kept_for_somebody_away_is_left_behind_too_and_given_like_ones_own(world: World) -> None:
    await write_in(world, 1)
    bob, now = colleague(world.desk), world.clock.now()
    promising.promise(bob, ticket(world, 1).key, Promise("I call", now + 2 * HOUR))
    reminding.remind(bob, ticket(world, 1).key, now + HOUR, "the log")
    assert left(world) == []
    attending.leave(bob, now + 24 * HOUR, "ada")
    with reading(world.desk.database.path) as views:
        (item,) = handing.items(views, "ada", now)
    assert (item.kind, item.owner, item.words) == (Left.PROMISE, "bob", "kept for bob: I call")
    with pytest.raises(RefusedError, match="bob's already"):
        handing.give(world.desk, item, "bob")
    handing.give(world.desk, item, "cyd")
    assert left(world) == []
    assert left(world, "cyd") == [(Left.PROMISE, ticket(world, 1).ref)]
    verbs.undo(world.desk)
    assert left(world) == [(Left.PROMISE, ticket(world, 1).ref)]
    attending.come_back(bob)
    assert left(world) == []
