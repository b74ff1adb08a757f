"""A clock of a ticket and its ledger: each step that started, stopped or moved it, with what was left."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from supportterm.domain.ticket import Status

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class ClockState(StrEnum):
    """How a clock stands; a running one may be late."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BROKEN = "broken"
    """Its end came after its due time."""
    ENDED = "ended"
    """Nobody waits for it any more: neither met nor broken."""


class StepKind(StrEnum):
    """What happened to a clock."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    POLICY = "policy changed"
    BREACHED = "breached"
    MET = "met"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a ledger: `left` is what was left of the length then, `policy` the name of what counts from here."""

    at: datetime
    kind: StepKind
    why: str = ""
    left: timedelta = timedelta(0)
    policy: str = ""


@dataclass(frozen=True, slots=True)
class TicketClock:
    """A duration against a target on one ticket. Instants are aware UTC; `kind` is a word of `ClockKind`.

    `agent` is whose it is: for a derived clock the ticket's assignee, None where
    it is anybody's. `warned` is the percent of its length already told of, `warns`
    when its warnings fall; `words` is what was promised or is to be remembered.
    """

    id: str
    ticket_key: str
    kind: str
    state: ClockState
    started_at: datetime
    due_at: datetime | None = None
    agent: str | None = None
    warned: int = 0
    policy: str = ""
    words: str = ""
    ledger: tuple[Step, ...] = ()
    warns: tuple[datetime, ...] = ()

    def is_late(self, now: datetime) -> bool:
        """Tell whether it runs past its due time."""
        return self.state is ClockState.RUNNING and self.due_at is not None and self.due_at <= now


OWN = frozenset({"reminder", "follow-up"})
"""What an agent set for themselves: no customer waits for it."""
_REPLIES = frozenset({"first reply", "next reply"})


def owed(clocks: Iterable[TicketClock], status: Status) -> list[TicketClock]:
    """Return the running clocks that it is on us to stop, the next to end first.

    Where the ticket is pending, our answer is written and on its way: then no reply.
    """
    done = _REPLIES if status is Status.PENDING else frozenset()
    running = [c for c in clocks if c.state is ClockState.RUNNING and c.due_at is not None and c.kind not in done]
    return sorted(running, key=lambda clock: (clock.due_at or clock.started_at, clock.kind))


def to_json(steps: Sequence[Step]) -> str:
    """Return a ledger as it is kept: `[[milliseconds, what, why, milliseconds left, policy], …]`."""
    return json.dumps(
        [
            [(step.at - _EPOCH) // _MILLISECOND, step.kind.value, step.why, step.left // _MILLISECOND, step.policy]
            for step in steps
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def from_json(text: str) -> tuple[Step, ...]:
    """Read a ledger as `to_json` wrote it."""
    return tuple(
        Step(_EPOCH + at * _MILLISECOND, StepKind(kind), why, left * _MILLISECOND, policy)
        for at, kind, why, left, policy in json.loads(text)
    )
