"""The clocks of a call: the hold's, told anew each time they hear from us, and the callbacks a call keeps."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supportterm.domain.calls import AMBER, Call, Turn
from supportterm.domain.ledger import ClockState, Step, StepKind, TicketClock
from supportterm.domain.policies import ClockKind
from supportterm.store import clocks

if TYPE_CHECKING:
    from supportterm.store.database import Session

_WHY = {Turn.AGREED: "they agreed to hold", Turn.TOLD: "they were told", Turn.BACK: "back on the line"}


def hold(session: Session, ticket_key: str, call: Call, turn: Turn) -> None:
    """Start the clock of a hold, begin it anew when they were told, end it when they are back on the line."""
    if turn not in _WHY or not call.turns:
        return
    at = call.turns[-1][0]
    before = clocks.get(session, _name(call))
    if turn is Turn.BACK:
        if before is not None:
            _end(session, before, at, _WHY[turn])
    elif call.target is not None:
        kind = StepKind.STARTED if turn is Turn.AGREED else StepKind.RESUMED
        clock = TicketClock(
            id=_name(call),
            ticket_key=ticket_key,
            kind=ClockKind.HOLD,
            state=ClockState.RUNNING,
            started_at=at,
            due_at=at + call.target,
            agent=call.agent,
            words=call.who,
            ledger=(*(before.ledger if before else ()), Step(at, kind, _WHY[turn], call.target)),
            warns=(at + call.target * AMBER,),
        )
        clocks.put(session, [clock])


def over(session: Session, ticket_key: str, call: Call) -> None:
    """End the clock of a hold with its call."""
    before = clocks.get(session, _name(call))
    if before is not None and before.state is ClockState.RUNNING:
        _end(session, before, call.ended_at or call.updated_at, "the call ended")


def called_back(session: Session, ticket_key: str, call: Call) -> list[dict[str, Any]]:
    """Let a call keep the callbacks that were set before it, in time or late; return how they were, for undo."""
    found = [
        clock
        for clock in clocks.load(session, [ticket_key]).get(ticket_key, [])
        if clock.kind == ClockKind.CALLBACK and clock.state is ClockState.RUNNING and clock.started_at < call.started_at
    ]
    for clock in found:
        due = clock.due_at or call.started_at
        late = due < call.started_at
        step = Step(call.started_at, StepKind.MET, "we called", due - call.started_at)
        state = ClockState.BROKEN if late else ClockState.MET
        clocks.put(session, [dataclasses.replace(clock, state=state, ledger=(*clock.ledger, step))])
    return [{"clock": clock.id, "state": clock.state.value, "steps": len(clock.ledger)} for clock in found]


def given_back(session: Session, kept: Iterable[Mapping[str, Any]]) -> None:
    """Put callbacks back as they were before a call kept them."""
    for was in kept:
        clock = clocks.get(session, str(was["clock"]))
        if clock is not None:
            ledger = clock.ledger[: int(was["steps"])]
            clocks.put(session, [dataclasses.replace(clock, state=ClockState(was["state"]), ledger=ledger)])


def _end(session: Session, clock: TicketClock, at: datetime, why: str) -> None:
    due = clock.due_at or at
    state = ClockState.BROKEN if due < at else ClockState.MET
    step = Step(at, StepKind.MET, why, due - at)
    clocks.put(session, [dataclasses.replace(clock, state=state, ledger=(*clock.ledger, step))])


def _name(call: Call) -> str:
    return f"{ClockKind.HOLD}-{call.id}"
