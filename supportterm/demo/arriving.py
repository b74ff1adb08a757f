"""New mail for somebody who works in the demo: one every minute or two, once in a while several at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from supportterm.demo.host import Host
from supportterm.demo.samples import arriving
from supportterm.demo.server import DemoError

PAUSES: Sequence[tuple[float, int]] = ((40, 1), (70, 2), (90, 1), (60, 3), (100, 1), (80, 2))
"""Seconds to wait, then how many mails come together."""


class Arrivals:
    """Delivers the mails that begin while somebody works, until there are none left."""

    def __init__(
        self,
        host: Host,
        pauses: Sequence[tuple[float, int]] = PAUSES,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._host = host
        self._pauses = pauses
        self._now = now

    async def run(self) -> None:
        """Deliver until there is no more, or the server has ended."""
        number = 0
        with suppress(DemoError):
            for pause, together in self._pauses:
                await asyncio.sleep(pause)
                for _ in range(together):
                    now = self._now()
                    if sample := arriving(number, now, self._host.user):
                        await self._host.deliver(sample.raw, sample.folder, now)
                    number += 1
