"""Clocks against a target: when the first reply is due, and what is left in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

_LATEST = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)
_HOURS_SHOWN = 48


def first_reply_due(
    created_at: datetime, hours: float, holidays: frozenset[date] = frozenset(), tz: tzinfo = UTC
) -> datetime:
    """Return when so many clock hours have passed since `created_at`, the whole of each holiday left out.

    A holiday lasts from midnight to midnight in `tz`, 23 or 25 hours where
    the clocks change. The result is aware UTC; a time past the calendar's end
    is the calendar's end.
    """
    start = created_at.astimezone(UTC)
    try:
        due = start + timedelta(hours=max(hours, 0))
        for day in sorted(holidays):
            begins, ends = _midnight(day, tz), _midnight(day + timedelta(days=1), tz)
            if begins >= due:
                break
            if ends > start:
                due += ends - max(begins, start)
    except (OverflowError, ValueError):
        return _LATEST
    return min(due, _LATEST)


def in_words(delta: timedelta) -> str:
    """Return what is left in a few characters: `41 min`, `2 h 10`, `3 d`, `late 4 min`.

    Never says more than there is: minutes, hours and days count once they are full.
    """
    words = _span(abs(delta))
    return f"late {words}" if delta < timedelta(0) else words


def _span(delta: timedelta) -> str:
    minutes = int(delta / timedelta(minutes=1))
    if minutes < 1:
        return "<1 min"
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < _HOURS_SHOWN:
        return f"{hours} h {rest:02}" if rest else f"{hours} h"
    return f"{hours // 24} d"


def _midnight(day: date, tz: tzinfo) -> datetime:
    return datetime.combine(day, time.min, tz).astimezone(UTC)
