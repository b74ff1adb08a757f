"""What time told of a clock: that so many percent of it are used up, or that it broke. Each is told once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from supportterm.domain.ledger import OWN, ClockState, TicketClock

BREACH = 100
"""The percent that stands for the breach."""
HELD = "held reply"
"""The kind of a word about a reply that was held and did not leave: the customer wrote first."""
SET = OWN | {"promise", "callback"}
"""The kinds that agents set and that warn; a hold has bells of its own."""
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning: `percent` of a clock were used up at `came_at`, `BREACH` where it broke; `agent` is whose it is."""

    clock: str
    percent: int
    ticket_key: str
    kind: str
    agent: str | None
    came_at: datetime
    due_at: datetime | None
    words: str = ""

    @property
    def is_breach(self) -> bool:
        """True where the time is over."""
        return self.percent >= BREACH

    @property
    def in_words(self) -> str:
        """What came, for a timeline: `first reply past its time`, `promise at 90 %`."""
        if self.kind == HELD:
            return self.words
        return f"{self.kind} past its time" if self.is_breach else f"{self.kind} at {self.percent} %"


def percents(warn_at: Sequence[int]) -> list[int]:
    """Return the percents a clock warns at before its end, in order; `TicketClock.warns` has an instant for each."""
    return sorted(percent for percent in warn_at if percent < BREACH)


def told(clock: TicketClock, warn_at: Sequence[int], now: datetime) -> TicketClock:
    """Return a clock that an agent set, with the instants of its warnings and the percent that has come.

    What an agent set for themselves rings when it ends; until it did, it is not at its breach.
    """
    if clock.state is not ClockState.RUNNING or clock.due_at is None or clock.kind not in SET:
        return clock
    length = max(clock.due_at - clock.started_at, timedelta(0))
    steps = percents(warn_at)
    warns = tuple(clock.started_at + length * percent / 100 // _MILLISECOND * _MILLISECOND for percent in steps)
    come = max((percent for percent, at in zip(steps, warns, strict=True) if at <= now), default=0)
    if clock.due_at <= now and (clock.kind not in OWN or clock.warned >= BREACH):
        come = BREACH
    return dataclasses.replace(clock, warns=warns, warned=come)


def risen(before: TicketClock | None, after: TicketClock, warn_at: Sequence[int]) -> Iterator[Warned]:
    """Yield what came between two states of a clock, while it runs: its warnings, then its breach."""
    if after.state is not ClockState.RUNNING or after.due_at is None:
        return
    had = before.warned if before is not None else 0
    for percent, at in zip(percents(warn_at), after.warns, strict=False):
        if had < percent <= after.warned:
            yield _of(after, percent, at)
    if had < BREACH <= after.warned:
        yield _of(after, BREACH, after.due_at)


def ended(clock: TicketClock, now: datetime) -> bool:
    """Tell whether what an agent set for themselves has come to its end; it is told by its ringing alone."""
    return clock.kind in OWN and clock.state is ClockState.RUNNING and clock.due_at is not None and clock.due_at <= now


def broken(clock: TicketClock) -> Warned:
    """Return the breach of a clock."""
    return _of(clock, BREACH, clock.due_at or clock.started_at)


def _of(clock: TicketClock, percent: int, at: datetime) -> Warned:
    return Warned(clock.id, percent, clock.ticket_key, clock.kind, clock.agent, at, clock.due_at, clock.words)
