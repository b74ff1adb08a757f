"""A phone call: begun, on hold and back, its notes as they are typed, its end. Each step is in the store at once."""

from __future__ import annotations

import dataclasses
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from supportterm.desk import call_clocks, call_records, callbacks
from supportterm.desk.context import Desk
from supportterm.desk.standing import refresh
from supportterm.desk.verbs import Done, find
from supportterm.domain import callers, events, threads
from supportterm.domain import calls as told
from supportterm.domain.callers import Caller
from supportterm.domain.calls import Call, Ending, Turn
from supportterm.domain.errors import NotFoundError, RefusedError, SupporttermError
from supportterm.domain.events import Event, EventKind
from supportterm.domain.policies import ClockKind
from supportterm.domain.text import clean, clean_body
from supportterm.domain.ticket import Status, Ticket
from supportterm.store import calls, journal, messages, tickets

if TYPE_CHECKING:
    from supportterm.store.database import Session

_LONGEST = 100_000
"""Characters of notes that are kept."""


def begin(desk: Desk, named: str | None = None, caller: Caller | None = None, at: datetime | None = None) -> Done:
    """Begin a call with the customer of a ticket, or with somebody for whom a ticket of the channel phone is made.

    `at` is when it began, None for now. `Done.key` is the ticket's.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: this agent has a call under way, or nobody is named.
    """
    now = desk.now()
    with desk.database.write() as session:
        if (other := calls.under_way(session, desk.me)) is not None:
            raise RefusedError(f"You have {other.who} on the phone. End that call first.")
        if named is None and caller is None:
            raise RefusedError("Say who is on the phone: a ticket, an address, or a name and a number.")
        ticket = find(session, named) if named is not None else _opened(session, desk, caller or Caller(), at or now)
        number = caller.number if caller else ""
        if not number and callers.is_number(ticket.requester_address):
            number = ticket.requester_address
        call = Call(
            id=secrets.token_hex(8),
            agent=desk.me,
            ticket_key=ticket.key,
            name=(caller.name if caller else "") or ticket.requester_name or ticket.requester_address,
            number=number,
            started_at=at or now,
            updated_at=at or now,
            opened=named is None,
        )
        calls.put(session, call)
        payload = {"call": call.id, "why": f"with {call.who}"}
        journal.append(session, ticket.key, EventKind.CALL_BEGUN, payload, by=desk.me, at=at or now)
        return Done(ticket.ref, f"on the phone with {clean(call.who, 60)}", key=ticket.key)


def turn(desk: Desk, number: str, what: Turn, at: datetime | None = None) -> Call:
    """Note that something happened in a call: asked to hold, agreed, refused, told, back on the line.

    Raises:
        NotFoundError: there is no such call under way.
        RefusedError: that cannot happen now.
    """
    now = at or desk.now()
    with desk.database.write() as session:
        call = _under_way(session, number)
        after = call.turned(what, now)
        ticket = _ticket(session, call)
        if what is Turn.AGREED:
            policy = desk.ranking.clockwork.policy(session, ticket, now)
            target = policy.target(ClockKind.HOLD)
            after = dataclasses.replace(after, target=target.length if target else None)
        calls.put(session, after)
        call_clocks.hold(session, ticket.key, after, what)
        if what in (Turn.AGREED, Turn.TOLD, Turn.BACK):
            tickets.save(session, [refresh(session, desk.ranking, ticket, desk.now())])
        return after


def write(desk: Desk, number: str, notes: str) -> None:
    """Keep the notes of a call as they are now; nothing where it is over."""
    with desk.database.write() as session:
        call = calls.get(session, number)
        if call is not None and call.ended_at is None:
            body = clean_body(notes, _LONGEST)
            calls.put(session, dataclasses.replace(call, notes=body, updated_at=max(desk.now(), call.updated_at)))


def stirs(desk: Desk, number: str) -> None:
    """Note that a call is still under way, so that after a crash it is known until when it was."""
    with desk.database.write() as session:
        call = calls.get(session, number)
        if call is not None and call.ended_at is None:
            calls.put(session, dataclasses.replace(call, updated_at=max(desk.now(), call.updated_at)))


def end(desk: Desk, number: str, ending: Ending, notes: str | None = None, *, logged: bool = False) -> Done:
    """End a call: its record goes into the ticket, which takes a status; a summary mail is drafted or queued.

    `notes` are the summary where it was changed at the end. Undo reopens the call, or forgets it where it was
    `logged` when it was over already.

    Raises:
        NotFoundError: there is no such call under way.
        RefusedError: the mail cannot be written; nothing has ended.
        ComposeError: the customer's address cannot be written into a header.
    """
    now = desk.now()
    with desk.database.write() as session:
        call = _under_way(session, number)
        if notes is not None:
            call = dataclasses.replace(call, notes=clean_body(notes, _LONGEST))
        call = call.over(min(ending.at or now, now))
        ticket = _ticket(session, call)
        wanted = dataclasses.replace(ticket, history=False)
        if call.opened and ticket.subject == call_records.UNTITLED:
            wanted = dataclasses.replace(wanted, subject=clean(told.title(call), 200))
        if ending.reached and ending.status is not None:
            wanted = dataclasses.replace(wanted, status=ending.status)
        if wanted.status is Status.NEW and ending.reached:
            wanted = dataclasses.replace(wanted, status=Status.OPEN)
        call_clocks.over(session, ticket.key, call)
        kept = call_clocks.called_back(session, ticket.key, call) if ending.reached else []
        back = call_records.called_back(session, desk, ticket)
        said = told.facts(call, ending, callbacks.in_words(*back) if back else "")
        message = call_records.write(session, desk, ticket, call, ending, said)
        call = dataclasses.replace(call, message=message)
        calls.put(session, call)
        change = events.difference(ticket, wanted)
        payload: dict[str, Any] = {
            "call": call.id,
            "message": message,
            "change": change,
            "clocks": kept,
            "subject": ticket.subject,
            "talked": int(call.talked(now).total_seconds()),
            "held": int(call.held(now).total_seconds()),
            "reached": ending.reached,
            "logged": logged,
            "read_back": ending.read_back,
            "why": said + (f" {events.in_words(EventKind.CHANGED, change)}" if change else ""),
        }
        journal.append(session, ticket.key, EventKind.CALLED, payload, by=desk.me, at=now)
        ticket = refresh(session, desk.ranking, wanted, now)
        tickets.save(session, [ticket], with_tags=True)
        mailed = call_records.mail(session, desk, ticket, call, ending)
        lasted = f"call with {clean(call.who, 60)} ended after {told.spoken(call.length(now))}"
        return Done(ticket.ref, f"{lasted}{mailed}", key=ticket.key)


def drop(desk: Desk, number: str) -> Done:
    """Forget a call that was none: a wrong key, a wrong number. A ticket made for it goes where nothing lies on it.

    Raises:
        NotFoundError: there is no such call under way.
    """
    now = desk.now()
    with desk.database.write() as session:
        call = _under_way(session, number)
        ticket = _ticket(session, call)
        call_clocks.over(session, ticket.key, call.over(now))
        calls.remove(session, call.id)
        payload = {"call": call.id, "why": f"there was no call with {call.who}", "notes": call.notes}
        journal.append(session, ticket.key, EventKind.CALL_DROPPED, payload, by=desk.me, at=now)
        if call.opened and not ticket.messages and calls.is_bare(session, ticket.key):
            calls.forget_ticket(session, ticket.key)
        else:
            tickets.save(session, [refresh(session, desk.ranking, ticket, now)])
        return Done(ticket.ref, "there was no call")


def log(desk: Desk, ending: Ending, notes: str, *, minutes: float, named: str | None, caller: Caller | None) -> Done:
    """Write down a call that is over already and took so many minutes.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: this agent has a call under way, or nobody is named, or the mail cannot be written.
        ComposeError: the customer's address cannot be written into a header.
    """
    begin(desk, named, caller, desk.now() - timedelta(minutes=minutes))
    with desk.database.write() as session:
        call = calls.under_way(session, desk.me)
    if call is None:
        raise NotFoundError("The call was ended elsewhere.")
    try:
        return end(desk, call.id, ending, notes, logged=True)
    except SupporttermError:
        drop(desk, call.id)
        raise


def undo(session: Session, desk: Desk, event: Event, now: datetime) -> Done:
    """Reopen a call that has ended, in the caller's transaction: its record leaves the ticket, its notes stay.

    Raises:
        RefusedError: another call is under way.
    """
    logged = bool(event.payload["logged"])
    if not logged and (other := calls.under_way(session, desk.me)) is not None:
        raise RefusedError(f"You have {other.who} on the phone. End that call first, then take back the other's end.")
    call = calls.get(session, str(event.payload["call"]))
    if call is None:
        raise RefusedError("That call is gone; there is nothing to take back.")
    ticket = _ticket(session, call)
    messages.withdraw(session, int(event.payload["message"]))
    call_clocks.given_back(session, event.payload["clocks"])
    who = clean(call.who, 60)
    words = f"the call with {who} is forgotten" if logged else f"the call with {who} goes on"
    payload = {"call": call.id, "why": words}
    kind = EventKind.CALL_DROPPED if logged else EventKind.CALL_REOPENED
    journal.append(session, ticket.key, kind, payload, by=desk.me, at=now, undoes=event.id)
    if logged:
        calls.remove(session, call.id)
    else:
        calls.put(session, dataclasses.replace(call, ended_at=None, message=None, updated_at=now))
    if logged and call.opened and calls.is_bare(session, ticket.key):
        calls.forget_ticket(session, ticket.key)
        return Done(ticket.ref, f"took back: {words}", call.notes)
    after = events.fold(ticket, events.inverse(event.payload["change"]))
    after = dataclasses.replace(after, subject=str(event.payload["subject"]))
    after = dataclasses.replace(refresh(session, desk.ranking, after, now), messages=max(ticket.messages - 1, 0))
    tickets.save(session, [after], with_tags=True)
    return Done(ticket.ref, f"took back: {words}", call.notes if logged else "", ticket.key)


def _under_way(session: Session, number: str) -> Call:
    call = calls.get(session, number)
    if call is None or call.ended_at is not None:
        raise NotFoundError("That call is over.")
    return call


def _ticket(session: Session, call: Call) -> Ticket:
    key = tickets.resolve(session, [call.ticket_key]).get(call.ticket_key)
    if key is None:
        raise NotFoundError("The call's ticket is gone.")
    return tickets.load(session, [key])[key]


def _opened(session: Session, desk: Desk, caller: Caller, at: datetime) -> Ticket:
    """Make the ticket of a call that belongs to none."""
    key = threads.ticket_key(f"call:{secrets.token_hex(16)}")
    ticket = Ticket(
        key=key,
        ref=threads.reference(key, tickets.references_taken(session, threads.reference(key))),
        subject=call_records.UNTITLED,
        status=Status.OPEN,
        channel="phone",
        requester_name=caller.name,
        requester_address=caller.identity,
        created_at=at,
        updated_at=at,
        last_message_at=at,
        assignee=desk.me,
    )
    tickets.save(session, [ticket], with_tags=True)
    return ticket
