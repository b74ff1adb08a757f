"""What does not count, and why: nights, breaks, weekdays without hours, holidays, days of their own hours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from supportterm.domain.opening import WEEKDAYS, Hours

Stretch = tuple[int, int]
"""From one instant to another, in microseconds."""


@dataclass(frozen=True, slots=True)
class Special:
    """A date unlike others of its weekday: the hours that begin on it, none on a holiday, and what it is called."""

    name: str
    hours: tuple[Hours, ...] = ()


@dataclass(frozen=True, slots=True)
class Skip:
    """A stretch that does not count, and why: `night`, `break`, `Saturday`, `New Year's Day`."""

    start: datetime
    end: datetime
    why: str

    def words(self, zone: tzinfo) -> str:
        """Return it as `Saturday`, where it is the whole day in that zone, else as `night 18:00 to 09:00`."""
        starts, ends = self.start.astimezone(zone), self.end.astimezone(zone)
        if starts.time() == ends.time() == time.min:
            return self.why
        until = "24:00" if ends.time() == time.min else f"{ends:%H:%M}"
        return f"{self.why} {starts:%H:%M} to {until}"


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """What is closed of one date, between its two midnights."""

    day: date
    begins: int
    ends: int
    closed: tuple[Stretch, ...]
    special: Special | None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is open."""
        return self.closed == ((self.begins, self.ends),)

    @property
    def opens_late(self) -> bool:
        """Whether it is open, but not from midnight on."""
        return bool(self.closed) and not self.is_whole and self.closed[0][0] == self.begins

    @property
    def closes_early(self) -> bool:
        """Whether it is open, but not until midnight."""
        return bool(self.closed) and not self.is_whole and self.closed[-1][1] == self.ends


def reasons(days: Sequence[ClosedDay]) -> Iterator[tuple[int, int, str]]:
    """Yield every closed stretch with its reason, the first and the last date only lending theirs to the others.

    A night between two days that are open is one stretch.
    """
    night: Stretch | None = None
    for before, day, after in zip(days, days[1:], days[2:], strict=False):
        for begins, ends in day.closed:
            why = _reason(before, day, after, begins, ends)
            if why == "night" and ends == day.ends and after is not days[-1]:
                night = (begins, ends)
            elif night is not None and begins == night[1]:
                yield night[0], ends, why
                night = None
            else:
                yield begins, ends, why


def _reason(before: ClosedDay, day: ClosedDay, after: ClosedDay, begins: int, ends: int) -> str:
    if day.special is not None and (ends == day.ends or not day.special.hours):
        return day.special.name
    if day.is_whole:
        return WEEKDAYS[day.day.weekday()]
    if begins > day.begins and ends < day.ends:
        return "break"
    joined = after.opens_late if ends == day.ends else before.closes_early and before.special is None
    return "night" if joined else WEEKDAYS[day.day.weekday()]
