"""Times to come as an agent names them: offered for a snooze, or typed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from supportterm.domain import typed_times
from supportterm.domain.typed_times import AFTERNOON, MORNING, Meant

_MONDAY = 0
<<<<<<< HEAD
_WORDS_OF_A_TIME = 7
=======
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WORDS_OF_A_TIME = 5
_CLOCK = re.compile(r"(at\s+)?(\d{1,2})(?:([:.h])([0-5]\d)?)?(?:\s*([ap])\.?m\.?)?")
_DAY = re.compile(r"(?:on\s+|next\s+|this\s+)?([a-z]{3,9})(?:\s+(.+))?")
_PARTS = {"morning": MORNING, "afternoon": AFTERNOON, "noon": time(12), "evening": time(18)}
>>>>>>> main


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


<<<<<<< HEAD
def read(text: str, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """Read a time to come: `90 min`, `14:30`, `tomorrow 5pm`, `friday afternoon`, `24 December`, `2026-12-01 14:00`.

    A bare time of day that has passed means tomorrow's; a bare day its morning; a weekday or a day of the year the
    next to come. Without a zone, the machine's. None where it is no time, or one that has passed.
    """
    wanted = " ".join(text.lower().removeprefix("until ").split())
    try:
        if (length := typed_times.length(wanted)) is not None:
            instant = now.astimezone(UTC) + length
        elif (meant := typed_times.meant(wanted, now.astimezone(zone).date())) is not None:
            instant = _at(meant, meant.day, zone)
            if instant <= now and meant.again is not None:
                instant = _at(meant, meant.again, zone)
=======
def read(text: str, now: datetime, zone: tzinfo | None = None, *, bare: bool = True) -> datetime | None:
    """Read `30m`, `3d`, `14:30`, `2pm`, `tomorrow 9:00`, `friday morning`, `2026-12-01 14:00`; None for other words.

    A bare time of day that has passed means tomorrow's; a bare day its morning; a weekday the next to come.
    Without a zone, the machine's. `bare` also takes a number behind a day, or behind `at`, for an hour.
    """
    wanted = " ".join(text.lower().removeprefix("in ").split())
    today = now.astimezone(zone).date()
    try:
        if isinstance(length := parse_duration(wanted.replace(" ", "")), Duration):
            instant = now.astimezone(UTC) + timedelta(seconds=length.seconds)
        elif (named := _named(wanted, today, bare)) is not None:
            day, clock, later = named
            instant = _instant(day, clock, zone)
            if instant <= now and later:
                instant = _instant(day + timedelta(days=later), clock, zone)
>>>>>>> main
        else:
            given = datetime.fromisoformat(wanted.upper())
            clock = MORNING if len(wanted) <= len("2026-12-01") else given.timetz()
            instant = _instant(given.date(), clock, given.tzinfo or zone)
    except (ValueError, OverflowError, OSError):
        return None
    return instant if instant > now else None


<<<<<<< HEAD
def _at(meant: Meant, day: date, zone: tzinfo | None) -> datetime:
    return _instant(day + timedelta(days=meant.midnight), meant.clock, zone)
=======
def _named(wanted: str, today: date, bare: bool) -> tuple[date, time, int] | None:
    """Read a day, a time of day or both: which day, when, and by how many days later it is where that has passed."""
    if (clock := _clock(wanted, bare=False)) is not None:
        return today, clock, 1
    if wanted.removeprefix("this ") in _PARTS:
        return today, _PARTS[wanted.removeprefix("this ")], 0
    if wanted.startswith("at ") and bare and (clock := _clock(wanted, bare=True)) is not None:
        return today, clock, 1
    match = _DAY.fullmatch(wanted)
    if match is None:
        return None
    name, rest = match[1], match[2] or ""
    weekday = _weekday(name)
    if name not in ("today", "tomorrow") and weekday is None:
        return None
    clock = (_PARTS.get(rest) or _clock(rest, bare=bare)) if rest else MORNING if name != "today" else None
    if clock is None:
        return None
    if weekday is not None:
        return today + timedelta(days=(weekday - today.weekday()) % 7), clock, 7
    return today + timedelta(days=int(name == "tomorrow")), clock, 0


def _clock(text: str, *, bare: bool) -> time | None:
    """Read a time of day: `14:30`, `9.00`, `17h`, `9am`, `at 2 pm`; with `bare` also `9`."""
    match = _CLOCK.fullmatch(text)
    if match is None or not (match[4] or match[5] or match[3] == "h" or (bare and not match[3])):
        return None
    hour = int(match[2])
    if match[5]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[5] == "p" else 0)
    return time(hour, int(match[4] or 0)) if hour < 24 else None
>>>>>>> main


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
<<<<<<< HEAD
=======


def _weekday(word: str) -> int | None:
    """Return a weekday's number by its name, or its first letters where they are three or more."""
    return next((number for number, day in enumerate(_DAYS) if day.startswith(word)), None)
>>>>>>> main
