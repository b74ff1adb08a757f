"""The first-reply clock: clock hours, with whole holidays left out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.domain.clocks import first_reply_due, in_words

HELSINKI = ZoneInfo("Europe/Helsinki")
YORK = ZoneInfo("America/New_York")
CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 26)})


def at(text: str, zone: ZoneInfo | None = None) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone or UTC)


@pytest.mark.parametrize(
    ("created", "hours", "holidays", "zone", "due"),
    [
        # an ordinary day, a weekend: clock hours run through
        ("2026-11-24T09:30", 24, frozenset(), HELSINKI, "2026-11-25T09:30"),
        ("2026-11-28T09:30", 24, frozenset(), HELSINKI, "2026-11-29T09:30"),
        # written the evening before two holidays
        ("2026-12-24T20:00", 24, CHRISTMAS, HELSINKI, "2026-12-27T20:00"),
        # written on a holiday: the clock starts when it is over
        ("2026-12-25T10:00", 24, CHRISTMAS, HELSINKI, "2026-12-28T00:00"),
        ("2026-12-26T23:59", 2, CHRISTMAS, HELSINKI, "2026-12-27T02:00"),
        # due before the holiday begins: the holiday plays no part
        ("2026-12-24T10:00", 8, CHRISTMAS, HELSINKI, "2026-12-24T18:00"),
        ("2026-12-24T10:00", 14, CHRISTMAS, HELSINKI, "2026-12-25T00:00"),
        # a holiday that is over
        ("2026-12-27T10:00", 24, CHRISTMAS, HELSINKI, "2026-12-28T10:00"),
        # clocks go back and forward: 24 hours are 24 hours
        ("2026-10-31T12:00", 24, frozenset(), YORK, "2026-11-01T11:00"),
        ("2026-03-07T12:00", 24, frozenset(), YORK, "2026-03-08T13:00"),
        # a holiday of 25 and of 23 hours is left out whole
        ("2026-10-31T12:00", 24, frozenset({date(2026, 11, 1)}), YORK, "2026-11-02T12:00"),
        ("2026-03-07T12:00", 24, frozenset({date(2026, 3, 8)}), YORK, "2026-03-09T12:00"),
        ("2026-11-24T09:00", 0.5, frozenset(), HELSINKI, "2026-11-24T09:30"),
    ],
)
def test_when_the_first_reply_is_due(
    created: str, hours: float, holidays: frozenset[date], zone: ZoneInfo, due: str
) -> None:
    assert first_reply_due(at(created, zone), hours, holidays, zone) == at(due, zone)


def test_a_holiday_is_where_the_team_is() -> None:
    created = at("2026-12-24T16:00")  # already the 25th in Auckland
    assert first_reply_due(created, 1, frozenset({date(2026, 12, 25)}), ZoneInfo("Pacific/Auckland")) > created + (
        timedelta(hours=19)
    )
    assert first_reply_due(created, 1, frozenset({date(2026, 12, 25)}), UTC) == created + timedelta(hours=1)


INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis wants naive bounds
HOLIDAYS = st.frozensets(st.dates(date(2019, 12, 1), date(2035, 2, 1)), max_size=12)
ZONES = st.sampled_from([HELSINKI, YORK, ZoneInfo("Asia/Tokyo"), ZoneInfo("America/Santiago"), ZoneInfo("UTC")])


@given(INSTANTS, st.floats(0.01, 240), HOLIDAYS, ZONES)
def test_exactly_the_hours_outside_holidays_pass(
    created: datetime, hours: float, holidays: frozenset[date], zone: ZoneInfo
) -> None:
    due = first_reply_due(created, hours, holidays, zone)
    skipped = timedelta(0)
    for day in holidays:
        begins = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        after = day + timedelta(days=1)
        ends = datetime(after.year, after.month, after.day, tzinfo=zone).astimezone(UTC)
        skipped += max(timedelta(0), min(due, ends) - max(created, begins))
    assert abs((due - created - skipped) - timedelta(hours=hours)) < timedelta(milliseconds=1)


@given(INSTANTS, INSTANTS, HOLIDAYS, ZONES)
def test_who_wrote_first_is_due_first(
    one: datetime, other: datetime, holidays: frozenset[date], zone: ZoneInfo
) -> None:
    first, second = sorted((one, other))
    assert first_reply_due(first, 24, holidays, zone) <= first_reply_due(second, 24, holidays, zone)


@pytest.mark.parametrize("hours", [1e300, float("inf"), float("nan"), -5.0])
def test_absurd_targets_still_give_an_instant(hours: float) -> None:
    assert first_reply_due(at("2026-11-24T09:00"), hours).tzinfo is UTC


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (41 * 60, "41 min"),
        (41 * 60 + 59, "41 min"),
        (2 * 3600 + 10 * 60, "2 h 10"),
        (2 * 3600 + 5 * 60, "2 h 05"),
        (2 * 3600, "2 h"),
        (30 * 3600, "30 h"),
        (3 * 86400 + 3600, "3 d"),
        (59, "<1 min"),
        (0, "<1 min"),
        (-4 * 60, "late 4 min"),
        (-90 * 60, "late 1 h 30"),
        (-30, "late <1 min"),
    ],
)
def test_what_is_left_in_words(seconds: int, words: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == words
