"""Times to come as an agent names them: offered for a snooze, or typed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from supportterm.domain import typed_times
from supportterm.domain.typed_times import AFTERNOON, MORNING, Meant

_MONDAY = 0
_WORDS_OF_A_TIME = 7


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


def read(text: str, now: datetime, zone: tzinfo | None = None, *, bare: bool = True) -> datetime | None:
    """Read a time to come: `90 min`, `14:30`, `tomorrow 5pm`, `friday afternoon`, `24 December`, `2026-12-01 14:00`.

    A bare time of day that has passed means tomorrow's; a bare day its morning; a weekday or a day of the year the
    next to come. Without a zone, the machine's. None where it is no time, or one that has passed. `bare` also takes
    a number behind a day, or behind `at`, for an hour.
    """
    wanted = " ".join(text.lower().removeprefix("until ").split())
    try:
        if (length := typed_times.length(wanted)) is not None:
            instant = now.astimezone(UTC) + length
        elif (meant := typed_times.meant(wanted, now.astimezone(zone).date(), bare=bare)) is not None:
            instant = _at(meant, meant.day, zone)
            if instant <= now and meant.again is not None:
                instant = _at(meant, meant.again, zone)
        else:
            given = datetime.fromisoformat(wanted.upper())
            clock = MORNING if len(wanted) <= len("2026-12-01") else given.timetz()
            instant = _instant(given.date(), clock, given.tzinfo or zone)
    except (ValueError, OverflowError, OSError):
        return None
    return instant if instant > now else None


def _at(meant: Meant, day: date, zone: tzinfo | None) -> datetime:
    return _instant(day + timedelta(days=meant.midnight), meant.clock, zone)


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
        if (instant := read(" ".join(words[:count]), now, zone, bare=False)) is not None:
            return instant, " ".join(words[count:])
    return None


def _instant(day: date, clock: time, zone: tzinfo | None) -> datetime:
    """Return when a wall clock shows that; the machine's own knows its changes to and from summer time too."""
    return datetime.combine(day, clock.replace(tzinfo=None), zone).astimezone(UTC)
