"""A clock of a ticket and its ledger: each step that started, stopped or moved it, with what was left."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

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
    RESTARTED = "restarted"
    """Begun anew with its whole length: the customer was told."""
    POLICY = "policy changed"
    BREACHED = "breached"
    MET = "met"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a ledger: `left` is what was left of the length then, `policy` what counts from here on."""

    at: datetime
    kind: StepKind
    why: str = ""
    left: timedelta = timedelta(0)
    policy: str = ""

    @property
    def runs(self) -> bool:
        """True where the clock runs after this step."""
        return self.kind in (StepKind.STARTED, StepKind.RESUMED, StepKind.RESTARTED, StepKind.POLICY)


@dataclass(frozen=True, slots=True)
class TicketClock:
    """A duration against a target on one ticket. Instants are aware UTC; `kind` is a word of `ClockKind`.

    `agent` is whose it is: for a derived clock the ticket's assignee, None where
    it is anybody's. `warned` is the percent of its length already told of,
    `words` what was promised or is to be remembered.
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

    def is_late(self, now: datetime) -> bool:
        """Tell whether it runs past its due time."""
        return self.state is ClockState.RUNNING and self.due_at is not None and self.due_at <= now


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
