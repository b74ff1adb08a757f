"""Times to come as an agent names them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from supportterm.domain.moments import UNTIL_THEY_WRITE, offered, read, snooze, split

TOKYO = ZoneInfo("Asia/Tokyo")
FRIDAY_NOON = datetime(2026, 3, 6, 12, 0, tzinfo=TOKYO)


def test_what_is_offered_lies_ahead_nearest_first() -> None:
    for hours in range(7 * 24):
        now = (FRIDAY_NOON + timedelta(hours=hours)).astimezone(UTC)
        moments = [instant for _, instant in offered(now, TOKYO)]
        assert all(instant > now for instant in moments)
        assert moments == sorted(moments)


def test_before_work_begins_this_morning_is_offered() -> None:
    early = FRIDAY_NOON.replace(hour=3)
    assert dict(offered(early, TOKYO))["this morning"] == early.replace(hour=9)
    assert read("this morning", early, TOKYO) == early.replace(hour=9)
    assert "this morning" not in dict(offered(FRIDAY_NOON, TOKYO))


def test_monday_is_named_once() -> None:
    assert [words for words, _ in offered(FRIDAY_NOON, TOKYO)] == [
        "in 1 hour", "this afternoon", "tomorrow morning", "Monday morning",
    ]  # fmt: skip
    sunday = FRIDAY_NOON + timedelta(days=2)
    assert [words for words, _ in offered(sunday, TOKYO)][-1] == "tomorrow morning"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("30m", FRIDAY_NOON + timedelta(minutes=30)),
        ("in 2 h", FRIDAY_NOON + timedelta(hours=2)),
        ("1w", FRIDAY_NOON + timedelta(days=7)),
        ("14:30", FRIDAY_NOON.replace(hour=14, minute=30)),
        ("9:00", FRIDAY_NOON.replace(day=7, hour=9)),
        ("tomorrow 14:30", FRIDAY_NOON.replace(day=7, hour=14, minute=30)),
        ("2 hours", FRIDAY_NOON + timedelta(hours=2)),
        ("in 90 minutes", FRIDAY_NOON + timedelta(minutes=90)),
        ("2h30m", FRIDAY_NOON + timedelta(hours=2, minutes=30)),
        ("1 h 30 min", FRIDAY_NOON + timedelta(minutes=90)),
        ("half an hour", FRIDAY_NOON + timedelta(minutes=30)),
        ("in an hour", FRIDAY_NOON + timedelta(hours=1)),
        ("in 3 days", FRIDAY_NOON + timedelta(days=3)),
        ("2 weeks", FRIDAY_NOON + timedelta(days=14)),
        ("5pm", FRIDAY_NOON.replace(hour=17)),
        ("5:30 p.m.", FRIDAY_NOON.replace(hour=17, minute=30)),
        ("tomorrow 12 am", FRIDAY_NOON.replace(day=7, hour=0)),
        ("at 17", FRIDAY_NOON.replace(hour=17)),
        ("24 December", datetime(2026, 12, 24, 9, tzinfo=TOKYO)),
        ("Dec 24 17:00", datetime(2026, 12, 24, 17, tzinfo=TOKYO)),
        ("3rd of april, 2027 at 10:00", datetime(2027, 4, 3, 10, tzinfo=TOKYO)),
        ("24.12.", datetime(2026, 12, 24, 9, tzinfo=TOKYO)),
        ("24.12.2027 8:15", datetime(2027, 12, 24, 8, 15, tzinfo=TOKYO)),
        ("5 march", datetime(2027, 3, 5, 9, tzinfo=TOKYO)),
        ("29 february", datetime(2028, 2, 29, 9, tzinfo=TOKYO)),
        ("6 march", datetime(2027, 3, 6, 9, tzinfo=TOKYO)),
        ("6 march 13:00", FRIDAY_NOON.replace(hour=13)),
        ("may 9", datetime(2026, 5, 9, 9, tzinfo=TOKYO)),
        ("Tomorrow", FRIDAY_NOON.replace(day=7, hour=9)),
        ("2pm", FRIDAY_NOON.replace(hour=14)),
        ("9 a.m.", FRIDAY_NOON.replace(day=7, hour=9)),
        ("12 am", FRIDAY_NOON.replace(day=7, hour=0)),
        ("at 9", FRIDAY_NOON.replace(day=7, hour=9)),
        ("tomorrow at 9", FRIDAY_NOON.replace(day=7, hour=9)),
        ("today 5pm", FRIDAY_NOON.replace(hour=17)),
        ("Monday 9", FRIDAY_NOON.replace(day=9, hour=9)),
        ("monday 17h", FRIDAY_NOON.replace(day=9, hour=17)),
        ("Monday morning", FRIDAY_NOON.replace(day=9, hour=9)),
        ("on Friday evening", FRIDAY_NOON.replace(hour=18)),
        ("friday morning", FRIDAY_NOON.replace(day=13, hour=9)),
        ("next friday 9:00", FRIDAY_NOON.replace(day=13, hour=9)),
        ("2026-12-01", datetime(2026, 12, 1, 9, tzinfo=TOKYO)),
        ("2026-12-01 14:00", datetime(2026, 12, 1, 14, tzinfo=TOKYO)),
        ("2026-12-01T14:00+00:00", datetime(2026, 12, 1, 14, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_people_write_them(typed: str, expected: datetime) -> None:
    assert read(typed, FRIDAY_NOON.astimezone(UTC), TOKYO) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "25:00",
        "today 9:00",
        "2026-03-06",
        "2020-01-01",
        "-3d",
        "9",
        "99:99",
        "13pm",
        "0am",
        "32 march",
        "24.13.",
        "5 march 2026",
        "2 h 3 h",
        "h",
        "in",
        "24 moon",
        "this",
        "on",
        "9 monday",
        "today",
    ],
)
def test_what_is_no_time_to_come_is_none(typed: str) -> None:
    assert read(typed, FRIDAY_NOON.astimezone(UTC), TOKYO) is None


def test_the_machines_own_clock_changes_to_summer_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        saturday = datetime(2026, 3, 28, 12, tzinfo=UTC)
        assert dict(offered(saturday))["tomorrow morning"] == datetime(2026, 3, 29, 7, tzinfo=UTC)
        assert read("2026-06-01 14:00", saturday) == datetime(2026, 6, 1, 12, tzinfo=UTC)
        assert read("tomorrow 9:00", saturday) == datetime(2026, 3, 29, 7, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("monday", FRIDAY_NOON.replace(day=9, hour=9)),
        ("Mon 14:30", FRIDAY_NOON.replace(day=9, hour=14, minute=30)),
        ("on tuesday at 8:00", FRIDAY_NOON.replace(day=10, hour=8)),
        # today's name with a time to come is today, else in a week
        ("friday 13:00", FRIDAY_NOON.replace(hour=13)),
        ("friday", FRIDAY_NOON.replace(day=13, hour=9)),
        ("this afternoon", FRIDAY_NOON.replace(hour=15)),
        ("tomorrow evening", FRIDAY_NOON.replace(day=7, hour=18)),
        ("friday afternoon", FRIDAY_NOON.replace(hour=15)),
        ("mon morning", FRIDAY_NOON.replace(day=9, hour=9)),
        ("this tuesday 10:00", FRIDAY_NOON.replace(day=10, hour=10)),
        ("next tuesday at noon", FRIDAY_NOON.replace(day=10, hour=12)),
        ("9:00 on tuesday", FRIDAY_NOON.replace(day=10, hour=9)),
        ("monday at 9", FRIDAY_NOON.replace(day=9, hour=9)),
        ("tonight", FRIDAY_NOON.replace(hour=20)),
        ("midnight", FRIDAY_NOON.replace(day=7, hour=0)),
        ("noon", FRIDAY_NOON.replace(day=7)),
        ("next week", FRIDAY_NOON.replace(day=9, hour=9)),
        ("the day after tomorrow 10:00", FRIDAY_NOON.replace(day=8, hour=10)),
        ("morning", None),
        ("friday friday", None),
        ("this morning", None),
        ("moonday", None),
        ("fr", None),
    ],
)
def test_weekdays_and_parts_of_a_day(typed: str, expected: datetime | None) -> None:
    assert read(typed, FRIDAY_NOON.astimezone(UTC), TOKYO) == expected


@pytest.mark.parametrize(
    ("typed", "words", "instant"),
    [
        ("tomorrow 9:00 call Jo", "call Jo", FRIDAY_NOON.replace(day=7, hour=9)),
        ("tomorrow call Jo at 9", "call Jo at 9", FRIDAY_NOON.replace(day=7, hour=9)),
        ("in 2 h the log", "the log", FRIDAY_NOON + timedelta(hours=2)),
        ("friday 14:00", "", FRIDAY_NOON.replace(hour=14)),
        ("monday at noon 12 chairs", "12 chairs", FRIDAY_NOON.replace(day=9)),
        ("2 hours 30 chairs", "30 chairs", FRIDAY_NOON + timedelta(hours=2)),
        ("24 december call Jo", "call Jo", datetime(2026, 12, 24, 9, tzinfo=TOKYO)),
        ("monday at 5 people come", "at 5 people come", FRIDAY_NOON.replace(day=9, hour=9)),
    ],
)
def test_a_time_and_what_follows_it(typed: str, words: str, instant: datetime) -> None:
    assert split(typed, FRIDAY_NOON.astimezone(UTC), TOKYO) == (instant, words)


def test_where_no_time_stands_first_there_is_none() -> None:
    assert split("call Jo tomorrow", FRIDAY_NOON, TOKYO) is None
    assert split("", FRIDAY_NOON, TOKYO) is None


def test_a_snooze_may_wait_for_the_customer_alone() -> None:
    assert snooze("Until they write", FRIDAY_NOON) == UNTIL_THEY_WRITE
    assert snooze("the customer writes", FRIDAY_NOON) == UNTIL_THEY_WRITE
    assert snooze("2h", FRIDAY_NOON) == FRIDAY_NOON + timedelta(hours=2)
    assert snooze("until hell", FRIDAY_NOON) is None
