"""Opening hours as people write them: `"09:00-12:30"`, `"22:00-06:00"`, `"mon-fri"`, `"2026-12-24"`, `"12-24"`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

DAY = 24 * 60
"""Minutes of a day on the wall clock."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_INTERVAL = re.compile(r"(\d{1,2}):(\d\d)\s*[-–]\s*(\d{1,2}):(\d\d)")
_DATE = re.compile(r"(?:(\d{4})-)?(\d\d)-(\d\d)(?:\s+(\S.*))?")
_LEAP_YEAR = 2000


class OpeningError(ValueError):
    """Opening hours that cannot be read; the text is a sentence that says what to write instead.

    `day` is the weekday as written, where one of a whole week is to blame.
    """

    def __init__(self, problem: str, day: str = "") -> None:
        super().__init__(problem)
        self.day = day


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """One interval of a day, in minutes of the wall clock since its midnight.

    `closes` lies after `opens`; beyond 1440 it is a time of the next day.
    """

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{clock(self.opens)}-{clock(self.closes if self.closes <= DAY else self.closes - DAY)}"


Week = tuple[tuple[Hours, ...], ...]
"""The hours that begin on each day, Monday first."""

ALWAYS = (Hours(0, DAY),)
ROUND_THE_CLOCK: Week = (ALWAYS,) * 7


def clock(minute: int) -> str:
    """Return minutes since midnight as `09:05`; the day's end is `24:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def interval(text: str) -> Hours:
    """Read `09:00-12:30`; where the end is not after the beginning, it is the next day's.

    Raises:
        OpeningError: it is no interval.
    """
    match = _INTERVAL.fullmatch(text.strip())
    if match is None:
        raise OpeningError(f'{text!r} is no interval. Write it like "09:00-17:30".')
    opens, closes = (_minute(match[i], match[i + 1], text) for i in (1, 3))
    if opens == closes:
        raise OpeningError(f'{text!r} is empty. For the whole day write "00:00-24:00".')
    if opens == DAY:
        raise OpeningError(f'{text!r} begins when the day is over. Write it from "00:00" under the next day.')
    return Hours(opens, closes if closes > opens else closes + DAY)


def intervals(texts: Iterable[str]) -> tuple[Hours, ...]:
    """Read the intervals of one day, in any order.

    Raises:
        OpeningError: one is no interval, or two overlap.
    """
    found = sorted(interval(text) for text in texts)
    for before, after in pairwise(found):
        if after.opens < before.closes:
            raise OpeningError(f"{before} and {after} overlap. Write them as one, or let one end before the other.")
    return tuple(found)


def weekdays(text: str) -> tuple[int, ...]:
    """Read `monday`, `mon` or `mon-fri`; Monday is 0. A range may run over Sunday.

    Raises:
        OpeningError: no day is called so; the nearest name is given.
    """
    ends = [_weekday(part.strip(), text) for part in text.lower().split("-", 1)]
    return tuple((ends[0] + step) % 7 for step in range((ends[-1] - ends[0]) % 7 + 1))


def week(written: Mapping[str, Sequence[str]]) -> Week:
    """Read the hours of a week, by weekday; a day that is not named is closed.

    Raises:
        OpeningError: a mistake, or two intervals that overlap, also over midnight.
    """
    days: dict[int, tuple[Hours, ...]] = {}
    names: dict[int, str] = {}
    for name, texts in written.items():
        hours = intervals(texts)
        for day in weekdays(name):
            if day in days:
                raise OpeningError(f"{WEEKDAYS[day]} is named twice. Write it once, or take it out of the range.", name)
            days[day], names[day] = hours, name
    for day, hours in days.items():
        following = (day + 1) % 7
        if hours and days.get(following) and hours[-1].closes - DAY > days[following][0].opens:
            raise OpeningError(
                f"{hours[-1]} of {WEEKDAYS[day]} and {days[following][0]} of {WEEKDAYS[following]} overlap."
                " Let one end before the other.",
                names[following],
            )
    return tuple(days.get(day, ()) for day in range(7))


@dataclass(frozen=True, slots=True)
class Day:
    """A date, of one year or of every year, and what it is called; empty where it was not said."""

    year: int | None
    month: int
    day: int
    name: str = ""

    def within(self, year: int) -> date | None:
        """Return the date in a year; None where that year has none."""
        try:
            return date(year, self.month, self.day) if self.year in (None, year) else None
        except ValueError:
            return None


def day_of(text: str) -> Day:
    """Read `2026-12-24`, or `12-24` for every year; a name may follow: `12-24 Christmas Eve`.

    Raises:
        OpeningError: there is no such day.
    """
    match = _DATE.fullmatch(text.strip())
    try:
        if match is not None:
            found = date(int(match[1] or _LEAP_YEAR), int(match[2]), int(match[3]))
            return Day(found.year if match[1] else None, found.month, found.day, match[4] or "")
    except ValueError:
        pass
    raise OpeningError(f'{text!r} is no date. Write it like "2026-12-25", or "12-25" for every year.')


def _minute(hour: str, minute: str, text: str) -> int:
    total = int(hour) * 60 + int(minute)
    if int(minute) > 59 or total > DAY:
        raise OpeningError(f'{text!r} names a time that no clock shows. Hours go from "00:00" to "24:00".')
    return total


def _weekday(name: str, text: str) -> int:
    for number, day in enumerate(WEEKDAYS):
        if name in (day.lower(), day[:3].lower()):
            return number
    import difflib

    short = [day[:3].lower() for day in WEEKDAYS]
    known = short if "-" in text else [*(day.lower() for day in WEEKDAYS), *short]
    near = difflib.get_close_matches(name, known, 1, 0.5)
    meant = f"Did you mean `{text.lower().replace(name, near[0])}`?" if near else 'Write "monday", "mon" or "mon-fri".'
    raise OpeningError(f"{text!r} is no day of the week. {meant}")
