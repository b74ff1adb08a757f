"""Times that have passed, pauses, and who keeps whose promises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from supportterm.domain import absence, attendance, handover, past_times
from supportterm.domain.absence import Absence
from supportterm.domain.attendance import Attendance
from supportterm.domain.handover import Fate

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        ("2h", datetime(2026, 3, 4, 8, tzinfo=UTC)),
        ("30 m ago", datetime(2026, 3, 4, 9, 30, tzinfo=UTC)),
        ("9:00", datetime(2026, 3, 4, 9, tzinfo=UTC)),
        ("17:30", datetime(2026, 3, 3, 17, 30, tzinfo=UTC)),
        ("yesterday", datetime(2026, 3, 3, tzinfo=UTC)),
        ("yesterday 17:00", datetime(2026, 3, 3, 17, tzinfo=UTC)),
        ("friday 17:30", datetime(2026, 2, 27, 17, 30, tzinfo=UTC)),
        ("wednesday", datetime(2026, 2, 25, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-05", None),
        ("yesterday soon", None),
        ("99999d", None),
        ("", None),
    ],
)
def test_a_time_that_has_passed_is_read_as_it_is_named(text: str, passed: datetime | None) -> None:
    assert past_times.read(text, NOW, UTC) == passed


def test_a_promise_goes_to_the_keepers_keeper_and_never_round_in_a_ring() -> None:
    def away(agent: str, keeper: str, hours: int = 5) -> Absence:
        return Absence(agent, NOW, NOW + timedelta(hours=hours), keeper)

    assert absence.kept_by([away("ada", "bob")], "bob", NOW) == ["ada"]
    assert absence.kept_by([away("ada", "bob")], "bob", NOW + timedelta(hours=5)) == []
    assert absence.kept_by([away("ada", "bob"), away("bob", "eve")], "eve", NOW) == ["ada", "bob"]
    assert absence.kept_by([away("ada", "bob"), away("bob", "ada")], "ada", NOW) == []


def test_attendance_and_absence_are_read_as_they_were_written() -> None:
    for one in (Attendance(), Attendance(NOW), Attendance(NOW, NOW - timedelta(days=1))):
        assert attendance.from_json(attendance.to_json(one)) == one
    away = Absence("ada", NOW, NOW + timedelta(days=1), "伊藤")
    assert absence.from_json("ada", absence.to_json(away)) == away


def test_a_clock_set_back_takes_no_time_back() -> None:
    assert Attendance(NOW).seen(NOW - timedelta(hours=1)).here == NOW
    assert Attendance(NOW).begun(NOW + timedelta(hours=3), timedelta(0)) is None


def test_the_summary_counts_what_is_open_first() -> None:
    assert handover.summary(2, [Fate.GIVEN, Fate.KEPT, Fate.GIVEN]) == "2 to decide, 1 kept, 2 given"
    assert handover.summary(0, []) == "nothing is left behind"
