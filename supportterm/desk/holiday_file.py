"""Holidays from an iCalendar file (RFC 5545): its all-day events, those that recur included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

_LARGEST = 5_000_000
_MOST_EVENTS = 10_000
_LONGEST = 366
"""Days of one event that are read."""
_EVERY: dict[str, tuple[str, ...] | None] = {"YEARLY": None, "MONTHLY": None, "WEEKLY": ("BYDAY",), "DAILY": ()}
"""How days recur, and which `BY…` parts may choose among them (None: all); others can look for ever for a day."""
_TIMES = ("BYHOUR", "BYMINUTE", "BYSECOND")


class HolidayFileError(ValueError):
    """A file that gives no holidays; the text says why and what to do."""


class _RecurrenceError(ValueError):
    """A rule that whole days cannot follow; the text says which."""


@dataclass(frozen=True, slots=True)
class _Event:
    name: str
    start: date
    days: int
    also: tuple[date, ...]
    but: frozenset[date]
    rule: str


class HolidayFile:
    """The all-day events of a file, year by year."""

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            HolidayFileError: it cannot be read, is not iCalendar, or holds no all-day event.
        """
        components = _components(path)
        moved = _moved(component for component, _ in components)
        self._events = [event for one, line in components if (event := _event(one, f"{path}, line {line}", moved))]
        if not self._events:
            raise HolidayFileError(f"{path} holds no all-day event, so no day is a holiday by it.")
        self._year = lru_cache(None)(self._read)

    def whole(self, year: int) -> dict[date, str]:
        """Return the holidays of a year and what they are called."""
        return self._year(year)

    def _read(self, year: int) -> dict[date, str]:
        found: dict[date, str] = {}
        for event in self._events:
            for start in _starts(event, year):
                for step in range(event.days):
                    day = start + timedelta(days=step)
                    if day.year == year:
                        found.setdefault(day, event.name)
        return found


def _components(path: Path) -> list[tuple[Any, int]]:
    """Return the events of a file, each with the line it begins on."""
    import icalendar

    lines: list[int] = []

    try:
        if path.stat().st_size > _LARGEST:
            raise HolidayFileError(f"{path} is larger than {_LARGEST // 1_000_000} MB. Export only the holidays.")
        written = path.read_bytes()
        lines = [n for n, line in enumerate(written.splitlines(), 1) if line.strip().upper() == b"BEGIN:VEVENT"]
        calendars: Any = icalendar.Calendar.from_ical(written, multiple=True)
        events = [event for calendar in calendars if calendar.name == "VCALENDAR" for event in calendar.walk("VEVENT")]
    except HolidayFileError:
        raise
    except OSError as error:
        raise HolidayFileError(f"{path} cannot be read: {error.strerror or error}. Check its place.") from None
    except Exception:
        calendars, events = [], []
    if not calendars:
        raise HolidayFileError(f"{path} is not iCalendar. Export the holidays as an .ics file.")
    return list(zip(events, lines, strict=False))[:_MOST_EVENTS]


def _moved(components: Iterable[Any]) -> Mapping[str, frozenset[date]]:
    """Return the days of recurring events that events of their own stand for, by UID (RFC 5545 section 3.8.4.4)."""
    found: dict[str, frozenset[date]] = {}
    for component in components:
        days = frozenset(_dates([getattr(component.get("RECURRENCE-ID"), "dt", None)]))
        if days:
            uid = str(component.get("UID", ""))
            found[uid] = found.get(uid, frozenset()) | days
    return found


def _whole_days(component: Any) -> tuple[Any, Any]:
    """Return an event's first day and the day after its last, if it says that; both None where it has a time of day.

    Some programs write whole days as a local midnight to another one.
    """
    start = component["DTSTART"].dt if "DTSTART" in component else None
    end = component["DTEND"].dt if "DTEND" in component else None
    if not isinstance(start, datetime):
        return (start, end) if isinstance(start, date) else (None, None)
    if not isinstance(end, datetime) or end <= start or start.tzinfo is UTC or {start.time(), end.time()} != {time.min}:
        return None, None
    return start.date(), end.date()


def _event(component: Any, place: str, moved: Mapping[str, frozenset[date]]) -> _Event | None:
    """Return an all-day event; None for one with a time of day, or one that was cancelled."""
    name = " ".join(str(component.get("SUMMARY") or "holiday").split())
    try:
        start, end = _whole_days(component)
        if start is None or component.get("STATUS") == "CANCELLED":
            return None
        length = timedelta(days=1)
        if end is not None:
            length = end - start
        elif "DURATION" in component:
            length = component["DURATION"].dt
        is_one_of_many = "RECURRENCE-ID" in component
        but = frozenset[date]() if is_one_of_many else moved.get(str(component.get("UID", "")), frozenset())
        event = _Event(
            name,
            start,
            min(max(length.days, 1), _LONGEST),
            tuple(_dates(each[0] if isinstance(each, tuple) else each for each in component.rdates)),
            frozenset(_dates(component.exdates)) | but,
            _rule(component.get("RRULE")),
        )
        _starts(event, start.year)
    except Exception as error:
        why = error if isinstance(error, _RecurrenceError) else "one of its dates or its recurrence is broken"
        raise HolidayFileError(f'{place}: the event "{name}" cannot be read: {why}. Mend or remove it.') from None
    return event


def _dates(found: Any) -> list[date]:
    return [each.date() if isinstance(each, datetime) else each for each in found if isinstance(each, date)]


def _rule(recurs: Any) -> str:
    """Return a recurrence rule for whole days, in its written form; empty where the event is once."""
    if not recurs:
        return ""
    if isinstance(recurs, list):
        recurs = recurs[0]
    frequency = str(recurs.get("FREQ", [""])[0]).upper()
    if frequency not in _EVERY:
        raise _RecurrenceError(f"it recurs by {frequency or 'no rule'}, and days do not")
    parts = {key: value for key, value in recurs.items() if key.upper() not in _TIMES}
    if (taken := _EVERY[frequency]) is not None:
        odd = [key.upper() for key in parts if key.upper().startswith("BY") and key.upper() not in taken]
        if odd:
            raise _RecurrenceError(f"it recurs by {frequency} with {odd[0]}; write that by YEARLY or MONTHLY")
    if "UNTIL" in parts:
        parts["UNTIL"] = _dates(parts["UNTIL"])
    return str(type(recurs)(parts).to_ical().decode())


def _starts(event: _Event, year: int) -> list[date]:
    """Return the days an event begins on, as far as it reaches into a year."""
    from dateutil.rrule import rrulestr

    first, last = date(year, 1, 1) - timedelta(days=event.days), date(year, 12, 31)
    found = {event.start, *event.also}
    if event.rule and event.start <= last:
        rule: Any = rrulestr(event.rule, dtstart=datetime.combine(event.start, time.min))
        between = rule.between(datetime.combine(first, time.min), datetime.combine(last, time.min), inc=True)
        found |= {at.date() for at in between}
    return sorted(day for day in found if first <= day <= last and day not in event.but)
