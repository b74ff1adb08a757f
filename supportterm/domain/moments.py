"""Times to come as an agent names them: offered for a snooze, or typed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from supportterm.domain.query_fields import Duration, parse_duration

MORNING, AFTERNOON = time(9), time(15)
_MONDAY = 0
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WORDS_OF_A_TIME = 5
_CLOCK = re.compile(r"(?:(today|tomorrow)\s+)?(?:at\s+)?([01]?\d|2[0-3])[:.h]([0-5]\d)")
_WEEKDAY = re.compile(r"(?:on\s+|next\s+)?([a-z]{3,9})(?:\s+(?:at\s+)?([01]?\d|2[0-3])[:.h]([0-5]\d))?")
_PARTS = {"morning": MORNING, "afternoon": AFTERNOON, "noon": time(12), "evening": time(18)}


def offered(now: datetime, zone: tzinfo | None = None) -> list[tuple[str, datetime]]:
    """Return the usual moments, the nearest first; none of them has passed. Without a zone, the machine's."""
    here = now.astimezone(zone)
    tomorrow = here.date() + timedelta(days=1)
    monday = here.date() + timedelta(days=(_MONDAY - here.weekday()) % 7 or 7)
    moments = [("in 1 hour", now.astimezone(UTC) + timedelta(hours=1))]
    if here.time() < time(8):
        moments.append(("this morning", _instant(here.date(), MORNING, zone)))
    if here.time() < time(14):
        moments.append(("this afternoon", _instant(here.date(), AFTERNOON, zone)))
    moments.append(("tomorrow morning", _instant(tomorrow, MORNING, zone)))
    if monday != tomorrow:
        moments.append(("Monday morning", _instant(monday, MORNING, zone)))
    return moments


def read(text: str, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """Read `30m`, `3d`, `14:30`, `tomorrow 9:00`, `this afternoon`, `friday 14:00`, `2026-12-01 14:00`; else None.

    A bare time of day that has passed means tomorrow's; a bare day its morning; a weekday the next to come.
    Without a zone, the machine's.
    """
    wanted = " ".join(text.lower().removeprefix("in ").split())
    today = now.astimezone(zone).date()
    tomorrow = today + timedelta(days=1)
    try:
        if isinstance(length := parse_duration(wanted.replace(" ", "")), Duration):
            instant = now.astimezone(UTC) + timedelta(seconds=length.seconds)
        elif match := _CLOCK.fullmatch(wanted):
            clock = time(int(match[2]), int(match[3]))
            instant = _instant(tomorrow if match[1] == "tomorrow" else today, clock, zone)
            if match[1] is None and instant <= now:
                instant = _instant(tomorrow, clock, zone)
        elif wanted == "tomorrow":
            instant = _instant(tomorrow, MORNING, zone)
        elif (part := _part_of_a_day(wanted)) is not None:
            instant = _instant(tomorrow if part[0] else today, part[1], zone)
        elif (match := _WEEKDAY.fullmatch(wanted)) and (weekday := _weekday(match[1])) is not None:
            clock = time(int(match[2]), int(match[3])) if match[2] else MORNING
            instant = _instant(today + timedelta(days=(weekday - today.weekday()) % 7), clock, zone)
            if instant <= now:
                instant = _instant(today + timedelta(days=(weekday - today.weekday()) % 7 + 7), clock, zone)
        else:
            given = datetime.fromisoformat(wanted.upper())
            clock = MORNING if len(wanted) <= len("2026-12-01") else given.timetz()
            instant = _instant(given.date(), clock, given.tzinfo or zone)
    except (ValueError, OverflowError, OSError):
        return None
    return instant if instant > now else None


UNTIL_THEY_WRITE = datetime(9000, 1, 1, tzinfo=UTC)
"""The end of a snooze that only the customer's next mail ends."""
_UNTIL_THEY_WRITE = {"until they write", "they write", "the customer writes", "until the customer writes"}


def snooze(text: str, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """Read until when a ticket sleeps: a time to come, or `until they write`; None where it is neither."""
    if " ".join(text.lower().split()) in _UNTIL_THEY_WRITE:
        return UNTIL_THEY_WRITE
    return read(text, now, zone)


def split(text: str, now: datetime, zone: tzinfo | None = None) -> tuple[datetime, str] | None:
    """Read a time to come and the words after it, `tomorrow 9:00 call Jo`; None where no time stands first.

    The longest time counts: `tomorrow 9:00`, not `tomorrow`.
    """
    words = text.split()
    for count in range(min(len(words), _WORDS_OF_A_TIME), 0, -1):
        if (instant := read(" ".join(words[:count]), now, zone)) is not None:
            return instant, " ".join(words[count:])
    return None


def _instant(day: date, clock: time, zone: tzinfo | None) -> datetime:
    """Return when a wall clock shows that; the machine's own knows its changes to and from summer time too."""
    return datetime.combine(day, clock.replace(tzinfo=None), zone).astimezone(UTC)


def _weekday(word: str) -> int | None:
    """Return a weekday's number by its name, or its first letters where they are three or more."""
    return next((number for number, day in enumerate(_DAYS) if day.startswith(word)), None)


def _part_of_a_day(text: str) -> tuple[bool, time] | None:
    """Read `this afternoon`, `tomorrow morning`: whether it is tomorrow's, and when it begins."""
    day, _, part = text.rpartition(" ")
    if part not in _PARTS or day not in ("", "this", "today", "tomorrow"):
        return None
    return day == "tomorrow", _PARTS[part]
