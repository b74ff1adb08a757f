"""Hostile bytes are read in a child process with limits of time and memory, so that no mail hurts the worker."""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from collections.abc import Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from pebble import ProcessPool

from supportterm.domain.mail import ParsedMail
from supportterm.mail.parse import fallback, parse

MEMORY_LIMIT = 256 * 1024 * 1024
"""Bytes of address space the child may take beyond what it starts with."""
SECONDS_PER_MAIL = 2.0
START_SECONDS = 10.0
"""What the child's own start may take on top of a batch's time."""
BATCH_SECONDS = 20.0
NICENESS = 5
_WARM_UP = b"From: a@b.example\nContent-Type: text/html\n\n<p>Hello</p>"
"""Read before the limits are set, so that what reading imports is not counted."""


class Reader:
    """Reads mails in one child process; a mail that twice overruns or kills it comes back as a fallback."""

    def __init__(self, own: frozenset[str] = frozenset(), *, seconds: float = SECONDS_PER_MAIL) -> None:
        self._own = own
        self._seconds = seconds
        self._pool: Any = None  # pebble is typed only in part

    async def read(self, raws: Sequence[bytes]) -> list[ParsedMail]:
        """Read mails in order; always as many results as mails, and nothing is raised for what they hold."""
        if not raws:
            return []
        limit = min(BATCH_SECONDS, self._seconds * len(raws)) + START_SECONDS
        whole = await self._call(list(raws), limit)
        if isinstance(whole, list):
            return whole
        results: list[ParsedMail] = []
        for raw in raws:
            results.append(await self._alone(raw, whole if len(raws) == 1 else None))
        return results

    async def _alone(self, raw: bytes, first: str | None) -> ParsedMail:
        """Read one mail that stood in a failed batch: once more, twice where nothing is held against it yet."""
        why = first or ""
        for _ in range(1 if first else 2):
            read = await self._call([raw], self._seconds + (START_SECONDS if self._pool is None else 0.0))
            if isinstance(read, list):
                return read[0]
            why = read
        return fallback(raw, why)

    async def _call(self, raws: list[bytes], limit: float) -> list[ParsedMail] | str:
        """Run one batch in the child; in words what happened to the child where it did not come back."""
        try:
            future = self._running().schedule(_read, args=[raws, self._own], timeout=limit)
            mails: list[ParsedMail] = await asyncio.wrap_future(future)
        except (TimeoutError, FutureTimeoutError):
            return f"reading took longer than {self._seconds:g} seconds"
        except MemoryError:
            return "reading took too much memory"
        except asyncio.CancelledError:
            raise
        except Exception as error:  # however the child ended, the mail is kept and the next one is read
            self._drop()
            return f"the reading process ended ({type(error).__name__})"
        return mails

    def _running(self) -> Any:
        if self._pool is None or not self._pool.active:
            self._drop()
            self._pool = ProcessPool(
                max_workers=1, initializer=_limit, initargs=[MEMORY_LIMIT], context=get_context("spawn")
            )
        return self._pool

    def _drop(self) -> None:
        if self._pool is not None:
            self._pool.stop()
            self._pool.join(2)
            self._pool = None

    def close(self) -> None:
        """End the child."""
        self._drop()

    async def __aenter__(self) -> Reader:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.close)


def _read(raws: list[bytes], own: frozenset[str]) -> list[ParsedMail]:
    return [parse(raw, own=own) for raw in raws]


def _limit(memory: int) -> None:
    """Set the child's limits; what the system does not offer is left out."""
    parse(_WARM_UP)
    os.nice(NICENESS)
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
