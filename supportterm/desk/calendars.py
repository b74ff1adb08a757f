"""The calendars of a policy: clock time and business time, with the holidays that were configured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from supportterm.config import Policy
from supportterm.desk.holiday_file import HolidayFile
from supportterm.desk.public_holidays import PublicHolidays
from supportterm.domain import opening
from supportterm.domain.calendars import Calendar, Exceptions, Special
from supportterm.domain.opening import ALWAYS, WEEKDAYS, Day, Hours, Week

_NAMELESS = "holiday"
_OWN_HOURS = "special hours"

_Names = Callable[[int], Mapping[date, str]]


@dataclass(frozen=True, slots=True)
class Calendars:
    """The two times of a policy; `business` is None where no hours are set."""

    clock: Calendar
    business: Calendar | None


def build(policy: Policy, beside: Path | None = None) -> Calendars:
    """Return the calendars of a policy; a holiday file without a whole path lies `beside` the configuration.

    Raises:
        PlaceError: the country or the region is not known.
        HolidayFileError: the file gives no holidays.
    """
    zone = ZoneInfo(policy.time_zone)
    sources: list[_Names] = []
    public = PublicHolidays(policy.country, policy.region) if policy.country else None
    if public is not None:
        sources.append(public.whole)
    if policy.holiday_file is not None:
        sources.append(HolidayFile(beside / policy.holiday_file if beside else policy.holiday_file).whole)
    if policy.holidays:
        sources.append(_listed([opening.day_of(text) for text in policy.holidays]))
    days = [(opening.day_of(text), opening.intervals(hours)) for text, hours in policy.days.items()]
    closed = {day for name in policy.closed for day in opening.weekdays(name)}
    always: Week = tuple(() if day in closed else ALWAYS for day in range(7))
    whole_days: list[tuple[Day, tuple[Hours, ...]]] = [(day, ALWAYS if hours else ()) for day, hours in days]
    clock = Calendar(zone, always, _exceptions(always, sources, public, whole_days, None))
    if not policy.hours:
        return Calendars(clock, None)
    week = opening.week(policy.hours)
    ends = opening.interval(f"00:00-{policy.half_day_ends}").closes if policy.half_day_ends else None
    return Calendars(clock, Calendar(zone, week, _exceptions(week, sources, public, days, ends)))


def _exceptions(
    week: Week,
    holidays: list[_Names],
    public: PublicHolidays | None,
    days: list[tuple[Day, tuple[Hours, ...]]],
    half_day_ends: int | None,
) -> Exceptions:
    """Return the special dates of a week's calendar; what a person wrote goes before what a library knows."""

    @lru_cache(None)
    def of(year: int) -> Mapping[date, Special]:
        found: dict[date, Special] = {}
        if public is not None and half_day_ends is not None:
            for day, name in public.half(year).items():
                if hours := week[day.weekday()]:
                    found[day] = Special(name, _until(hours, half_day_ends))
        for day in public.worked(year) if public is not None else ():
            if not week[day.weekday()]:
                found[day] = Special(f"working {WEEKDAYS[day.weekday()]}", _hours_before(week, day.weekday()))
        for source in holidays:
            found |= {day: Special(name) for day, name in source(year).items()}
        for written, hours in days:
            if (at := written.within(year)) is not None:
                called = written.name or (found[at].name if at in found else _OWN_HOURS if hours else _NAMELESS)
                found[at] = Special(called, hours)
        return found

    return of


def _listed(days: list[Day]) -> _Names:
    return lambda year: {at: day.name or _NAMELESS for day in days if (at := day.within(year)) is not None}


def _until(hours: tuple[Hours, ...], ends: int) -> tuple[Hours, ...]:
    """Return the hours of a day that ends early."""
    return tuple(Hours(each.opens, min(each.closes, ends)) for each in hours if each.opens < ends)


def _hours_before(week: Week, weekday: int) -> tuple[Hours, ...]:
    """Return the hours of the last open weekday before one that is closed, which is worked for once."""
    return next((week[(weekday - back) % 7] for back in range(1, 7) if week[(weekday - back) % 7]), ())
