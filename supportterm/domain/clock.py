"""Time comes in through the door: whoever needs it is handed a clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()


class FakeClock:
    """A clock that stands until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._elapsed = 0.0

    def now(self) -> datetime:
        """Return the instant the clock stands at."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds the clock was moved by."""
        return self._elapsed

    def advance(self, seconds: float) -> None:
        """Move the clock on by so many seconds."""
        self._now += timedelta(seconds=seconds)
        self._elapsed += seconds
