"""What an agent types for a time to come: a length, or a day and a time of day, in either order."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

MORNING, AFTERNOON, EVENING, NIGHT = time(9), time(15), time(18), time(20)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_UNITS = {
    60: ("m", "min", "mins", "minute", "minutes"),
    3600: ("h", "hr", "hrs", "hour", "hours"),
    86400: ("d", "day", "days"),
    604800: ("w", "week", "weeks"),
}
_SECONDS = {word: seconds for seconds, words in _UNITS.items() for word in words}
_UNIT = "|".join(sorted(_SECONDS, key=len, reverse=True))
_LENGTH = re.compile(rf"\s*(?:and\s+)?(\d{{1,5}})\s*({_UNIT})(?![a-z])")
_ONE = re.compile(r"(half\s+an?|an?)\s+(hour|day|week)")
_NAMED = {"noon": time(12), "morning": MORNING, "afternoon": AFTERNOON, "evening": EVENING}
_TIME = re.compile(r"(?:at\s+)?([01]?\d|2[0-3])[:.h]([0-5]\d)(?:\s*([ap])\.?m\.?)?")
_HOUR = re.compile(r"(?:at\s+)?(1[0-2]|0?[1-9])\s*([ap])\.?m\.?")
_AT_HOUR = re.compile(r"at\s+(0?[89]|1\d|2[0-3])")
_BARE_HOUR = re.compile(r"(at\s+)?([01]?\d|2[0-3])")
_WITH_H = re.compile(r"(?:at\s+)?([01]?\d|2[0-3])h")
_PART = re.compile(rf"(?:at\s+|in\s+the\s+)?({'|'.join(_NAMED)})")
_NAME = r"([a-z]{3,9})\.?"
_DAY_OF_MONTH = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?\.?(?:\s+of)?\s+{_NAME}(?:,?\s+(\d{{4}}))?")
_MONTH_FIRST = re.compile(rf"{_NAME}\s+(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(\d{{4}}))?")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}))?")
_WEEKDAY = re.compile(r"(?:next\s+|this\s+)?([a-z]{3,9})")


@dataclass(frozen=True, slots=True)
class Meant:
    """A day and a time of day on the agent's clock. `again` is the day it means where that has passed."""

    day: date
    clock: time
    again: date | None = None
    midnight: bool = False
    """The day's end, whatever its clock says."""


def length(text: str) -> timedelta | None:
    """Read `90 min`, `2 h 30 m`, `in 3 days`, `half an hour`; None where it is no length."""
    wanted = text.removeprefix("in ")
    if match := _ONE.fullmatch(wanted):
        whole = timedelta(seconds=_SECONDS[match[2]])
        return whole / 2 if match[1].startswith("half") else whole
    seconds, place, smallest = 0, 0, 0
    while match := _LENGTH.match(wanted, place):
        unit = _SECONDS[match[2]]
        if smallest and unit >= smallest:
            return None
        seconds, place, smallest = seconds + int(match[1]) * unit, match.end(), unit
    return timedelta(seconds=seconds) if place == len(wanted) and place else None


def meant(text: str, today: date, *, bare: bool = True) -> Meant | None:
    """Read a day, a time of day, or both; a bare day means its morning. None where it is neither.

    `bare` also takes a number behind a day, or any hour behind `at`, for a time of day.
    """
    wanted = text.removeprefix("on ")
    for day_text, clock_text in _halves(wanted) if wanted else ():
        if day_text in ("this", "today") and not clock_text:
            continue
        day = _day(day_text, today) if day_text else None
        if day_text and day is None:
            continue
        midnight = clock_text in ("midnight", "at midnight")
        clock = (
            time()
            if midnight
            else _clock(clock_text, bare=bare, is_behind=bool(day_text) and wanted.startswith(day_text))
            if clock_text
            else None
        )
        if clock_text and clock is None:
            continue
        if day is None:
            tomorrow = None if clock_text in _NAMED and clock_text != "noon" else today + timedelta(days=1)
            return Meant(today, clock or MORNING, None if midnight else tomorrow, midnight)
        first, again, usual = day
        return Meant(first, clock or usual, again, midnight)
    return None


def _halves(text: str) -> Iterator[tuple[str, str]]:
    """Yield every way to take a text for a day and a time of day; a day first, as most people write."""
    words = text.split()
    yield text, ""
    yield "", text
    for cut in range(1, len(words)):
        yield " ".join(words[:cut]), " ".join(words[cut:])
    for cut in range(1, len(words)):
        yield " ".join(words[cut:]).removeprefix("on "), " ".join(words[:cut])


def _clock(text: str, *, bare: bool, is_behind: bool) -> time | None:
    if match := _TIME.fullmatch(text):
        return _twelve(int(match[1]), int(match[2]), match[3])
    if match := _HOUR.fullmatch(text):
        return _twelve(int(match[1]), 0, match[2])
    if match := _WITH_H.fullmatch(text) or _AT_HOUR.fullmatch(text):
        return time(int(match[1]))
    if bare and (match := _BARE_HOUR.fullmatch(text)) and (match[1] or is_behind):
        return time(int(match[2]))
    match = _PART.fullmatch(text)
    return _NAMED[match[1]] if match else None


def _twelve(hour: int, minute: int, half: str | None) -> time | None:
    if half is None:
        return time(hour, minute)
    return time(hour % 12 + (12 if half == "p" else 0), minute) if 1 <= hour <= 12 else None


def _day(text: str, today: date) -> tuple[date, date | None, time] | None:
    """Return a day, the day it means where its time has passed, and its usual time."""
    a_day = timedelta(days=1)
    match text:
        case "today" | "this":
            return today, None, MORNING
        case "tonight":
            return today, None, NIGHT
        case "tomorrow":
            return today + a_day, None, MORNING
        case "day after tomorrow" | "the day after tomorrow":
            return today + 2 * a_day, None, MORNING
        case "next week":
            return today + (7 - today.weekday()) * a_day, None, MORNING
    if (match := _WEEKDAY.fullmatch(text)) and (weekday := _place(match[1], _DAYS)) is not None:
        day = today + (weekday - today.weekday()) % 7 * a_day
        return day, day + 7 * a_day, MORNING
    return _dated(text, today)


def _dated(text: str, today: date) -> tuple[date, date | None, time] | None:
    """Read a day of a month: `24 December`, `Dec 24, 2026`, `24.12.`; without a year the next to come."""
    if match := _DOTTED.fullmatch(text):
        number, month, year = int(match[1]), int(match[2]), match[3]
    elif match := _DAY_OF_MONTH.fullmatch(text):
        number, month, year = int(match[1]), (_place(match[2], _MONTHS) or 0) + 1, match[3]
        if _place(match[2], _MONTHS) is None:
            return None
    elif match := _MONTH_FIRST.fullmatch(text):
        number, month, year = int(match[2]), (_place(match[1], _MONTHS) or 0) + 1, match[3]
        if _place(match[1], _MONTHS) is None:
            return None
    else:
        return None
    if not 1 <= month <= 12:
        return None
    for one in [int(year)] if year else range(today.year, today.year + 9):
        if 1 <= number <= monthrange(one, month)[1] and (year or date(one, month, number) >= today):
            day = date(one, month, number)
            later = date(one + 1, month, number) if not year and (month, number) != (2, 29) else None
            return day, later, MORNING
    return None


def _place(word: str, names: tuple[str, ...]) -> int | None:
    """Return which name a word is, or begins with three letters or more."""
    return next((number for number, name in enumerate(names) if name.startswith(word)), None)
