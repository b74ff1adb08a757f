"""A console that is open while the configuration is edited: its verbs go by the policies of now."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

from supportterm.config import load
from supportterm.desk import verbs
from supportterm.desk.clockwork import Clockwork
from supportterm.desk.context import Desk
from supportterm.desk.policies import Policies
from supportterm.desk.ranking import Ranking
from supportterm.desk.rerank import follow
from supportterm.desk.rulepacks import TriagePacks
from supportterm.domain.ticket import Ticket
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import World, letter
from tests.desk.test_config_watch import save
from tests.screens.office import office, until


def only(world: World) -> Ticket:
    with reading(world.desk.database.path) as views:
        (ticket,) = views.queue(Where("1"), 2)
    return ticket


async def opened(world: World, path: Path) -> timedelta:
    """Let a customer write under a file's policies, and return how long the first reply may take."""
    save(path, "first_reply_hours = 24\n")
    config = dataclasses.replace(world.desk.config, path=path, policy=load(path).policy)
    world.desk = dataclasses.replace(world.desk, config=config)
    await world.sync()
    world.clock.advance(60)
    world.server.put(letter("Where is my parcel?"), at=world.clock.now())
    await world.sync()
    return left(world)


def left(world: World) -> timedelta:
    ticket = only(world)
    assert ticket.due_at is not None
    return ticket.due_at - ticket.created_at


def begun(world: World) -> Desk:
    """Return the desk of a process that has just begun, with the configuration it read."""
    config = world.desk.config
    ranking = Ranking(TriagePacks(), config.policy, Clockwork(Policies(config)))
    return dataclasses.replace(world.desk, ranking=ranking)


def worker(world: World, path: Path) -> None:
    """Follow the file as a worker does, in its own process."""
    follow(begun(world), load(path), reads_anew=False)


async def test_the_first_verb_does_not_bring_back_what_the_file_said_before(world: World, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    assert await opened(world, path) == timedelta(hours=24)
    world.desk = begun(world)
    async with office(world) as (app, pilot):
        save(path, 'first_reply_hours = 4\ntime_zone = "Asia/Tokyo"\n')
        worker(world, path)
        assert left(world) == timedelta(hours=4)
        await until(pilot, lambda: app.support.config.policy.time_zone == "Asia/Tokyo")
        await app.support.do(lambda desk: verbs.change(desk, only(world).key, verbs.Change(add_tags=frozenset({"x"}))))
        assert left(world) == timedelta(hours=4)


async def test_a_file_that_broke_meanwhile_leaves_the_last_good_policies(world: World, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    await opened(world, path)
    save(path, "first_reply_hours = 4\n")
    worker(world, path)
    save(path, "first_reply_hours = 0\n")
    world.desk = begun(world)
    async with office(world) as (app, _):
        await app.support.do(lambda desk: verbs.change(desk, only(world).key, verbs.Change(add_tags=frozenset({"x"}))))
        assert left(world) == timedelta(hours=4)
