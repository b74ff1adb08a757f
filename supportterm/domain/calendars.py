"""Time that counts: opening hours of a week in a time zone, with holidays, half days and days that are worked.

A calendar without hours of its own counts around the clock. Instants are
aware and come back in UTC; hours are wall-clock times of the calendar's zone.
A wall time that the clocks skip is read with the offset before the change, one
that they show twice means the first (RFC 5545, 3.3.5). Hours that run over
midnight belong to the day they begin on; a holiday closes its date from
midnight to midnight, whatever began the day before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from supportterm.domain import closures
from supportterm.domain.closures import ClosedDay, Skip, Special
from supportterm.domain.opening import DAY, ROUND_THE_CLOCK, Hours, Week

__all__ = ["LATEST", "Calendar", "Exceptions", "Skip", "Special", "exceptions_on", "no_exceptions"]

LATEST = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)
"""What is due later than any calendar reaches is due then."""
FIRST_YEAR, LAST_YEAR = 1970, 2199
"""The years that are known; before and after them nothing is open."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NONE = timedelta(0)
_A_DAY = timedelta(days=1)
_LOOKED_AT = timedelta(days=800)
"""As far as skips are listed."""


Exceptions = Callable[[int], Mapping[date, Special]]
"""The special dates of a year."""


def no_exceptions(_year: int) -> Mapping[date, Special]:
    """Return no special dates, whatever the year."""
    return {}


def exceptions_on(days: Mapping[date, Special]) -> Exceptions:
    """Return exceptions that are known beforehand."""
    by_year: dict[int, dict[date, Special]] = {}
    for day, special in days.items():
        by_year.setdefault(day.year, {})[day] = special
    return lambda year: by_year.get(year, {})


@dataclass(frozen=True, slots=True)
class _Year:
    """What is open in a year: when each span opens and closes, and what was open until then, all in microseconds."""

    opens: list[int]
    closes: list[int]
    before: list[int]
    until: list[int]

    @property
    def total(self) -> int:
        return self.until[-1] if self.until else 0

    def elapsed(self, at: int) -> int:
        """Return how much of the year's open time lies before an instant."""
        number = bisect_right(self.opens, at) - 1
        return 0 if number < 0 else self.before[number] + min(at, self.closes[number]) - self.opens[number]


@dataclass(frozen=True)
class Calendar:
    """When time counts. Two calendars are equal when they are written alike; what they computed is kept with them."""

    zone: tzinfo = UTC
    week: Week = ROUND_THE_CLOCK
    exceptions: Exceptions = no_exceptions
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def is_round_the_clock(self) -> bool:
        """Whether no hours are set: only exceptions stop the time."""
        return self.week == ROUND_THE_CLOCK

    @property
    def working_day(self) -> timedelta:
        """How long an open weekday lasts on average; 24 hours where none is open."""
        lengths = [sum(hours.closes - hours.opens for hours in day) for day in self.week if day]
        return timedelta(minutes=sum(lengths) / len(lengths)) if lengths else _A_DAY

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Return the earliest instant at which so much open time has passed since `start`.

        It never lies outside open time, its closing minute included: of
        nothing added at a closed hour comes the next opening. A negative
        amount counts as nothing. `LATEST` where the calendar never gets there.
        """
        at, left = _micros(start), max(amount // _MICROSECOND, 0)
        for number in range(self._year_of(start), LAST_YEAR + 1):
            year = self._year(number)
            following = bisect_right(year.closes, at) if left else bisect_left(year.closes, at)
            passed = year.elapsed(at)
            if following < len(year.closes) and left <= year.total - passed:
                if not left:
                    return _instant(max(at, year.opens[following]))
                span = bisect_left(year.until, passed + left)
                return _instant(year.opens[span] + passed + left - year.before[span])
            left -= year.total - passed
        return LATEST

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the open time from one instant to another; negative where `end` comes first."""
        if end < start:
            return -self.between(end, start)
        first, last = self._year_of(start), self._year_of(end)
        total = sum(self._year(number).total for number in range(first, last) if number <= LAST_YEAR)
        if last <= LAST_YEAR:
            total += self._year(last).elapsed(_micros(end))
        if first <= LAST_YEAR:
            total -= self._year(first).elapsed(_micros(start))
        return total * _MICROSECOND

    def skipped(self, start: datetime, end: datetime) -> tuple[Skip, ...]:
        """Return what does not count from one instant to another, in order, day by day, each with its reason.

        A night from one working day to the next is one stretch.
        """
        low, high = _micros(start), _micros(min(end, start + _LOOKED_AT) if start < LATEST - _LOOKED_AT else end)
        if high <= low:
            return ()
        first, last = self._date(start), self._date(_instant(high))
        days = [self._day(date.fromordinal(day)) for day in range(first.toordinal() - 1, last.toordinal() + 2)]
        return tuple(
            Skip(_instant(max(begins, low)), _instant(min(ends, high)), why)
            for begins, ends, why in closures.reasons(days)
            if begins < high and ends > low
        )

    def _day(self, day: date) -> ClosedDay:
        """Return what is closed of a date."""
        begins, ends = self._midnight(day), self._midnight(day + _A_DAY)
        year = self._year(day.year)
        at, closed = begins, []
        for span in range(bisect_right(year.closes, begins), len(year.opens)):
            if year.opens[span] >= ends:
                break
            if year.opens[span] > at:
                closed.append((at, year.opens[span]))
            at = min(year.closes[span], ends)
        if at < ends:
            closed.append((at, ends))
        return ClosedDay(day, begins, ends, tuple(closed), self._special(day))

    def _year(self, number: int) -> _Year:
        known = self._years.get(number)
        if known is None:
            known = self._years[number] = self._computed(number)
        return known

    def _computed(self, number: int) -> _Year:
        """Compute a year: the wall-clock spans of its dates, joined where they touch, as instants."""
        spans: list[tuple[int, int]] = []
        for begins, ends in sorted(
            (self._micros_at(*divmod(opens, DAY)), self._micros_at(*divmod(closes, DAY)))
            for opens, closes in self._wall_spans(number)
        ):
            if spans and begins <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(spans[-1][1], ends))
            elif begins < ends:
                spans.append((begins, ends))
        before, until, total = [], [], 0
        for begins, ends in spans:
            before.append(total)
            total += ends - begins
            until.append(total)
        return _Year([begins for begins, _ in spans], [ends for _, ends in spans], before, until)

    def _wall_spans(self, number: int) -> Iterator[tuple[int, int]]:
        """Yield the year's open spans in minutes of the wall clock since the first midnight of the calendar."""
        first, last = date(number, 1, 1).toordinal(), date(number, 12, 31).toordinal()
        specials = {day.toordinal(): special for day, special in self.exceptions(number).items()}
        eve = self._special(date(number, 1, 1) - _A_DAY)
        yesterday = self._begin(first - 1, eve)
        for ordinal in range(first, last + 1):
            special = specials.get(ordinal)
            today = self._begin(ordinal, special)
            if special is None or special.hours:
                late = [Hours(0, hours.closes - DAY) for hours in yesterday if hours.closes > DAY]
                for hours in (*late, *today):
                    yield ordinal * DAY + hours.opens, ordinal * DAY + min(hours.closes, DAY)
            yesterday = today

    def _begin(self, ordinal: int, special: Special | None) -> tuple[Hours, ...]:
        """Return the hours that begin on a date; those of a holiday only count from the midnight that ends it."""
        return special.hours if special is not None and special.hours else self.week[(ordinal + 6) % 7]

    def _special(self, day: date) -> Special | None:
        return self.exceptions(day.year).get(day) if FIRST_YEAR <= day.year <= LAST_YEAR else None

    def _midnight(self, day: date) -> int:
        return self._micros_at(day.toordinal(), 0)

    def _micros_at(self, ordinal: int, minute: int) -> int:
        """Return the instant of a wall-clock minute, as the module's docstring says; never beyond its own date."""
        wall = datetime.combine(date.fromordinal(ordinal), time.min, self.zone) + timedelta(minutes=minute)
        late = wall.replace(fold=1)
        skipped = minute and (late.utcoffset() or _NONE) > (wall.utcoffset() or _NONE)
        at = _micros(wall)
        return min(at, self._micros_at(ordinal + 1, 0)) if skipped else at

    def _date(self, instant: datetime) -> date:
        """Return the date of an instant in this zone, among the years that are known."""
        at = min(max(instant, _EPOCH + _A_DAY), _EPOCH.replace(year=LAST_YEAR, month=12, day=30))
        return at.astimezone(self.zone).date()

    def _year_of(self, instant: datetime) -> int:
        try:
            return max(instant.astimezone(self.zone).year, FIRST_YEAR)
        except (OverflowError, ValueError):
            return FIRST_YEAR if instant < _EPOCH else LAST_YEAR + 1


def _micros(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND


def _instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
