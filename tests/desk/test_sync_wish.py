"""Asking for mail at once: a running worker hears it, at rest too; long reading says how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from supportterm.desk import sync_wish
from supportterm.store.views import reading
from tests.desk.fakes import World, letter


def state(world: World) -> dict[str, Any]:
    with reading(world.desk.database.path) as views:
        return views.sync()


async def until(seen: Callable[[], object]) -> None:
    for _ in range(500):
        if seen():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to be")


def tickets(world: World) -> int:
    return int(world.desk.database.reader().execute("SELECT count(*) FROM ticket").fetchone()[0])


async def test_a_running_worker_looks_at_once_when_asked(world: World) -> None:
    stop = asyncio.Event()
    watching = asyncio.create_task(world.worker().watch(stop))
    await until(lambda: state(world).get("state") == "online")
    await asyncio.sleep(0.5)
    world.server.put(letter("Hello?", message_id="later@x"))
    await asyncio.sleep(0.5)
    assert tickets(world) == 0, "nothing told the worker yet"
    sync_wish.ask(world.desk)
    await until(lambda: tickets(world) == 1)
    stop.set()
    await watching


async def test_a_worker_that_rests_after_failures_tries_at_once_when_asked(world: World) -> None:
    world.server.up = False
    stop = asyncio.Event()
    worker = world.worker()
    watching = asyncio.create_task(worker.watch(stop))
    for _ in range(5):
        await until(lambda: worker._is_wanted() is False)
        sync_wish.ask(world.desk)
    await until(lambda: state(world).get("state") == "offline" and not worker._is_wanted())
    world.server.up = True
    sync_wish.ask(world.desk)
    await until(lambda: state(world).get("state") == "online")
    stop.set()
    await watching


async def test_a_long_reading_says_how_far_it_is_and_ends_online(world: World) -> None:
    seen: list[dict[str, Any]] = []
    for number in range(150):
        world.server.put(letter("Hello?", message_id=f"{number}@x"))
    worker = world.worker()
    told = worker._progress

    def watch(folder: str, done: int, total: int) -> None:
        told(folder, done, total)
        seen.append(state(world))

    worker._progress = watch
    await worker.once()
    reading_on = [sync for sync in seen if sync.get("state") == "syncing"]
    assert reading_on
    assert {sync["total"] for sync in reading_on} == {150}
    assert len({sync["done"] for sync in reading_on}) == 1, "the clock stands still: one note a second at most"
    assert state(world)["state"] == "online"
