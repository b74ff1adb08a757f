"""Hostile bytes are read in a child process with limits of time and memory, so that no mail hurts the worker."""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from pebble import ProcessPool

from supportterm.domain.errors import SupporttermError
from supportterm.domain.mail import ParsedMail
from supportterm.mail.parse import fallback, parse

MEMORY_LIMIT = 256 * 1024 * 1024
"""Bytes of address space the child may take beyond what it starts with."""
SECONDS_PER_MAIL = 2.0
"""What one mail may take when it is read alone."""
BATCH_SHARE = 0.1
"""Seconds that each further mail adds to a batch's limit."""
START_SECONDS = 60.0
"""What a child may take to start, or to be started again after one was ended."""
NICENESS = 5
_WARM_UP = b"From: a@b.example\nContent-Type: text/html\n\n<p>Hello</p>"
"""Read before the limits are set, so that what reading imports is not counted."""

Work = Callable[[list[bytes], frozenset[str]], list[ParsedMail]]


def read_all(raws: list[bytes], own: frozenset[str]) -> list[ParsedMail]:
    """Read mails one after the other: what the child does."""
    return [parse(raw, own=own) for raw in raws]


class ReadingError(SupporttermError):
    """No child can be started to read mail."""


class Reader:
    """Reads mails in one child process, which starts with the first batch.

    A batch goes over as one call. Where it overruns its time or ends the
    child, each of its mails is read once more alone; one that fails again
    comes back as a fallback that says why.
    """

    def __init__(
        self,
        own: frozenset[str] = frozenset(),
        *,
        seconds: float = SECONDS_PER_MAIL,
        memory: int = MEMORY_LIMIT,
        work: Work = read_all,
    ) -> None:
        self._own = own
        self._seconds = seconds
        self._memory = memory
        self._work = work
        self._pool: Any = None  # pebble is typed only in part

    async def read(self, raws: Sequence[bytes]) -> list[ParsedMail]:
        """Read mails: as many results in the same order, and nothing is raised for what they hold.

        Raises:
            ReadingError: no child can be started.
        """
        if not raws:
            return []
        outcome = await self._call(list(raws), self._seconds + BATCH_SHARE * (len(raws) - 1))
        if isinstance(outcome, list):
            return outcome
        return [await self._alone(raw) for raw in raws]

    async def _alone(self, raw: bytes) -> ParsedMail:
        outcome = await self._call([raw], self._seconds)
        return outcome[0] if isinstance(outcome, list) else fallback(raw, outcome)

    async def _call(self, raws: list[bytes], limit: float) -> list[ParsedMail] | str:
        """Run one batch in the child; where it does not come back, say in words what happened."""
        pool = await self._started()
        try:
            future = pool.schedule(self._work, args=[raws, self._own], timeout=limit)
            async with asyncio.timeout(limit + START_SECONDS):
                mails: list[ParsedMail] = await asyncio.wrap_future(future)
        except TimeoutError:
            return f"reading took longer than {self._seconds:g} seconds"
        except MemoryError:
            return "reading took too much memory"
        except Exception as error:  # however the child ended: the mail is kept and the next one is read
            await asyncio.to_thread(self.close)
            return f"the reading process ended ({type(error).__name__})"
        return mails

    async def _started(self) -> Any:
        """Return the running pool, having seen a new one answer: a child that cannot start is no mail's fault."""
        if self._pool is not None and self._pool.active:
            return self._pool
        await asyncio.to_thread(self.close)
        self._pool = ProcessPool(1, initializer=_limit, initargs=[self._memory], context=get_context("spawn"))
        try:
            async with asyncio.timeout(START_SECONDS):
                await asyncio.wrap_future(self._pool.schedule(_is_ready))
        except Exception as error:
            await asyncio.to_thread(self.close)
            raise ReadingError(
                f"The process that reads mail cannot be started ({type(error).__name__}). The mail stays on the server:"
                " free some memory, or reinstall supportterm, and sync again."
            ) from None
        return self._pool

    def close(self) -> None:
        """End the child; the next batch would start another."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()
            pool.join(2)

    async def __aenter__(self) -> Reader:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.close)


def _is_ready() -> bool:
    """Answer: that is all."""
    return True


def _limit(memory: int) -> None:
    """Limit the child: RLIMIT_AS where the system counts it (Linux), no core files, a lower priority."""
    parse(_WARM_UP)
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
