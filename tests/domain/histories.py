"""Histories to derive clocks from, written shortly, and policies to derive them by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from supportterm.domain.deriving import FIRST_REPLY, NEXT_REPLY, RESOLUTION, UPDATE, InForce, derive
from supportterm.domain.events import Event, EventKind
from supportterm.domain.history import replay
from supportterm.domain.ledger import TicketClock
from supportterm.domain.standing import Beat
from supportterm.domain.ticket import MessageKind, Status

DAY = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday."""
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return DAY + timedelta(hours=hours)


@dataclass(frozen=True)
class Always:
    """Every hour counts."""

    def add(self, start: datetime, amount: timedelta) -> datetime:
        return start + max(amount, timedelta(0))

    def between(self, start: datetime, end: datetime) -> timedelta:
        return end - start


@dataclass(frozen=True)
class Days:
    """Only the hours from nine to five count, every day of the week."""

    def _worked(self, instant: datetime) -> timedelta:
        since = instant - DAY
        return since.days * 8 * HOUR + min(max(timedelta(seconds=since.seconds) - 9 * HOUR, 0 * HOUR), 8 * HOUR)

    def between(self, start: datetime, end: datetime) -> timedelta:
        return self._worked(end) - self._worked(start)

    def add(self, start: datetime, amount: timedelta) -> datetime:
        whole, rest = divmod(self._worked(start) + amount, 8 * HOUR)
        due = DAY + timedelta(days=whole) + 9 * HOUR + rest
        return due if rest or amount <= timedelta(0) else due - 16 * HOUR


@dataclass(frozen=True)
class Aim:
    length: timedelta
    calendar: Always | Days = Always()


@dataclass(frozen=True)
class Plan:
    """First reply in 24 hours, the next in 8 of the day, solved in 40 hours, told every 4 while on hold."""

    name: str = "default"
    targets: Mapping[str, Aim] = field(
        default_factory=lambda: {
            FIRST_REPLY: Aim(24 * HOUR),
            NEXT_REPLY: Aim(8 * HOUR, Days()),
            RESOLUTION: Aim(40 * HOUR),
            UPDATE: Aim(4 * HOUR),
        }
    )
    pauses: Mapping[str, frozenset[str]] = field(
        default_factory=lambda: {RESOLUTION: frozenset({"pending", "snoozed"})}
    )
    warn_at: tuple[int, ...] = (75, 90)


class Tale:
    """A history told hour by hour; instants are hours after `DAY`."""

    def __init__(self) -> None:
        self.beats: list[Beat] = []
        self.events: list[Event] = []
        self.status = Status.NEW
        self.snoozed_until: datetime | None = None

    def mail(self, hour: float, kind: str = "customer", intent: str = "", *, here: bool = False) -> Tale:
        self.beats.append(Beat(MessageKind(kind), at(hour), intent, here))
        return self

    def reply(self, hour: float) -> Tale:
        return self.mail(hour, "reply")

    def set(self, hour: float, status: str, by: str = "ada", undoes: str | None = None) -> Tale:
        return self.event(hour, EventKind.CHANGED, {"status": ["", status]}, by, undoes)

    def snooze(self, hour: float, until: float | None) -> Tale:
        value = None if until is None else at(until).isoformat()
        return self.event(hour, EventKind.CHANGED, {"snoozed_until": [None, value]})

    def event(
        self, hour: float, kind: EventKind, payload: Mapping[str, object], by: str = "ada", undoes: str | None = None
    ) -> Tale:
        number = len(self.events) + 1
        self.events.append(Event(f"e{number}", "here", number, by, at(hour), "K", kind, payload, None, undoes))
        return self

    def clocks(
        self, now: float = 1000, status: str | None = None, policies: Sequence[InForce] = (), begins: datetime = DAY
    ) -> list[TicketClock]:
        moments = replay(self.beats, self.events, now=at(now))
        if status is not None:
            assert moments[-1].status == status
        return derive("K", moments, policies or [InForce(DAY, Plan())], at(now), begins=begins)


def told(clock: TicketClock) -> list[str]:
    """Return a ledger in a few words: `started 0`, `paused 2`."""
    return [f"{step.kind.value} {(step.at - DAY) / HOUR:g}" for step in clock.ledger]


def of(clocks: Sequence[TicketClock], kind: str) -> list[TicketClock]:
    return [clock for clock in clocks if clock.kind == kind]
