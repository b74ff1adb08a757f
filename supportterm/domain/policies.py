"""SLA policies: which clocks run for a ticket, how long, in which time, and what stops them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from supportterm.domain.calendars import Calendar

if TYPE_CHECKING:
    from supportterm.domain.query import Query


class ClockKind(StrEnum):
    """What a clock measures, as it is called on screen."""

    FIRST_REPLY = "first reply"
    NEXT_REPLY = "next reply"
    RESOLUTION = "resolution"
    UPDATE = "update"
    PROMISE = "promise"
    CALLBACK = "callback"
    FOLLOW_UP = "follow-up"
    REMINDER = "reminder"
    HOLD = "hold"


SNOOZED = "snoozed"
"""What stops a clock beside the words of a ticket's status."""
PAUSES: Mapping[ClockKind, frozenset[str]] = {ClockKind.RESOLUTION: frozenset({"pending", "on-hold", SNOOZED})}
"""What stops a clock unless a policy says otherwise: the customer or a third party owes the next step."""
WARN_AT = (75, 90)
PINS = "policy:"
"""What a tag begins with that puts its ticket under a policy, whatever the queries say: `policy:vip`."""
DEFAULT = "default"
"""The name of the policy that counts where no other does."""


@dataclass(frozen=True, slots=True)
class Target:
    """How long a clock may run, in the time of a calendar."""

    length: timedelta
    calendar: Calendar

    def due(self, start: datetime) -> datetime:
        """Return when a clock that began then, and was never stopped, ends."""
        return self.calendar.add(start, self.length)

    def warning(self, start: datetime, percent: int) -> datetime:
        """Return when so many percent of the time are used up."""
        return self.calendar.add(start, self.length * percent / 100)


@dataclass(frozen=True, slots=True)
class Policy:
    """The targets of the tickets that `when` names: a query's text, empty for every ticket.

    `pauses` are words of a status, or `snoozed`; `warn_at` percents of a
    target; `channels` targets that only tickets of a channel have.
    """

    name: str
    when: str = ""
    targets: Mapping[ClockKind, Target] = field(default_factory=dict)
    pauses: Mapping[ClockKind, frozenset[str]] = field(default_factory=lambda: PAUSES)
    warn_at: tuple[int, ...] = WARN_AT
    channels: Mapping[str, Mapping[ClockKind, Target]] = field(default_factory=dict)

    def target(self, kind: ClockKind) -> Target | None:
        """Return how long a clock may run; None where this policy has no such target."""
        return self.targets.get(kind)

    def stops(self, kind: ClockKind, state: str) -> bool:
        """Tell whether a clock stands still in a status, or while `snoozed`."""
        return state in self.pauses.get(kind, ())

    def on(self, channel: str) -> Policy:
        """Return the policy as it is for tickets of a channel."""
        own = self.channels.get(channel)
        return dataclasses.replace(self, targets={**self.targets, **own}, channels={}) if own else self


def default_policy(clock: Calendar | None = None, hours: Calendar | None = None, first: Target | None = None) -> Policy:
    """Return what counts where nothing else is configured.

    `clock` is clock time with its holidays, `hours` business time; without
    it, business time is clock time. The first reply is due within 24 clock
    hours, whatever the ticket; the next one within 8 business hours, or like
    the first; an update while on hold within 8 business hours, or 24 clock
    hours. Nothing has a target for its resolution. A chat is answered within
    a minute at every turn, a social post within ten at first, and nobody
    holds a line for more than two.
    """
    clock = clock or Calendar()
    day = Target(timedelta(hours=24), clock)
    usual = Target(timedelta(hours=8), hours) if hours else None
    quick = hours or clock
    chat, social = Target(timedelta(seconds=60), quick), Target(timedelta(minutes=10), quick)
    targets = {
        ClockKind.FIRST_REPLY: first or day,
        ClockKind.NEXT_REPLY: usual or first or day,
        ClockKind.UPDATE: usual or day,
        ClockKind.HOLD: Target(timedelta(minutes=2), Calendar()),
    }
    channels = {
        "chat": {ClockKind.FIRST_REPLY: chat, ClockKind.NEXT_REPLY: chat},
        "social": {ClockKind.FIRST_REPLY: social},
    }
    return Policy(DEFAULT, targets=targets, channels=channels)


@dataclass(frozen=True, slots=True)
class PolicyBook:
    """The policies in order: of those whose query names a ticket, the first counts, else the default."""

    policies: tuple[Policy, ...] = ()
    default: Policy = field(default_factory=default_policy)

    def choose(self, channel: str, holds: Callable[[Query], bool]) -> Policy:
        """Return the policy of a ticket of a channel; `holds` tells whether a query names the ticket."""
        for policy in self.policies:
            if not policy.when or holds(_query(policy.when)):
                return policy.on(channel)
        return self.default.on(channel)

    def pinned(self, tags: Iterable[str], channel: str) -> Policy | None:
        """Return the policy that a ticket's tags put it under; None where none does."""
        wanted = {tag.removeprefix(PINS) for tag in tags if tag.startswith(PINS)}
        found = (policy for policy in (*self.policies, self.default) if pin(policy.name).removeprefix(PINS) in wanted)
        return next((policy.on(channel) for policy in found), None) if wanted else None

    def of(self, name: str, channel: str) -> Policy | None:
        """Return the policy of that name, as it is for tickets of a channel; None where there is none."""
        return next((policy.on(channel) for policy in (*self.policies, self.default) if policy.name == name), None)


def pin(name: str) -> str:
    """Return the tag that puts a ticket under the policy of that name."""
    return PINS + re.sub(r"[^\w.:-]+", "-", name.strip().lower())[:40]


@lru_cache(256)
def _query(text: str) -> Query:
    from supportterm.domain.query import parse

    return parse(text)
