"""Promises as clocks: set with the reply that makes them, running once it is accepted, kept, broken or withdrawn."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supportterm.domain.events import EventKind
from supportterm.domain.ledger import ClockState, Step, StepKind, TicketClock
from supportterm.domain.promises import Promise
from supportterm.domain.ticket import Status, Ticket
from supportterm.domain.warned import broken
from supportterm.store import clocks, journal, warned

if TYPE_CHECKING:
    from supportterm.store.database import Session

KIND = "promise"
SOLVED, REOPENED, ANSWERED = "the ticket was solved", "the ticket is open again", "a reply went out"
_ON_ITS_WAY, _ACCEPTED = "with a reply that has not left yet", "the reply was accepted"
_TOO_LATE = "its time had passed before the reply left"
_SINCE_SOLVED = ", the ticket being solved"
"""Ends why a promise began where solving cannot keep it any more."""
_JOINED = "joined with "
BY_ITSELF = "supportterm"


def set_by_hand(session: Session, ticket: Ticket, promise: Promise, agent: str, now: datetime) -> TicketClock:
    """Begin a promise that was given in no mail."""
    step = Step(now, StepKind.STARTED, f"by hand{_since(ticket)}", promise.due_at - now)
    clock = _new(0, ticket.key, promise, agent, now, ClockState.RUNNING, step)
    clocks.put(session, [clock])
    return clock


def set_with_reply(
    session: Session, ticket_key: str, promises: Iterable[Promise], operation: int, agent: str, now: datetime
) -> list[TicketClock]:
    """Keep the promises of a queued reply; they run once it is accepted."""
    found = [
        _new(operation, ticket_key, each, agent, now, ClockState.PAUSED,
             Step(now, StepKind.PAUSED, _ON_ITS_WAY, each.due_at - now))
        for each in promises
    ]  # fmt: skip
    clocks.put(session, found)
    return found


def accepted(session: Session, ticket: Ticket, operation: int, now: datetime) -> None:
    """Let the promises of an accepted reply run from now on."""
    why = f"{_ACCEPTED}{_since(ticket)}"
    _move(session, ticket.key, operation, ClockState.PAUSED, ClockState.RUNNING, StepKind.STARTED, why, now)


def withdrawn(session: Session, ticket_key: str, operation: int, why: str, now: datetime) -> None:
    """End the promises of a reply that nobody got."""
    _move(session, ticket_key, operation, ClockState.PAUSED, ClockState.ENDED, StepKind.ENDED, why, now)


def queued_again(session: Session, ticket_key: str, operation: int, now: datetime) -> None:
    """Let the promises of a reply that is sent after all wait for it again; one whose time has passed is over."""
    _move(session, ticket_key, operation, ClockState.ENDED, ClockState.PAUSED, StepKind.PAUSED, _ON_ITS_WAY, now)
    late = [clock for clock in _of_reply(session, ticket_key, operation) if clock.due_at and clock.due_at <= now]
    clocks.put(session, [moved(clock, ClockState.ENDED, StepKind.ENDED, _TOO_LATE, now) for clock in late])


def passed(session: Session, ticket_key: str, operation: int, now: datetime) -> TicketClock | None:
    """Return a promise of a reply still on its way whose time has passed already, or None."""
    waiting = (c for c in _of_reply(session, ticket_key, operation) if c.state is ClockState.PAUSED)
    return next((clock for clock in waiting if clock.due_at and clock.due_at <= now), None)


def joined(session: Session, ticket_key: str, ref: str, now: datetime) -> None:
    """Note of the running promises of a ticket that it took in another: what either answered before keeps none."""
    running = (c for c in _promises(session, ticket_key) if c.state is ClockState.RUNNING)
    clocks.put(session, [moved(clock, clock.state, StepKind.RESUMED, f"{_JOINED}{ref}", now) for clock in running])


def parted(session: Session, ticket_key: str, ref: str) -> None:
    """Forget that a ticket took in another."""
    for clock in _promises(session, ticket_key):
        steps = tuple(step for step in clock.ledger if step.why != f"{_JOINED}{ref}")
        if steps != clock.ledger:
            clocks.put(session, [dataclasses.replace(clock, ledger=steps)])


def settle(session: Session, ticket: Ticket, now: datetime, kept: Sequence[TicketClock]) -> list[TicketClock]:
    """Return a ticket's clocks with its promises as they stand: kept by the next reply or by solving, else broken.

    Whatever changed is written, and is in the journal.
    """
    found = [_settled(ticket, clock, now) if clock.kind == KIND else clock for clock in kept]
    for before, after in zip(kept, found, strict=True):
        if before != after:
            clocks.put(session, [after])
            what = {ClockState.MET: "kept", ClockState.BROKEN: "broken"}.get(after.state, "open again")
            entered(session, before, after, what, by=BY_ITSELF, at=now)
            if after.state is ClockState.BROKEN:
                warned.add(session, [broken(after)])
    return found


def _settled(ticket: Ticket, clock: TicketClock, now: datetime) -> TicketClock:
    due = clock.due_at
    if due is None:
        return clock
    if clock.state is ClockState.MET and clock.ledger and clock.ledger[-1].why == SOLVED:
        if not ticket.status.is_over and now < due:
            return moved(clock, ClockState.RUNNING, StepKind.RESUMED, REOPENED, now)
        return clock
    if clock.state is not ClockState.RUNNING:
        return clock
    replied = ticket.last_reply_at
    if replied is not None and replied > _counts_from(clock):
        if replied <= due:
            return moved(clock, ClockState.MET, StepKind.MET, ANSWERED, replied)
    elif ticket.status in (Status.SOLVED, Status.CLOSED) and now <= due and not _began_solved(clock):
        return moved(clock, ClockState.MET, StepKind.MET, SOLVED, now)
    return moved(clock, ClockState.BROKEN, StepKind.BREACHED, "", due) if due <= now else clock


def _counts_from(clock: TicketClock) -> datetime:
    return max([clock.started_at, *(step.at for step in clock.ledger if step.why.startswith(_JOINED))])


def _since(ticket: Ticket) -> str:
    return _SINCE_SOLVED if ticket.status.is_over else ""


def _began_solved(clock: TicketClock) -> bool:
    return any(step.kind is StepKind.STARTED and step.why.endswith(_SINCE_SOLVED) for step in clock.ledger)


def moved(clock: TicketClock, state: ClockState, kind: StepKind, why: str, at: datetime, **more: Any) -> TicketClock:
    """Return a clock in another state, with the step that led there."""
    left = clock.due_at - at if clock.due_at else at - at
    return dataclasses.replace(clock, state=state, ledger=(*clock.ledger, Step(at, kind, why, left)), **more)


def entered(
    session: Session,
    before: TicketClock | None,
    after: TicketClock,
    what: str,
    *,
    by: str,
    at: datetime,
    undoes: str | None = None,
) -> None:
    """Enter in the journal what became of a promise."""
    change = {
        name: [_plain(before, name), _plain(after, name)]
        for name in ("state", "due_at", "agent")
        if _plain(before, name) != _plain(after, name)
    }
    payload = {"clock": after.id, "what": what, "words": after.words, "change": change}
    journal.append(session, after.ticket_key, EventKind.PROMISE, payload, by=by, at=at, undoes=undoes)


def _plain(clock: TicketClock | None, name: str) -> str | None:
    value = getattr(clock, name) if clock is not None else None
    return value.isoformat() if isinstance(value, datetime) else value


def _new(
    operation: int, key: str, promise: Promise, agent: str, now: datetime, state: ClockState, step: Step
) -> TicketClock:
    name = f"{KIND}-{operation}-{secrets.token_hex(8)}"
    return TicketClock(name, key, KIND, state, now, promise.due_at, agent, words=promise.words, ledger=(step,))


def _of_reply(session: Session, ticket_key: str, operation: int) -> list[TicketClock]:
    return [clock for clock in _promises(session, ticket_key) if clock.id.startswith(f"{KIND}-{operation}-")]


def _promises(session: Session, ticket_key: str) -> list[TicketClock]:
    return [clock for clock in clocks.load(session, [ticket_key]).get(ticket_key, []) if clock.kind == KIND]


def _move(
    session: Session,
    ticket_key: str,
    operation: int,
    before: ClockState,
    after: ClockState,
    kind: StepKind,
    why: str,
    now: datetime,
) -> None:
    begun = {"started_at": now} if after is ClockState.RUNNING else {}
    found = [
        moved(clock, after, kind, why, now, **begun)
        for clock in _of_reply(session, ticket_key, operation)
        if clock.state is before
    ]
    clocks.put(session, found)
