"""What a test of time or pressure means in numbers: the one place that says so, for SQL and for memory alike."""

from __future__ import annotations

import datetime as dt

from supportterm.domain.query_fields import PRIORITIES, Day, Duration, Offset, Operator, Value

Span = tuple[int | None, int | None]
"""From the first, to right before the second; None is open."""

_DAY = dt.timedelta(days=1)
_MIRRORED: dict[Operator, Operator] = {":": ":", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def pressure(operator: Operator, word: str) -> tuple[int, int]:
    """Return the first and the last of P1 to P5 that a test of the priority takes: `>=high` is P1 and P2."""
    first = PRIORITIES[word]
    last = 5 if word == "low" else first
    return {":": (first, last), ">": (1, first - 1), ">=": (1, last), "<": (last + 1, 5), "<=": (first, 5)}[operator]


def instants(operator: Operator, value: Value, now_ms: int, zone: dt.tzinfo, *, ahead: bool) -> Span:
    """Return the instants that a test takes, in epoch milliseconds.

    Args:
        operator: How the instant is compared.
        value: A length (time left where `ahead`, else age), an instant from now, or a day of the zone.
        now_ms: Now.
        zone: Whose days are meant.
        ahead: Lengths are measured into the future.
    """
    if isinstance(value, Duration) and not ahead:
        return _from(_MIRRORED[operator], now_ms - value.seconds * 1000)
    if isinstance(value, Duration | Offset):
        return _from(operator, now_ms + value.seconds * 1000)
    if isinstance(value, Day):
        day = dt.datetime.fromtimestamp(now_ms / 1000, zone).date() + _DAY * value.days
    elif isinstance(value, dt.date):
        day = value
    else:
        return 0, 0
    start, end = _midnight(day, zone), _midnight(day + _DAY, zone)
    spans: dict[Operator, Span] = {
        ":": (start, end),
        "<": (None, start),
        "<=": (None, end),
        ">": (end, None),
        ">=": (start, None),
    }
    return spans[operator]


def _from(operator: Operator, instant: int) -> Span:
    spans: dict[Operator, Span] = {
        ":": (instant, instant + 1),
        "<": (None, instant),
        "<=": (None, instant + 1),
        ">": (instant + 1, None),
        ">=": (instant, None),
    }
    return spans[operator]


def _midnight(day: dt.date, zone: dt.tzinfo) -> int:
    return int(dt.datetime.combine(day, dt.time(), zone).timestamp() * 1000)
