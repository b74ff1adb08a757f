"""Times to come as an agent names them: offered for a snooze, or typed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

from supportterm.domain.query_fields import Duration, parse_duration

MORNING, AFTERNOON = time(9), time(15)
_MONDAY = 0
_CLOCK = re.compile(r"(?:(today|tomorrow)\s+)?([01]?\d|2[0-3])[:.h]([0-5]\d)")


def offered(now: datetime, zone: tzinfo) -> list[tuple[str, datetime]]:
    """Return the usual moments, the nearest first; none of them has passed."""
    here = now.astimezone(zone)
    tomorrow = here.date() + timedelta(days=1)
    monday = here.date() + timedelta(days=(_MONDAY - here.weekday()) % 7 or 7)
    moments = [("in 1 hour", now + timedelta(hours=1))]
    if here.time() < time(14):
        moments.append(("this afternoon", datetime.combine(here.date(), AFTERNOON, zone)))
    moments.append(("tomorrow morning", datetime.combine(tomorrow, MORNING, zone)))
    if monday != tomorrow:
        moments.append(("Monday morning", datetime.combine(monday, MORNING, zone)))
    return [(words, instant.astimezone(UTC)) for words, instant in moments]


def read(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Read `30m`, `3d`, `14:30`, `tomorrow 9:00`, `2026-12-01`, `2026-12-01 14:00`; None where it is no time to come.

    A bare time of day that has passed means tomorrow's; a bare day its morning.
    """
    wanted = " ".join(text.lower().removeprefix("in ").split())
    here = now.astimezone(zone)
    instant: datetime | None = None
    if isinstance(length := parse_duration(wanted.replace(" ", "")), Duration):
        instant = now + timedelta(seconds=length.seconds)
    elif match := _CLOCK.fullmatch(wanted):
        instant = datetime.combine(here.date(), time(int(match[2]), int(match[3])), zone)
        if match[1] == "tomorrow" or (match[1] is None and instant <= now):
            instant += timedelta(days=1)
    elif wanted == "tomorrow":
        instant = datetime.combine(here.date() + timedelta(days=1), MORNING, zone)
    else:
        try:
            instant = datetime.fromisoformat(wanted.upper())
        except ValueError:
            return None
        if len(wanted) <= len("2026-12-01"):
            instant = datetime.combine(instant.date(), MORNING)
        instant = instant if instant.tzinfo else instant.replace(tzinfo=zone)
    try:
        return instant.astimezone(UTC) if instant > now else None
    except OverflowError:
        return None
