"""How long the worker waits: for a sign, and ever longer after failures."""

from __future__ import annotations

import asyncio
import random

_LONGEST_PAUSE = 60.0


def after(failures: int) -> float:
    """Return the seconds to wait after so many failures in a row; spread, so that a team does not return at once."""
    return min(2.0**failures, _LONGEST_PAUSE) * random.uniform(0.5, 1.0)  # noqa: S311 spreads retries, keeps no secret


async def pause(stop: asyncio.Event, seconds: float, other: asyncio.Event | None = None) -> None:
    """Wait so many seconds, or until one of the events is set."""
    waits = [asyncio.create_task(event.wait()) for event in (stop, other) if event is not None]
    await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
