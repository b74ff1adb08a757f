"""A due time in sentences: what did not count stands in its order, and whose days and hours they are."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from supportterm.desk.explaining import explain
from supportterm.domain import opening
from supportterm.domain.calendars import Calendar
from supportterm.domain.ledger import ClockState, Step, StepKind, TicketClock
from tests.config.test_policies import BERLIN

MONDAY = datetime(2026, 11, 23, 3, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def a_machine_on_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def told(calendar: Calendar, length: timedelta) -> list[str]:
    clock = TicketClock(
        id="c",
        ticket_key="k",
        kind="resolution",
        state=ClockState.RUNNING,
        started_at=MONDAY,
        due_at=calendar.add(MONDAY, length),
        policy="default",
        ledger=(Step(MONDAY, StepKind.STARTED, "the customer wrote", length, "default"),),
    )
    lines = explain(clock, lambda _name, _at: calendar, MONDAY, lambda at: f"{at:%a %H:%M}")
    return [line.strip() for line in lines]


def test_what_did_not_count_stands_in_its_order() -> None:
    calendar = Calendar(BERLIN, opening.week({"mon-fri": ["09:00-12:30", "13:15-18:00"]}))
    assert told(calendar, timedelta(hours=12))[2:] == [
        "Skipped from Mon 03:02 to Mon 08:00: Monday.",
        "Skipped from Mon 11:30 to Mon 12:15: break.",
        "Skipped from Mon 17:00 to Tue 08:00: night.",
        "Skipped from Tue 11:30 to Tue 12:15: break.",
        "Its days and hours are those of Europe/Berlin, where it is 04:02 now.",
    ]


def test_the_zone_is_told_only_where_it_matters() -> None:
    assert told(Calendar(BERLIN), timedelta(hours=12))[2:] == []
    here = Calendar(UTC, opening.week({"mon-fri": ["09:00-18:00"]}))
    assert told(here, timedelta(hours=2))[2:] == ["Skipped from Mon 03:02 to Mon 09:00: Monday."]
