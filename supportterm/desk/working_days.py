"""The working days that promises are measured by: a policy's calendar, asked when each day's work ends."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from supportterm.config import Config
from supportterm.desk import calendars
from supportterm.domain.calendars import Calendar

CLOSES = time(18)
"""When work ends where no hours are set."""
_SATURDAY = 5
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A calendar's days; where no hours are set they end at six, and weekends are free unless others days are."""

    calendar: Calendar
    has_hours: bool = True

    @property
    def zone(self) -> tzinfo:
        """Where those days are."""
        return self.calendar.zone

    def at(self, zone: tzinfo) -> WorkingDays:
        """Return days of the same hours as people elsewhere have them, by the clocks there."""
        return dataclasses.replace(self, calendar=dataclasses.replace(self.calendar, zone=zone))

    def end_of_day(self, day: date) -> datetime | None:
        """Return when work ends on that day, None where nobody works."""
        begins, ends = (datetime.combine(d, time(), self.zone).astimezone(UTC) for d in (day, day + _A_DAY))
        worked = self.calendar.between(begins, ends)
        if not worked or (self.calendar.is_round_the_clock and day.weekday() >= _SATURDAY):
            return None
        if not self.has_hours:
            return datetime.combine(day, CLOSES, self.zone).astimezone(UTC)
        return self.calendar.add(begins, worked)


def of(config: Config) -> WorkingDays:
    """Return the working days of the policy for every ticket.

    Raises:
        PlaceError: the country or the region is not known.
        HolidayFileError: the file gives no holidays.
    """
    times = calendars.build(config.policy, config.path.parent if config.path else None)
    return WorkingDays(times.business or times.clock, times.business is not None)
