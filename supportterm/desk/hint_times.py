"""The times that a policy's calendar lets a suggestion name."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from supportterm.desk.working_days import WorkingDays
from supportterm.domain.hints.times import Times

_SOON = timedelta(hours=3)
_STEP = timedelta(minutes=30)
_DAYS_OF_WORK = 2
_A_DAY = timedelta(days=1)
_FURTHEST = 60
"""Days to look ahead for one that is worked."""


def of(days: WorkingDays, now: datetime, due_at: datetime | None) -> Times:
    """Return what may be said at `now` of a ticket whose answer is due then: soon is no later than that."""
    today = now.astimezone(days.zone).date()
    monday = today + timedelta(days=7 - today.weekday())
    day, week = _worked(days, today + _A_DAY), _worked(days, monday)
    return Times(now, _soon(days, now, due_at), day, _after(days, day), week, _after(days, week))


def _soon(days: WorkingDays, now: datetime, due_at: datetime | None) -> datetime:
    """Return a round time within the hours of work: in some hours, or before the answer is due, or on the next day."""
    at = _round(days.calendar.add(now, _SOON).astimezone(days.zone))
    if due_at is not None and now + _STEP < due_at < at:
        at = due_at.astimezone(days.zone)
        at = at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)
    closes = days.end_of_day(at.date())
    if closes is not None and at <= closes and at > now:
        return at
    opens = _worked(days, at.date() + (_A_DAY if closes is None or at > closes else timedelta(0)))
    first = days.calendar.add(datetime.combine(opens, time(), days.zone), _SOON if days.has_hours else _A_DAY / 2)
    return _round(first.astimezone(days.zone))


def _round(at: datetime) -> datetime:
    over = timedelta(minutes=at.minute % 30, seconds=at.second, microseconds=at.microsecond)
    return at + (_STEP - over) if over else at


def _worked(days: WorkingDays, day: date) -> date:
    """Return the first day from this one on that is worked."""
    ahead = (day + n * _A_DAY for n in range(_FURTHEST))
    return next((one for one in ahead if days.end_of_day(one) is not None), day)


def _after(days: WorkingDays, day: date) -> date:
    for _ in range(_DAYS_OF_WORK):
        day = _worked(days, day + _A_DAY)
    return day
