"""Tickets that are stuck: noted when they are opened or gone past, handed on to somebody by an agreed time."""

from __future__ import annotations

import dataclasses
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.desk import noting
from supportterm.desk.context import Desk
from supportterm.desk.standing import refresh
from supportterm.desk.verbs import Done, find
from supportterm.domain import events
from supportterm.domain.errors import RefusedError
from supportterm.domain.events import Event, EventKind
from supportterm.domain.ledger import ClockState, Step, StepKind, TicketClock
from supportterm.domain.policies import ClockKind
from supportterm.domain.text import clean
from supportterm.domain.ticket import Status, Ticket
from supportterm.store import clocks, glances, journal, tickets

if TYPE_CHECKING:
    from supportterm.store.database import Session

_LONGEST = 300


def opened(desk: Desk, named: str) -> None:
    """Note that this agent read a ticket.

    Raises:
        NotFoundError: no such ticket.
    """
    with desk.database.write() as session:
        glances.add(session, find(session, named).key, desk.me, "opened", desk.now())


def skipped(desk: Desk, named: str) -> None:
    """Note that this agent went past a ticket.

    Raises:
        NotFoundError: no such ticket.
    """
    with desk.database.write() as session:
        glances.add(session, find(session, named).key, desk.me, "skipped", desk.now())


def say_why(desk: Desk, named: str, why: str) -> Done:
    """Note why a ticket is gone past again and again.

    Raises:
        NotFoundError: no such ticket.
    """
    with desk.database.write() as session:
        ticket = find(session, named)
        words = clean(why, _LONGEST).strip()
        journal.append(session, ticket.key, EventKind.SKIPPED, {"why": words}, by=desk.me, at=desk.now())
        return Done(ticket.ref, f"noted why it is gone past: {words}")


def escalate(desk: Desk, named: str, who: str, what: str, by: datetime) -> Done:
    """Hand a ticket on: it is theirs, a note says what and by when, and a clock reminds them of telling the customer.

    The customer's own clocks run on. One undo takes all of it back.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: nobody or nothing is named, or the time has passed.
    """
    now, words = desk.now(), clean(what, _LONGEST).strip()
    if by <= now:
        raise RefusedError("That time has passed. Name one to come.")
    if not who.strip() or not words:
        raise RefusedError("Say who takes it and what they are to do: `bob tomorrow 12:00 find out why it fails`.")
    with desk.database.write() as session:
        ticket = find(session, named)
        status = Status.OPEN if ticket.status is Status.NEW else ticket.status
        after = dataclasses.replace(ticket, assignee=who, status=status)
        change = events.difference(ticket, after)
        changed = journal.append(session, ticket.key, EventKind.CHANGED, change, by=desk.me, at=now) if change else None
        note = noting.write(session, desk, ticket, f"To {who}: {words}\nBy {by:%Y-%m-%d %H:%M} UTC.", now)
        clock = TicketClock(
            id=f"{ticket.key}:escalated:{secrets.token_hex(8)}",
            ticket_key=ticket.key,
            kind=ClockKind.REMINDER,
            state=ClockState.RUNNING,
            started_at=now,
            due_at=by,
            agent=who,
            words=f"tell the customer how it stands: {words}",
            ledger=(Step(now, StepKind.STARTED, f"{desk.me} handed it on", by - now),),
        )
        clocks.put(session, [clock])
        told = {
            "to": who,
            "what": words,
            "by": by.isoformat(),
            "clock": clock.id,
            "change": change,
            "changed": changed.id if changed else None,
            "note": {"message": note.payload["message"], "event": note.id},
            "why": f"to {who}: {words}",
        }
        journal.append(session, ticket.key, EventKind.ESCALATED, told, by=desk.me, at=now)
        tickets.save(session, [refresh(session, desk.ranking, after, now)], with_tags=True)
        return Done(ticket.ref, f"handed on to {who}: {words}")


def undo(session: Session, desk: Desk, ticket: Ticket, event: Event, now: datetime) -> Done:
    """Take back that a ticket was handed on; called by `verbs.undo`."""
    told = event.payload
    after = ticket
    if told["changed"]:
        change = events.inverse(told["change"])
        after = events.fold(ticket, change)
        journal.append(session, ticket.key, EventKind.CHANGED, change, by=desk.me, at=now, undoes=told["changed"])
    noting.withdraw(session, desk, ticket, int(told["note"]["message"]), str(told["note"]["event"]), now)
    clocks.remove(session, [told["clock"]])
    payload = {"to": told["to"], "why": f"took back: {told['why']}"}
    journal.append(session, ticket.key, EventKind.ESCALATED, payload, by=desk.me, at=now, undoes=event.id)
    tickets.save(session, [refresh(session, desk.ranking, after, now)], with_tags=True)
    return Done(ticket.ref, f"took back: handed on to {told['to']}")
