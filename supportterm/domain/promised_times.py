"""A time as people promise it, from its words' classes to an instant: `by Friday` is the end of that working day."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Protocol

MORNING_ENDS, NOON, EVENING, EVENING_ENDS, NIGHT_ENDS = time(12), time(12), time(18), time(21), time(23, 59)
_EARLIEST, _LATEST = 8, 12
"""Hours that need no a.m. or p.m.: `by 11` is clear, `by 5` is not."""
_FURTHEST = 366
_SHORT = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}


class Hours(Protocol):
    """The working days a promise is measured by."""

    @property
    def zone(self) -> tzinfo:
        """Where those days are."""
        ...

    def end_of_day(self, day: date) -> datetime | None:
        """Return when work ends on that day, None where nobody works."""
        ...


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a time: its class (`weekday-5`, `unit-hour`, `by` …) with what stands there."""

    concept: str
    text: str = ""
    number: int | None = None
    clock: tuple[int, int, str] | None = None
    """Hour, minute, and `am`, `pm` or nothing."""

    @property
    def kind(self) -> str:
        """The class without its value."""
        return self.concept.partition("-")[0]

    @property
    def value(self) -> str:
        """The value of the class, where it has one."""
        return self.concept.partition("-")[2]


@dataclass(frozen=True, slots=True)
class Due:
    """When a promise is due; a `doubt` says what is unclear, and then `at` is at most an offer."""

    at: datetime | None
    doubt: str = ""


Dates = Callable[[str], "date | None"]
"""Reads a calendar date in words; None where it is none, or could be two."""


@dataclass(slots=True)
class _Time:
    weekday: int | None = None
    day: int | None = None
    part: str = ""
    clock: tuple[int, int, str] | None = None
    length: tuple[int, str] | None = None
    period: str = ""
    """The week or month whose end is meant."""
    periods_on: int = 0
    date: str = ""
    ordinal: int | None = None
    by: bool = False
    unclear: str = ""
    next_day: bool = False


def is_time(words: Sequence[Word]) -> bool:
    """Tell whether words of time name an instant: a day, a clock time, or a length that begins now."""
    if any(word.kind == "past" for word in words):
        return False
    found = _read(words)
    return bool(
        found.weekday
        or found.day is not None
        or found.clock
        or found.date
        or found.ordinal
        or found.period
        or (found.by and found.part)
        or (found.length and any(word.kind == "within" for word in words))
    )


def due(words: Sequence[Word], now: datetime, hours: Hours, dates: Dates) -> Due:
    """Return the instant that words of time promise, seen from `now`."""
    found = _read(words)
    here = now.astimezone(hours.zone)
    if found.length and found.length[1] in _SHORT:
        return Due(now.astimezone(UTC) + _SHORT[found.length[1]] * found.length[0])
    try:
        day, doubt = _day(found, here.date(), hours, dates)
    except OverflowError:
        return Due(None, "that is too far away")
    if day is None:
        return Due(None, doubt)
    at, unsure = _instant(found, day, hours)
    doubt = doubt or unsure or found.unclear
    if at <= now:
        if found.clock and not _names_a_day(found):
            at, _ = _instant(found, day + timedelta(days=1), hours)
            return Due(at, "that time has passed today")
        return Due(None, doubt or "that time has passed")
    return Due(at, doubt)


def _names_a_day(found: _Time) -> bool:
    return found.day is not None or bool(found.weekday or found.date or found.ordinal or found.period or found.length)


def _read(words: Sequence[Word]) -> _Time:
    """Put the words of a time together."""
    found = _Time()
    number: int | None = None
    pending = ""
    for word in words:
        match word.kind:
            case "weekday":
                found.weekday = int(word.value)
                found.next_day = found.next_day or pending == "next"
                pending = ""
            case "day":
                count, _, part = word.value.partition("-")
                found.day = int(count)
                found.part = part or found.part
            case "part":
                found.part = word.value
                if pending == "this":
                    found.day, pending = 0, ""
            case "clock":
                found.clock = word.clock
            case "date":
                found.date = f"{found.date} {word.text}".strip()
            case "ordinal":
                found.ordinal = word.number
            case "number":
                number = word.number if word.number is not None else int(word.value)
            case "length":
                count, _, unit = word.value.partition("-")
                found.length = (int(count), unit)
            case "unit":
                _unit(found, word.value, number, pending)
                number, pending = None, ""
            case "period":
                unit, _, on = word.value.partition("-")
                found.period, found.periods_on = unit, int(on or 0)
            case "next" | "this" | "end":
                pending = word.kind if word.kind != "end" or pending != "next" else pending
            case "start" | "or":
                found.unclear = "when exactly?"
            case "by":
                found.by = True
    if found.length is None and number is None and pending == "end" and found.day is None and not found.weekday:
        found.day = 0 if any(word.concept == "end-day" for word in words) else found.day
    return found


def _unit(found: _Time, unit: str, number: int | None, pending: str) -> None:
    if number is not None:
        found.length = (number, unit)
    elif unit in ("week", "month"):
        found.period = unit
        found.periods_on = max(found.periods_on, int(pending == "next"))
    elif unit in ("day", "workday") and pending == "next":
        found.length = (1, unit)
    elif unit in ("day", "workday"):
        if found.day is None and pending in ("end", "this"):
            found.day = 0
    else:
        found.length = (1, unit)


def _day(found: _Time, today: date, hours: Hours, dates: Dates) -> tuple[date | None, str]:
    if found.length:
        return _after(found.length, today, hours), ""
    if found.period:
        return _in_period(found, today, hours)
    if found.date:
        day = dates(found.date)
        return day, "" if day else "which day is that?"
    if found.ordinal:
        return _ordinal(found.ordinal, today)
    if found.day is not None:
        day = today + timedelta(days=found.day)
        if found.weekday and found.weekday != day.isoweekday():
            return None, "the day and the weekday do not agree"
        return day, ""
    if found.weekday:
        return _weekday(found, today)
    return today, ""


def _after(length: tuple[int, str], today: date, hours: Hours) -> date:
    count, unit = length
    if unit == "workday":
        day = today
        for _ in range(_FURTHEST):
            if count <= 0:
                break
            day += timedelta(days=1)
            count -= hours.end_of_day(day) is not None
        return day
    if unit == "month":
        months = today.month - 1 + count
        year, month = today.year + months // 12, months % 12 + 1
        if year > date.max.year:
            raise OverflowError
        return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
    return today + timedelta(days=count * (7 if unit == "week" else 1))


def _in_period(found: _Time, today: date, hours: Hours) -> tuple[date | None, str]:
    if found.period == "week":
        first = today - timedelta(days=today.weekday()) + timedelta(weeks=found.periods_on)
        last = first + timedelta(days=6)
    else:
        first = _after((found.periods_on, "month"), today.replace(day=1), hours)
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    if found.weekday and found.period == "week":
        return first + timedelta(days=found.weekday - 1), ""
    if found.unclear and found.period == "week":
        return first + timedelta(days=1), ""
    day = last
    while day > first and hours.end_of_day(day) is None:
        day -= timedelta(days=1)
    if day < today:
        return None, f"this {found.period} is over"
    return day, ""


def _ordinal(number: int, today: date) -> tuple[date | None, str]:
    first = today.replace(day=1)
    for _ in range(3):
        if number <= calendar.monthrange(first.year, first.month)[1] and first.replace(day=number) >= today:
            day = first.replace(day=number)
            return day, "today, or in a month?" if day == today else ""
        first = (first + timedelta(days=32)).replace(day=1)
    return None, "which day is that?"


def _weekday(found: _Time, today: date) -> tuple[date | None, str]:
    wanted = found.weekday or 1
    coming = today + timedelta(days=(wanted - today.isoweekday()) % 7)
    if found.next_day:
        following = today - timedelta(days=today.weekday()) + timedelta(days=6 + wanted)
        return following, "" if coming in (following, today) else "this week's, or next week's?"
    return coming, "today, or in a week?" if coming == today else ""


def _instant(found: _Time, day: date, hours: Hours) -> tuple[datetime, str]:
    """Return the instant on that day, and what is unclear about it."""
    end = hours.end_of_day(day)
    if found.clock:
        hour, minute, half = found.clock
        late = found.part in ("afternoon", "evening", "night")
        doubt = ""
        if half == "pm" or (not half and late):
            hour += 12 if hour < 12 else 0
        elif half == "am":
            hour %= 12
        elif not half and hour < _EARLIEST and not found.part and not _is_padded(found.clock):
            hour += 12
            doubt = "in the morning, or in the afternoon?"
        return _at(day, time(hour % 24, minute), hours.zone), doubt
    if found.part in ("morning", "noon", "night") or (found.part == "evening" and not found.by):
        ends = {"morning": MORNING_ENDS, "noon": NOON, "evening": EVENING_ENDS, "night": NIGHT_ENDS}[found.part]
        return _at(day, ends, hours.zone), ""
    if end is None:
        return _at(day, EVENING, hours.zone), f"{day:%A} is no working day"
    return end, ""


def _is_padded(clock: tuple[int, int, str]) -> bool:
    """Tell whether the minutes are written out, as who counts to twenty-four writes them."""
    return clock[1] != 0


def _at(day: date, clock: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
