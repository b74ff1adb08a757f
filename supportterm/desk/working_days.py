"""The working days that promises are measured by: a policy's calendar, asked when each day's work ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from supportterm.config import Config
from supportterm.domain import opening
from supportterm.domain.calendars import Calendar, Special

CLOSES = time(18)
"""When work ends where no hours are set."""
_SATURDAY = 5
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A calendar's days; one without hours is worked from Monday to Friday, until six."""

    calendar: Calendar

    @property
    def zone(self) -> tzinfo:
        """Where those days are."""
        return self.calendar.zone

    def end_of_day(self, day: date) -> datetime | None:
        """Return when work ends on that day, None where nobody works."""
        begins, ends = (datetime.combine(d, time(), self.zone).astimezone(UTC) for d in (day, day + _A_DAY))
        worked = self.calendar.between(begins, ends)
        if not worked or (self.calendar.is_round_the_clock and day.weekday() >= _SATURDAY):
            return None
        if self.calendar.is_round_the_clock:
            return datetime.combine(day, CLOSES, self.zone).astimezone(UTC)
        return self.calendar.add(begins, worked)


def of(config: Config) -> WorkingDays:
    """Return the working days of the policy for every ticket."""
    policy = config.policy
    days = [opening.day_of(text) for text in policy.holidays]

    def holidays(year: int) -> dict[date, Special]:
        return {day: Special("holiday") for one in days if (day := one.within(year))}

    week = opening.week(policy.hours) if policy.hours else opening.ROUND_THE_CLOCK
    return WorkingDays(Calendar(ZoneInfo(policy.time_zone), week, holidays))
