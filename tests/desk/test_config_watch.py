"""The configuration's file is followed while the worker runs; a mistake in it changes nothing and is told."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

from supportterm.config import load
from supportterm.desk.config_watch import ConfigWatch
from supportterm.desk.worker import Worker
from supportterm.domain.query import parse
from supportterm.store import meta
from supportterm.store.filters import compile_query
from supportterm.store.views import reading
from tests.config.servers import SERVERS
from tests.desk.fakes import NOW, World, letter

HEAD = f"{SERVERS}[policy]\n"


def save(path: Path, text: str) -> Path:
    """Write the file as editors do: another one in its place."""
    beside = path.with_suffix(".new")
    beside.write_text(HEAD + text, encoding="utf-8")
    return beside.replace(path)


def test_only_what_can_be_used_comes_into_force(tmp_path: Path) -> None:
    path = save(tmp_path / "config.toml", "first_reply_hours = 24\n")
    watch = ConfigWatch(load(path))
    assert not watch.look()
    save(path, "first_reply_hours = 4\n")
    assert watch.look()
    assert (watch.config.policy.first_reply_hours, watch.problem) == (4, "")
    for mistake in ("first_reply_hours = 0\n", 'country = "XX"\n', "first_reply_hours = \n"):
        save(path, mistake)
        assert not watch.look()
        assert watch.config.policy.first_reply_hours == 4
        assert "line 10" in watch.problem
    path.unlink()
    assert not watch.look()
    assert "No configuration" in watch.problem
    save(path, 'first_reply_hours = 4\ntime_zone = "UTC"\n')
    assert not watch.look()
    assert watch.problem == ""


@asynccontextmanager
async def at_work(world: World, path: Path) -> AsyncIterator[Callable[[Callable[[], Any]], Any]]:
    """Run a worker on a configuration file, and hand out a way to wait until something holds."""
    world.desk = dataclasses.replace(world.desk, config=dataclasses.replace(world.desk.config, path=path))
    worker: Worker = world.worker()
    stop = asyncio.Event()
    task = asyncio.create_task(worker.watch(stop))

    async def until(holds: Callable[[], Any]) -> None:
        async with asyncio.timeout(30):
            while True:
                if holds():
                    return
                await asyncio.sleep(0.02)

    try:
        yield until
    finally:
        stop.set()
        await task


def told(world: World) -> dict[str, Any]:
    with world.desk.database.write() as session:
        found: dict[str, Any] = json.loads(meta.get(session, "sync") or "{}")
    return found


def due(world: World) -> Any:
    with reading(world.desk.database.path) as views:
        (row,) = views.queue(compile_query(parse("is:open"), me="ada", now_ms=0, zone=UTC))
    return row.due_at


async def test_new_policies_count_at_once_and_a_mistake_only_speaks(world: World, tmp_path: Path) -> None:
    path = save(tmp_path / "config.toml", "")
    world.server.put(letter("Where is my parcel?"))
    async with at_work(world, path) as until:
        await until(lambda: told(world).get("state") == "online")
        before = due(world)
        save(path, "first_reply_hours = 4\n")
        await until(lambda: due(world) == before - timedelta(hours=20))
        save(path, "first_reply_hours = 0\n")
        await until(lambda: "line 10" in told(world)["config"])
        assert (told(world)["state"], told(world)["error"]) == ("online", "")
        assert due(world) == before - timedelta(hours=20)
        save(path, "first_reply_hours = 24\n")
        await until(lambda: due(world) == before)
        assert told(world)["config"] == ""
    assert before >= NOW


def test_a_file_is_looked_at_only_once_it_was_written_to(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    save(path, "first_reply_hours = 24\n")
    watch = ConfigWatch(load(path))
    assert not watch.is_written()
    save(path, "first_reply_hours = 4\n")
    assert watch.is_written()
    assert watch.look()
    assert not watch.is_written()
