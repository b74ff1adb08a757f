"""Times to come as an agent names them: offered for a snooze, or typed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from supportterm.domain.query_fields import Duration, parse_duration

MORNING, AFTERNOON = time(9), time(15)
_MONDAY = 0
_CLOCK = re.compile(r"(?:(today|tomorrow)\s+)?([01]?\d|2[0-3])[:.h]([0-5]\d)")


def offered(now: datetime, zone: tzinfo | None = None) -> list[tuple[str, datetime]]:
    """Return the usual moments, the nearest first; none of them has passed. Without a zone, the machine's."""
    here = now.astimezone(zone)
    tomorrow = here.date() + timedelta(days=1)
    monday = here.date() + timedelta(days=(_MONDAY - here.weekday()) % 7 or 7)
    moments = [("in 1 hour", now.astimezone(UTC) + timedelta(hours=1))]
    if here.time() < time(14):
        moments.append(("this afternoon", _instant(here.date(), AFTERNOON, zone)))
    moments.append(("tomorrow morning", _instant(tomorrow, MORNING, zone)))
    if monday != tomorrow:
        moments.append(("Monday morning", _instant(monday, MORNING, zone)))
    return moments


def read(text: str, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """Read `30m`, `3d`, `14:30`, `tomorrow 9:00`, `2026-12-01`, `2026-12-01 14:00`; None where it is no time to come.

    A bare time of day that has passed means tomorrow's; a bare day its morning. Without a zone, the machine's.
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
        else:
            given = datetime.fromisoformat(wanted.upper())
            clock = MORNING if len(wanted) <= len("2026-12-01") else given.timetz()
            instant = _instant(given.date(), clock, given.tzinfo or zone)
    except (ValueError, OverflowError, OSError):
        return None
    return instant if instant > now else None


def _instant(day: date, clock: time, zone: tzinfo | None) -> datetime:
    """Return when a wall clock shows that; the machine's own knows its changes to and from summer time too."""
    return datetime.combine(day, clock.replace(tzinfo=None), zone).astimezone(UTC)
