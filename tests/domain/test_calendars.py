"""Time that counts: exact over holidays, nights and changes of the clocks, and never beyond what is open."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import workclock
from hypothesis import assume, example, given
from hypothesis import strategies as st

from supportterm.domain.calendars import FIRST_YEAR, LATEST, Calendar, Special, exceptions_on
from supportterm.domain.opening import ALWAYS, DAY, ROUND_THE_CLOCK, Hours, Week, intervals, week

HELSINKI = ZoneInfo("Europe/Helsinki")
YORK = ZoneInfo("America/New_York")
BEIRUT = ZoneInfo("Asia/Beirut")
HAVANA = ZoneInfo("America/Havana")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
OFFICE = week({"mon-fri": ["09:00-12:30", "13:15-18:00"]})
JOINED = week({"mon": ["18:00-24:00"], "tue": ["00:00-06:00"]})
NIGHTS = week({"mon-fri": ["22:00-06:00"]})
CHRISTMAS = exceptions_on(
    {
        date(2026, 12, 24): Special("Christmas Eve", intervals(["09:00-12:00"])),
        date(2026, 12, 25): Special("Christmas Day"),
        date(2026, 12, 26): Special("Second Day of Christmas"),
        date(2026, 12, 19): Special("working Saturday", intervals(["10:00-14:00"])),
    }
)
HOUR = timedelta(hours=1)


def at(text: str, zone: ZoneInfo | None = None, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone or UTC, fold=fold)


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        # within a morning; over the lunch break; over the night; over a weekend
        ("2026-11-24T09:30", 2 * HOUR, "2026-11-24T11:30"),
        ("2026-11-24T12:00", 1 * HOUR, "2026-11-24T13:45"),
        ("2026-11-24T17:30", 1 * HOUR, "2026-11-25T09:30"),
        ("2026-11-27T17:30", 1 * HOUR, "2026-11-30T09:30"),
        # written while closed: the clock starts with the opening
        ("2026-11-28T14:00", 1 * HOUR, "2026-11-30T10:00"),
        ("2026-11-24T03:00", 1 * HOUR, "2026-11-24T10:00"),
        # what ends with the day is due then, not the next morning
        ("2026-11-24T13:15", timedelta(hours=4, minutes=45), "2026-11-24T18:00"),
        ("2026-11-24T09:00", timedelta(hours=3, minutes=30), "2026-11-24T12:30"),
        # nothing added: now where it is open, else the next opening
        ("2026-11-24T10:00", timedelta(0), "2026-11-24T10:00"),
        ("2026-11-24T18:00", timedelta(0), "2026-11-24T18:00"),
        ("2026-11-24T19:00", timedelta(0), "2026-11-25T09:00"),
        ("2026-11-24T10:00", -HOUR, "2026-11-24T10:00"),
        # a half day, two holidays, a weekend
        ("2026-12-24T11:30", 1 * HOUR, "2026-12-28T09:30"),
        # a Saturday that is worked
        ("2026-12-18T17:30", 1 * HOUR, "2026-12-19T10:30"),
        ("2026-12-19T13:30", 1 * HOUR, "2026-12-21T09:30"),
        # seconds and less are kept
        ("2026-11-24T17:59:59.500000", timedelta(seconds=1), "2026-11-25T09:00:00.500000"),
        # over the turn of the year, with no holiday configured there
        ("2026-12-31T17:00", 2 * HOUR, "2027-01-01T10:00"),
    ],
)
def test_business_hours_of_an_office(start: str, amount: timedelta, due: str) -> None:
    calendar = Calendar(HELSINKI, OFFICE, CHRISTMAS)
    assert calendar.add(at(start, HELSINKI), amount) == at(due, HELSINKI)
    if amount > timedelta(0):
        assert calendar.between(at(start, HELSINKI), at(due, HELSINKI)) == amount


@pytest.mark.parametrize(
    ("zone", "written", "start", "amount", "due"),
    [
        # York, clocks go forward 2026-03-08 from 2:00 to 3:00: an hour is missing from a night, none from a day
        (YORK, NIGHTS, "2026-03-06T22:00-05:00", 8 * HOUR, "2026-03-07T06:00-05:00"),
        (YORK, {"sat": ["22:00-06:00"]}, "2026-03-07T22:00-05:00", 7 * HOUR, "2026-03-08T06:00-04:00"),
        # clocks go back 2026-11-01 from 2:00 to 1:00: the night is an hour longer
        (YORK, {"sat": ["22:00-06:00"]}, "2026-10-31T22:00-04:00", 9 * HOUR, "2026-11-01T06:00-05:00"),
        # an opening time that does not exist is read with the offset of before: 2:30 is 3:30 summer time
        (YORK, {"sun": ["02:30-05:00"]}, "2026-03-08T00:00-05:00", HOUR, "2026-03-08T04:30-04:00"),
        (YORK, {"sun": ["00:00-02:30"]}, "2026-03-08T00:00-05:00", 2.5 * HOUR, "2026-03-08T03:30-04:00"),
        # hours that lie wholly in the gap keep their length
        (YORK, {"sun": ["02:10-02:40"]}, "2026-03-08T00:00-05:00", HOUR / 2, "2026-03-08T03:40-04:00"),
        # a time that exists twice means the first
        (YORK, {"sun": ["01:30-05:00"]}, "2026-11-01T00:00-04:00", HOUR, "2026-11-01T01:30-05:00"),
        (YORK, {"sun": ["00:00-01:30"]}, "2026-11-01T00:00-04:00", 1.5 * HOUR, "2026-11-01T01:30-04:00"),
        # customers write in the hour that comes twice, and are told apart
        (YORK, {"sun": ["00:00-24:00"]}, "2026-11-01T01:30-04:00", HOUR, "2026-11-01T01:30-05:00"),
        # a midnight that does not exist (Beirut, 2026-03-29): the day begins at 1:00
        (BEIRUT, {"sun": ["00:00-24:00"]}, "2026-03-28T12:00+02:00", 23 * HOUR, "2026-03-30T00:00+03:00"),
        # a midnight that comes twice (Havana, 2026-11-01): the day has 25 hours
        (HAVANA, {"sun": ["00:00-24:00"]}, "2026-10-31T12:00-04:00", 25 * HOUR, "2026-11-02T00:00-05:00"),
        # half an hour of change (Lord Howe, 2026-10-04)
        (LORD_HOWE, {"sun": ["00:00-24:00"]}, "2026-10-03T12:00+10:30", 23.5 * HOUR, "2026-10-05T00:00+11:00"),
        # a date that never was (Apia, 2011-12-30)
        (ZoneInfo("Pacific/Apia"), {"fri": ["09:00-17:00"]}, "2011-12-29T12:00-10:00", HOUR, "2012-01-06T10:00+14:00"),
        # a leap day, and a year without
        (HELSINKI, {"mon-sun": ["12:00-13:00"]}, "2028-02-28T12:30+02:00", HOUR, "2028-02-29T12:30+02:00"),
        (HELSINKI, {"mon-sun": ["12:00-13:00"]}, "2027-02-28T12:30+02:00", HOUR, "2027-03-01T12:30+02:00"),
        # a shift over midnight, and one that goes on into the next day's
        (HELSINKI, NIGHTS, "2026-11-24T23:00+02:00", 8 * HOUR, "2026-11-25T23:00+02:00"),
        (HELSINKI, NIGHTS, "2026-11-27T23:00+02:00", 8 * HOUR, "2026-11-30T23:00+02:00"),
        (HELSINKI, JOINED, "2026-11-23T20:00+02:00", 8 * HOUR, "2026-11-24T04:00+02:00"),
    ],
)  # fmt: skip
def test_nights_and_changes_of_the_clocks(
    zone: ZoneInfo, written: Week | dict[str, list[str]], start: str, amount: timedelta, due: str
) -> None:
    calendar = Calendar(zone, week(written) if isinstance(written, dict) else written)
    started, ends = datetime.fromisoformat(start), datetime.fromisoformat(due)
    assert calendar.add(started, amount) == ends
    assert calendar.between(started, ends) == amount


def test_a_holiday_closes_its_date_from_midnight_to_midnight() -> None:
    """The shift of the evening before ends at midnight; what is left of the holiday's own begins at the next."""
    nights = Calendar(HELSINKI, week({"mon-sun": ["22:00-06:00"]}), CHRISTMAS)
    assert nights.add(at("2026-12-26T12:00", HELSINKI), timedelta(0)) == at("2026-12-27T00:00", HELSINKI)
    assert nights.between(at("2026-12-25T00:00", HELSINKI), at("2026-12-27T00:00", HELSINKI)) == timedelta(0)


def test_without_hours_only_holidays_stop_the_time() -> None:
    calendar = Calendar(HELSINKI, exceptions=exceptions_on({date(2026, 12, 25): Special("Christmas Day")}))
    assert calendar.is_round_the_clock
    assert calendar.add(at("2026-12-24T20:00", HELSINKI), 24 * HOUR) == at("2026-12-26T20:00", HELSINKI)
    assert calendar.add(at("2026-11-28T03:00", HELSINKI), 24 * HOUR) == at("2026-11-29T03:00", HELSINKI)


def test_a_calendar_that_never_opens_has_an_end() -> None:
    never = Calendar(HELSINKI, ((),) * 7)
    assert never.add(at("2026-11-24T10:00"), HOUR) == LATEST
    assert never.between(at("2026-11-24T10:00"), at("2036-11-24T10:00")) == timedelta(0)
    on_strike = Calendar(
        HELSINKI, OFFICE, lambda year: {date(year, 1, 1) + timedelta(days=n): Special("strike") for n in range(366)}
    )
    assert on_strike.add(at("2026-11-24T10:00"), HOUR) == LATEST


def test_one_open_day_in_many_years_is_found() -> None:
    once = Calendar(UTC, ((),) * 7, exceptions_on({date(2040, 2, 29): Special("the day", ALWAYS)}))
    assert once.add(at("2026-11-24T10:00"), HOUR) == at("2040-02-29T01:00")


@pytest.mark.parametrize("start", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), LATEST])
@pytest.mark.parametrize("amount", [timedelta.min, timedelta(0), HOUR, timedelta.max])
def test_absurd_times_still_give_an_instant(start: datetime, amount: timedelta) -> None:
    calendar = Calendar(HELSINKI, OFFICE)
    assert calendar.add(start, amount).year >= FIRST_YEAR
    assert calendar.between(start, start) == timedelta(0)
    assert calendar.skipped(start, calendar.add(start, amount)) is not None


def words(calendar: Calendar, start: str, end: str) -> list[str]:
    return [skip.words(HELSINKI) for skip in calendar.skipped(at(start, HELSINKI), at(end, HELSINKI))]


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-11-24T10:00", "2026-11-24T12:00", []),
        ("2026-11-24T10:00", "2026-11-25T10:00", ["break 12:30 to 13:15", "night 18:00 to 09:00"]),
        ("2026-11-24T20:00", "2026-11-25T10:00", ["night 20:00 to 09:00"]),
        ("2026-11-24T17:00", "2026-11-24T23:00", ["night 18:00 to 23:00"]),
        ("2026-11-25T02:00", "2026-11-25T09:30", ["night 02:00 to 09:00"]),
        (
            "2026-11-27T17:00",
            "2026-11-30T10:00",
            ["Friday 18:00 to 24:00", "Saturday", "Sunday", "Monday 00:00 to 09:00"],
        ),
        (
            "2026-12-23T17:00",
            "2026-12-28T09:30",
            [
                "night 18:00 to 09:00",
                "Christmas Eve 12:00 to 24:00",
                "Christmas Day",
                "Second Day of Christmas",
                "Sunday",
                "Monday 00:00 to 09:00",
            ],
        ),
        (
            "2026-12-18T17:30",
            "2026-12-21T09:30",
            ["night 18:00 to 10:00", "working Saturday 14:00 to 24:00", "Sunday", "Monday 00:00 to 09:00"],
        ),
        ("2026-11-28T14:00", "2026-11-28T15:00", ["Saturday 14:00 to 15:00"]),
        ("2026-11-28T15:00", "2026-11-28T14:00", []),
    ],
)
def test_what_was_skipped_and_why(start: str, end: str, said: list[str]) -> None:
    assert words(Calendar(HELSINKI, OFFICE, CHRISTMAS), start, end) == said


def test_a_night_shift_skips_its_days() -> None:
    said = words(Calendar(HELSINKI, NIGHTS), "2026-11-24T23:00", "2026-11-25T23:00")
    assert said == ["break 06:00 to 22:00"]


ZONES = st.sampled_from([HELSINKI, YORK, ZoneInfo("Asia/Tokyo"), LORD_HOWE, BEIRUT, HAVANA, ZoneInfo("UTC")])
INSTANTS = st.datetimes(datetime(2024, 12, 20), datetime(2029, 1, 15), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis wants naive bounds
AMOUNTS = st.timedeltas(timedelta(0), timedelta(days=40))


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    """A week with up to three intervals a day, some of them over midnight; open at least once."""
    days = []
    for _ in range(7):
        cuts = sorted(draw(st.lists(st.integers(0, DAY // 15), max_size=6, unique=True)))
        hours = [Hours(15 * a, 15 * b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
        if hours and hours[-1].opens and draw(st.booleans()):
            hours[-1] = Hours(hours[-1].opens, DAY + draw(st.integers(1, hours[-1].opens)))
        days.append(tuple(hours))
    assume(any(days))
    return tuple(days)


HOLIDAYS = st.frozensets(st.dates(date(2024, 12, 1), date(2029, 3, 1)), max_size=30)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any calendar, with holidays and with dates of their own hours."""
    special: dict[date, Special] = {day: Special("holiday") for day in draw(HOLIDAYS)}
    special |= {day: Special("half day", intervals(["08:00-12:00"])) for day in draw(HOLIDAYS)}
    return Calendar(draw(ZONES), draw(st.just(ROUND_THE_CLOCK) | weeks()), exceptions_on(special))


@given(calendars(), INSTANTS, AMOUNTS)
def test_adding_and_measuring_are_each_other_s_inverse(calendar: Calendar, start: datetime, amount: timedelta) -> None:
    due = calendar.add(start, amount)
    assert due >= start
    assert calendar.between(start, due) == amount
    assert calendar.between(due, start) == -amount


@given(calendars(), INSTANTS, AMOUNTS, AMOUNTS)
def test_two_steps_are_one(calendar: Calendar, start: datetime, one: timedelta, other: timedelta) -> None:
    assert calendar.add(calendar.add(start, one), other) == calendar.add(start, one + other)


@given(calendars(), INSTANTS, INSTANTS, INSTANTS)
def test_stretches_of_time_add_up(calendar: Calendar, one: datetime, other: datetime, third: datetime) -> None:
    whole = calendar.between(one, third)
    assert calendar.between(one, other) + calendar.between(other, third) == whole
    assert abs(whole) <= abs(third - one)


@given(calendars(), INSTANTS, INSTANTS, AMOUNTS, AMOUNTS)
def test_who_writes_first_or_may_wait_less_is_due_first(
    calendar: Calendar, one: datetime, other: datetime, less: timedelta, more: timedelta
) -> None:
    first, second = sorted((one, other))
    short, long = sorted((less, more))
    assert calendar.add(first, short) <= calendar.add(second, short)
    assert calendar.add(first, short) <= calendar.add(first, long)


@given(calendars(), INSTANTS, AMOUNTS)
def test_nothing_is_ever_due_outside_open_time(calendar: Calendar, start: datetime, amount: timedelta) -> None:
    """Right before what is due it is open, or right after where the clock never started."""
    due = calendar.add(start, amount)
    moment = timedelta(microseconds=1)
    assert calendar.between(due - moment, due) + calendar.between(due, due + moment) >= moment


@given(calendars(), INSTANTS, st.timedeltas(timedelta(0), timedelta(days=20)))
def test_what_counts_and_what_is_skipped_make_the_whole(calendar: Calendar, start: datetime, length: timedelta) -> None:
    end = start + length
    skips = calendar.skipped(start, end)
    assert calendar.between(start, end) + sum((skip.end - skip.start for skip in skips), timedelta(0)) == length
    for skip in skips:
        assert start <= skip.start < skip.end <= end
        assert calendar.between(skip.start, skip.end) == timedelta(0)
    assert all(one.end <= other.start for one, other in pairwise(skips))


def oracle(zone: ZoneInfo, hours: Week, holidays: frozenset[date]) -> workclock.Schedule:
    """The same calendar for another program."""
    rules: list[workclock.Rule] = [workclock.Holidays(holidays)]
    for day, intervals_of_day in enumerate(hours):
        for each in intervals_of_day:
            opens, closes = divmod(each.opens, 60), divmod(each.closes % DAY, 60)
            rules.append(workclock.WorkDay(time(*opens), time(*closes), days=[day]))
    return workclock.Schedule(rules, time_zone=zone.key)


@given(ZONES, weeks(), HOLIDAYS, INSTANTS, st.timedeltas(timedelta(microseconds=1), timedelta(days=20)))
@example(YORK, week({"sun": ["01:30-02:30"]}), frozenset(), at("2026-03-07T12:00"), HOUR / 2)
@example(YORK, week({"sun": ["01:30-02:30"]}), frozenset(), at("2026-10-31T12:00"), HOUR / 2)
@example(YORK, week({"sun": ["02:50-02:55", "03:00-03:20"]}), frozenset(), at("2026-03-07T12:00"), HOUR / 3)
@example(
    ZoneInfo("Asia/Beirut"),
    ((), (), (), (), (), (Hours(60, 1500),), (Hours(0, 15),)),
    frozenset(),
    at("2025-01-05T00:00"),
    timedelta(days=12),
)
def test_another_program_comes_to_the_same_end(
    zone: ZoneInfo, hours: Week, holidays: frozenset[date], start: datetime, amount: timedelta
) -> None:
    special = exceptions_on({day: Special("holiday") for day in holidays})
    calendar, other = Calendar(zone, hours, special), oracle(zone, hours, holidays)
    due = calendar.add(start, amount)
    assert due == other.add(start, amount)
    assert calendar.between(start, due) == other.between(start, due)
    assert calendar.between(start, start + amount) == other.between(start, start + amount)
