"""Histories to derive clocks from, written shortly, and policies to derive them by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from supportterm.domain.calendars import Calendar
from supportterm.domain.deriving import InForce, derive
from supportterm.domain.events import Event, EventKind
from supportterm.domain.history import replay
from supportterm.domain.ledger import TicketClock
from supportterm.domain.opening import Hours
from supportterm.domain.policies import ClockKind, Policy, Target
from supportterm.domain.standing import Beat
from supportterm.domain.ticket import MessageKind, Status

DAY = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday."""
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return DAY + timedelta(hours=hours)


ALWAYS = Calendar()
DAYS = Calendar(week=((Hours(9 * 60, 17 * 60),),) * 7)
"""Nine to five, every day of the week."""
FIRST_REPLY, NEXT_REPLY = ClockKind.FIRST_REPLY, ClockKind.NEXT_REPLY
RESOLUTION, UPDATE = ClockKind.RESOLUTION, ClockKind.UPDATE
USUAL = Policy(
    "default",
    targets={
        FIRST_REPLY: Target(24 * HOUR, ALWAYS),
        NEXT_REPLY: Target(8 * HOUR, DAYS),
        RESOLUTION: Target(40 * HOUR, ALWAYS),
        UPDATE: Target(4 * HOUR, ALWAYS),
    },
    pauses={RESOLUTION: frozenset({"pending", "snoozed"})},
)
"""First reply in 24 hours, the next in 8 of the day, solved in 40 hours, told every 4 while on hold."""


def policy(name: str, **hours: float | Target) -> Policy:
    """Return a policy of so many clock hours: `policy("strict", first_reply=2)`."""
    targets = {
        ClockKind[kind.upper()]: length if isinstance(length, Target) else Target(length * HOUR, ALWAYS)
        for kind, length in hours.items()
    }
    return Policy(name, targets=targets, pauses=USUAL.pauses)


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
        return derive("K", moments, policies or [InForce(DAY, USUAL)], at(now), begins=begins)


def told(clock: TicketClock) -> list[str]:
    """Return a ledger in a few words: `started 0`, `paused 2`."""
    return [f"{step.kind.value} {(step.at - DAY) / HOUR:g}" for step in clock.ledger]


def of(clocks: Sequence[TicketClock], kind: str) -> list[TicketClock]:
    return [clock for clock in clocks if clock.kind == kind]
