"""One thread that does a connection's blocking work, in order."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")

_Errand = tuple[Callable[[], Any], asyncio.AbstractEventLoop, asyncio.Future[Any]]


class Lane:
    """A daemon thread that runs errands one after another: a hung name look-up never holds up leaving the program."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._errands: SimpleQueue[_Errand | None] | None = None

    async def run(self, errand: Callable[[], T]) -> T:
        """Do `errand` in the thread and return its result; an abandoned errand still runs to its end."""
        if self._errands is None:
            self._errands = SimpleQueue()
            threading.Thread(target=_work, args=(self._errands,), name=self._name, daemon=True).start()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._errands.put((errand, loop, future))
        return await future

    def close(self) -> None:
        """Let the thread end once it is done; the next errand starts a new one."""
        if self._errands is not None:
            self._errands.put(None)
            self._errands = None

    def __del__(self) -> None:
        self.close()


def _work(errands: SimpleQueue[_Errand | None]) -> None:
    while (waiting := errands.get()) is not None:
        errand, loop, future = waiting
        result, error = None, None
        try:
            result = errand()
        except BaseException as raised:  # whatever it is belongs to whoever awaits
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody awaits any more
            loop.call_soon_threadsafe(_settle, future, result, error)
        del waiting, errand, future, result, error


def _settle(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
