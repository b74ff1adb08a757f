"""Reminders and follow-ups: clocks an agent sets, which ring once when they end, and stay until they are done."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supportterm.desk.context import Desk
from supportterm.desk.standing import refresh
from supportterm.desk.verbs import Done, find
from supportterm.domain import warned
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.events import Event, EventKind
from supportterm.domain.ledger import OWN, ClockState, Step, StepKind, TicketClock
from supportterm.domain.policies import ClockKind
from supportterm.domain.text import clean
from supportterm.domain.ticket import Ticket
from supportterm.store import clocks, journal, tickets
from supportterm.store import warned as warnings
from supportterm.store.mapping import to_ms

if TYPE_CHECKING:
    from supportterm.store.database import Session

_LONGEST = 300


def remind(desk: Desk, named: str, due_at: datetime, words: str = "", *, kind: ClockKind = ClockKind.REMINDER) -> Done:
    """Have this agent reminded of a ticket; a follow-up is a reminder to ask the customer how it went.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: the time has passed.
    """
    now = desk.now()
    if due_at <= now:
        raise RefusedError("That time has passed. Name one to come.")
    with desk.database.write() as session:
        ticket = find(session, named)
        clock = TicketClock(
            id=f"{ticket.key}:{kind}:{secrets.token_hex(8)}",
            ticket_key=ticket.key,
            kind=kind,
            state=ClockState.RUNNING,
            started_at=now,
            due_at=due_at,
            agent=desk.me,
            words=clean(words, _LONGEST).strip(),
            ledger=(Step(now, StepKind.STARTED, f"{desk.me} set it", due_at - now),),
        )
        done = _entered(session, desk, ticket, None, clock, f"{kind} set{_of(clock)}", now)
        return dataclasses.replace(done, at=due_at)


def done(desk: Desk, named: str, clock: str | None = None, kinds: Collection[str] = OWN) -> Done:
    """Mark a reminder done, or a clock of other `kinds`: the one named, else the ticket's next; late is done, too.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: no reminder runs on it.
    """
    return _end(desk, named, clock, StepKind.MET, "done", kinds)


def drop(desk: Desk, named: str, clock: str | None = None, kinds: Collection[str] = OWN) -> Done:
    """Let a reminder rest that is not needed any more, or a clock of other `kinds`.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: no reminder runs on it.
    """
    return _end(desk, named, clock, StepKind.ENDED, "not needed any more", kinds)


def ring(desk: Desk) -> list[TicketClock]:
    """Return this agent's reminders that have ended and were not told yet, and remember that they are told now.

    Whoever asks first tells; after a night asleep each rings once.
    """
    with desk.database.write() as session:
        rung = clocks.ended_untold(session, desk.me, to_ms(desk.now()))
        clocks.put(session, (dataclasses.replace(clock, warned=100) for clock in rung))
        warnings.add(session, map(warned.broken, rung))  # for triggers: nothing rises any more for those who look next
    return rung


def undo(session: Session, desk: Desk, event: Event, now: datetime) -> Done:
    """Put a reminder back as it was before an event, in the caller's transaction."""
    before, number = event.payload["before"], str(event.payload["clock"])
    clock = clocks.get(session, number)
    key = clock.ticket_key if clock else tickets.resolve(session, [event.ticket_key])[event.ticket_key]
    ticket = tickets.load(session, [key])[key]
    if before is None:
        clocks.remove(session, [number])
    elif clock is not None:
        state, told, steps = ClockState(before["state"]), int(before["warned"]), int(before["steps"])
        clocks.put(session, [dataclasses.replace(clock, state=state, warned=told, ledger=clock.ledger[:steps])])
    payload = {**event.payload, "before": None, "why": f"took back: {event.payload['why']}"}
    journal.append(session, key, EventKind.CLOCK_SET, payload, by=desk.me, at=now, undoes=event.id)
    tickets.save(session, [refresh(session, desk.ranking, ticket, now)])
    return Done(ticket.ref, f"took back: {event.payload['why']}")


def _end(desk: Desk, named: str, number: str | None, step: StepKind, words: str, kinds: Collection[str]) -> Done:
    now = desk.now()
    with desk.database.write() as session:
        ticket = find(session, named)
        running = [c for c in clocks.load(session, [ticket.key]).get(ticket.key, []) if c.kind in kinds]
        running = [c for c in running if c.state is ClockState.RUNNING and number in (None, c.id)]
        if not running:
            what = "reminder" if kinds is OWN else " or ".join(kinds)
            raise RefusedError(f"No {what} runs on {ticket.ref}.")
        before = min(running, key=lambda clock: clock.due_at or clock.started_at)
        if before.due_at is None:
            raise NotFoundError(f"The {before.kind} on {ticket.ref} has no time.")
        late = step is StepKind.MET and before.due_at < now
        after = dataclasses.replace(
            before,
            state=ClockState.ENDED if step is StepKind.ENDED else ClockState.BROKEN if late else ClockState.MET,
            warned=100 if late else before.warned,
            ledger=(*before.ledger, Step(now, step, f"{desk.me}: {words}", before.due_at - now)),
        )
        return _entered(session, desk, ticket, before, after, f"{before.kind} {words}{_of(before)}", now)


def _of(clock: TicketClock) -> str:
    return f": {clock.words}" if clock.words else ""


def _entered(
    session: Session,
    desk: Desk,
    ticket: Ticket,
    before: TicketClock | None,
    after: TicketClock,
    why: str,
    now: datetime,
) -> Done:
    clocks.put(session, [after])
    was: dict[str, Any] | None = None
    if before is not None:
        was = {"state": before.state.value, "warned": before.warned, "steps": len(before.ledger)}
    due = after.due_at.isoformat() if after.due_at else None
    payload = {"clock": after.id, "kind": after.kind, "due": due, "words": after.words, "before": was, "why": why}
    journal.append(session, ticket.key, EventKind.CLOCK_SET, payload, by=desk.me, at=now)
    tickets.save(session, [refresh(session, desk.ranking, ticket, now)])
    return Done(ticket.ref, why)
