"""Times that have passed, as an agent names them: since when to tell what happened."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from supportterm.domain.errors import NotFoundError
from supportterm.domain.query_fields import Duration, parse_duration

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FIRST = datetime(1971, 1, 1, tzinfo=UTC)
_CLOCK = re.compile(r"(?:at )?([01]?\d|2[0-3])[:.h]([0-5]\d)")


def read(text: str, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """Read `2h`, `9:00`, `yesterday`, `yesterday 17:30`, `friday 17:30`, `2026-11-20`; None where it is none of them.

    A bare time of day is the last one that has passed, a bare day its
    midnight. Without a zone, the machine's.
    """
    words = " ".join(text.lower().removeprefix("since ").removesuffix(" ago").split())
    here = now.astimezone(zone)
    try:
        if isinstance(length := parse_duration(words.replace(" ", "")), Duration):
            found = now - timedelta(seconds=length.seconds)
        elif clock := _CLOCK.fullmatch(words):
            found = _at(here, 0, clock, zone)
            found = found if found < now else _at(here, 1, clock, zone)
        elif (days := _days_back(words.partition(" ")[0], here)) is not None:
            rest = words.partition(" ")[2]
            clock = _CLOCK.fullmatch(rest)
            if rest and clock is None:
                return None
            found = _at(here, days, clock, zone)
        else:
            given = datetime.fromisoformat(words.upper())
            found = given.astimezone(UTC) if given.tzinfo or zone is None else given.replace(tzinfo=zone)
    except (ValueError, OverflowError, OSError):
        return None
    return found.astimezone(UTC) if _FIRST < found < now else None


def since(text: str, now: datetime, zone: tzinfo | None = None) -> datetime:
    """Return the instant that was named.

    Raises:
        NotFoundError: it is no time that has passed.
    """
    found = read(text, now, zone)
    if found is None:
        raise NotFoundError(f"“{text}” is no time that has passed. Write one like 2h, 9:00, yesterday or friday 17:30.")
    return found


def _days_back(word: str, here: datetime) -> int | None:
    if word in ("today", "yesterday"):
        return ("today", "yesterday").index(word)
    number = next((number for number, day in enumerate(_DAYS) if len(word) > 2 and day.startswith(word)), None)
    return None if number is None else (here.weekday() - number) % 7 or 7


def _at(here: datetime, days: int, clock: re.Match[str] | None, zone: tzinfo | None) -> datetime:
    hour, minute = (int(clock[1]), int(clock[2])) if clock else (0, 0)
    day = here.replace(tzinfo=None) - timedelta(days=days)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0, tzinfo=zone).astimezone(UTC)
