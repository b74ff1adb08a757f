"""A worker's shift: it works until told to stop, gives signs of life, and goes home when nobody needs it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from supportterm.desk import errorlog, presence
from supportterm.desk.synclock import SyncLock
from supportterm.domain.errors import StoreError
from supportterm.store.place import Place

if TYPE_CHECKING:
    from supportterm.desk.worker import Worker

_BEAT_SECONDS = 1.0
_GRACE_SECONDS = 8.0
"""How long work under way may go on after a signal; what is cut off then is taken up by the next worker."""


async def work(
    build: Callable[[], Awaitable[Worker]], store: Path, lock: SyncLock, *, while_wanted: bool = False
) -> None:
    """Keep a store in step until a signal comes; with `while_wanted` also until nobody needs it any more.

    Raises:
        ConfigError: no password is to be had.
        StoreError: the store cannot be used, or another file lies in its place.
    """
    stop, alarm = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def end() -> None:
        stop.set()
        alarm.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, end)
    begun: list[Worker] = []

    async def working() -> None:
        begun.append(await build())
        try:
            await begun[0].watch(stop)
        finally:
            await begun[0].close()

    job = asyncio.create_task(working())
    alive = asyncio.create_task(_stay_alive(store, lock, stop, begun if while_wanted else None))
    call = asyncio.create_task(_called_off(alarm))
    try:
        await asyncio.wait((job, alive, call), return_when=asyncio.FIRST_COMPLETED)
        for task in (job, alive):
            if task.done():
                task.result()
    finally:
        for task in (job, alive, call):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task


async def _called_off(alarm: asyncio.Event) -> None:
    await alarm.wait()
    await asyncio.sleep(_GRACE_SECONDS)


async def _stay_alive(store: Path, lock: SyncLock, stop: asyncio.Event, wanted: list[Worker] | None) -> None:
    """Give signs of life; `wanted` holds the worker, once there is one, that ends when nobody wants it."""
    place = Place(store)
    while True:
        lock.beat()
        if place.is_taken_by_another():
            place.set_aside()
            raise StoreError(f"Another file lies at {store} now; the next start of sync takes it up.")
        if wanted is not None:
            errorlog.curb(2)
            if not presence.anybody(store) and not (wanted and _has_work(wanted[0])):
                stop.set()
        await asyncio.sleep(_BEAT_SECONDS)


def _has_work(worker: Worker) -> bool:
    try:
        return worker.has_work()
    except sqlite3.Error:
        return True
