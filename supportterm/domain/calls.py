"""A phone call as a value: what happened in it and when, what its hold timer says, how it reads once it is over."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from supportterm.domain.errors import RefusedError
from supportterm.domain.ticket import Status

UNREACHED = "unreached"
"""The intent of a call in which nobody was spoken with: it answers nothing."""
OFFER, AMBER = 3 / 8, 3 / 4
"""Parts of the hold's target after which a callback is offered, and the timer turns amber: 0:45 and 1:30 of 2:00."""
AGAIN = timedelta(minutes=1)
"""How long after the target's bell the next one rings, and so on."""
_ZERO = timedelta(0)


class Turn(StrEnum):
    """What happened in a call."""

    ASKED = "asked"
    """Whether they would hold the line."""
    AGREED = "agreed"
    """So they are on hold."""
    REFUSED = "refused"
    TOLD = "told"
    """On hold, they heard from us: the timer begins anew."""
    BACK = "back"
    """On the line again."""


class State(StrEnum):
    """How a call stands."""

    LINE = "on the line"
    ASKING = "asked to hold"
    HOLD = "on hold"
    OVER = "over"


_STATES = {
    Turn.ASKED: State.ASKING,
    Turn.AGREED: State.HOLD,
    Turn.REFUSED: State.LINE,
    Turn.TOLD: State.HOLD,
    Turn.BACK: State.LINE,
}
_FROM = {
    Turn.ASKED: State.LINE,
    Turn.AGREED: State.ASKING,
    Turn.REFUSED: State.ASKING,
    Turn.TOLD: State.HOLD,
    Turn.BACK: State.HOLD,
}
_NOT_NOW = {
    Turn.ASKED: "They are on hold already, or were asked. Go back on the line first.",
    Turn.AGREED: "Ask them first whether they can hold the line.",
    Turn.REFUSED: "Nobody was asked to hold the line.",
    Turn.TOLD: "They are not on hold: tell them on the line.",
    Turn.BACK: "They are not on hold.",
}


@dataclass(frozen=True, slots=True)
class Sign:
    """What the hold timer says: whether a callback is to be offered, `warn` or `late`, and how often it has rung."""

    offers: bool = False
    look: str = ""
    bells: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an agent with somebody, under way until it has ended. Instants are aware UTC.

    `turns` are in the order of time; `target` is how long a hold may last, None
    for as long as one likes. `opened` says that the ticket was made for it,
    `updated_at` when a console last knew it alive, `message` its record.
    """

    id: str
    agent: str
    ticket_key: str
    name: str
    number: str
    started_at: datetime
    updated_at: datetime
    turns: tuple[tuple[datetime, Turn], ...] = ()
    notes: str = ""
    target: timedelta | None = None
    opened: bool = False
    ended_at: datetime | None = None
    message: int | None = None

    @property
    def state(self) -> State:
        """How it stands."""
        if self.ended_at is not None:
            return State.OVER
        return _STATES[self.turns[-1][1]] if self.turns else State.LINE

    @property
    def who(self) -> str:
        """The other side's name, else their number."""
        return self.name or self.number or "unknown caller"

    def turned(self, turn: Turn, at: datetime) -> Call:
        """Return the call after something happened in it; a clock that ran backwards is not followed.

        Raises:
            RefusedError: that cannot happen now; the text says what can.
        """
        if self.state is State.OVER:
            raise RefusedError("That call is over.")
        if self.state is not _FROM[turn]:
            raise RefusedError(_NOT_NOW[turn])
        last = self.turns[-1][0] if self.turns else self.started_at
        at = max(at, last)
        return dataclasses.replace(self, turns=(*self.turns, (at, turn)), updated_at=max(at, self.updated_at))

    def over(self, at: datetime) -> Call:
        """Return the call ended at an instant, or when it last stirred where that is later."""
        last = max([self.started_at, *(instant for instant, _ in self.turns)])
        return dataclasses.replace(self, ended_at=max(at, last), updated_at=max(at, last))

    def holds(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield when each hold began and ended; one that lasts ends now, or with the call."""
        began: datetime | None = None
        for at, turn in self.turns:
            if turn is Turn.AGREED:
                began = at
            elif turn is Turn.BACK and began is not None:
                yield began, at
                began = None
        if began is not None:
            yield began, max(self.ended_at or now, began)

    def length(self, now: datetime) -> timedelta:
        """Return how long it lasts, or lasted."""
        return max((self.ended_at or now) - self.started_at, _ZERO)

    def held(self, now: datetime) -> timedelta:
        """Return how long they were on hold, all holds together."""
        return sum((end - began for began, end in self.holds(now)), _ZERO)

    def talked(self, now: datetime) -> timedelta:
        """Return how long somebody talked with them."""
        return self.length(now) - self.held(now)

    @property
    def heard_at(self) -> datetime | None:
        """When they last heard from us in the hold that lasts; None where none does."""
        return self.turns[-1][0] if self.state is State.HOLD else None

    def waits(self, now: datetime) -> timedelta:
        """Return how long they have heard nothing: what the hold timer shows."""
        return max(now - self.heard_at, _ZERO) if self.heard_at is not None else _ZERO

    def sign(self, now: datetime) -> Sign:
        """Return what the hold timer says now; by the wall's clock, so that a sleep counts."""
        if self.heard_at is None or not self.target:
            return Sign()
        waits = self.waits(now)
        late = waits >= self.target
        look = "late" if late else "warn" if waits >= self.target * AMBER else ""
        return Sign(waits >= self.target * OFFER, look, 1 + (waits - self.target) // AGAIN if late else 0)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call ended: the ticket's status after it, whether anybody was reached, and the summary read back to them.

    `mail` is what becomes of a summary mail: `draft`, `send`, or nothing.
    `at` is when it was over, None for now.
    """

    status: Status | None = Status.PENDING
    reached: bool = True
    read_back: bool = False
    mail: str = ""
    at: datetime | None = None


def spoken(delta: timedelta) -> str:
    """Return a length as a call's timer shows it: `1:34`, `1:02:03`."""
    seconds = max(int(delta.total_seconds()), 0)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def facts(call: Call, ending: Ending, called_back: str = "") -> str:
    """Say in a sentence or two how a call that is over went; `called_back` says when they will be called again."""
    end = call.ended_at or call.updated_at
    if not ending.reached:
        parts = ["Nobody was reached."]
    else:
        holds = sum(1 for _ in call.holds(end))
        parts = [f"Talked {spoken(call.talked(end))}" + (f", {_held(call, end, holds)}" if holds else "") + "."]
        refused = sum(turn is Turn.REFUSED for _, turn in call.turns)
        parts += ["They did not want to hold."] if refused and not holds else []
        parts += ["The summary was read back to them."] if ending.read_back else []
    if called_back:
        parts.append(f"We call back {called_back}.")
    return " ".join(parts)


def _held(call: Call, end: datetime, holds: int) -> str:
    often = "" if holds == 1 else f" in {holds} holds"
    return f"on hold {spoken(call.held(end))}{often}, they agreed"


def record(call: Call, said: str) -> str:
    """Return what stands in the ticket: the notes, then the facts."""
    notes = call.notes.strip()
    return f"{notes}\n\n{said}" if notes else said


def title(call: Call) -> str:
    """Return the subject of a ticket that a call opened: the notes' first line, else who it was with."""
    first = call.notes.strip().partition("\n")[0].strip()
    return first[:100] if first else f"Call with {call.who}"
