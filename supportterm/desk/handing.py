"""The hand-over at the end of a shift: what an agent leaves behind, and giving it to a colleague, one step an item."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from supportterm.desk import promising, verbs
from supportterm.desk.context import Desk
from supportterm.desk.standing import refresh
from supportterm.desk.verbs import Done
from supportterm.domain.drafts import Kind
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.events import Event, EventKind
from supportterm.domain.handover import Item, Left
from supportterm.domain.ledger import Step, StepKind, TicketClock
from supportterm.domain.operations import shown_state
from supportterm.domain.ticket import Ticket
from supportterm.store import clocks, drafts, journal, operations, tickets

if TYPE_CHECKING:
    from supportterm.store.database import Session
    from supportterm.store.views import Views

_KINDS = {
    "promise": Left.PROMISE,
    "callback": Left.CALLBACK,
    "update": Left.UPDATE,
    "reminder": Left.REMINDER,
    "follow-up": Left.REMINDER,
}
_KEPT = ("promise", "callback")
"""What a keeper sees to for somebody who is away."""
_LETTERS = 200
_LATEST = datetime.max.replace(tzinfo=UTC)


def items(views: Views, me: str, now: datetime) -> list[Item]:
    """Return what an agent would leave behind now, kind by kind, what is due first before the rest.

    The promises and callbacks they keep for absent colleagues are among it.
    """
    found = [
        Item(_KINDS[clock.kind], clock.id, ticket.key, ticket.ref, _customer(ticket), _of(clock, ticket), clock.due_at)
        for clock, ticket in views.clocks_of(me)
    ]
    for absent in views.kept_for(me, now):
        found += [
            Item(
                _KINDS[clock.kind],
                clock.id,
                ticket.key,
                ticket.ref,
                _customer(ticket),
                f"kept for {absent}: {_of(clock, ticket)}",
                clock.due_at,
                absent,
            )
            for clock, ticket in views.clocks_of(absent)
            if clock.kind in _KEPT
        ]
    found += [
        Item(Left.DRAFT, f"{ticket.key} {kind}", ticket.key, ticket.ref, _customer(ticket), _first(text, kind))
        for ticket, kind, text, _at in views.drafts_of(me)
    ]
    for mail in views.outbox():
        ticket = views.ticket(mail.ticket_key)
        if ticket is not None and mail.payload.get("by", me) == me:
            words = f"{shown_state(mail)}: {ticket.subject}"
            found.append(Item(Left.MAIL, str(mail.id), ticket.key, ticket.ref, _customer(ticket), words))
    order = list(Left)
    return sorted(found, key=lambda item: (order.index(item.kind), item.due_at or _LATEST))


def give(desk: Desk, item: Item, agent: str) -> Done:
    """Give one thing to a colleague, in one undoable step; an update goes with its whole ticket.

    Raises:
        NotFoundError: it is no more.
        RefusedError: it is theirs already, or cannot be given.
    """
    if not agent or agent == desk.me:
        raise RefusedError("It is yours already. Name a colleague.")
    if agent == item.owner:
        raise RefusedError(f"It is {agent}'s already: you keep it while they are away. Name somebody else.")
    if item.kind is Left.PROMISE:
        return promising.give(desk, item.name, agent)
    if item.kind is Left.UPDATE:
        return verbs.change(desk, item.ticket_key, verbs.Change(assignee=agent))
    now = desk.now()
    with desk.database.write() as session:
        ticket = verbs.find(session, item.ticket_key)
        payload = {"kind": item.kind.value, "name": item.name, "from": item.owner or desk.me, "to": agent}
        _move(session, ticket, payload, item.owner or desk.me, agent, now)
        journal.append(session, ticket.key, EventKind.HANDED, payload, by=desk.me, at=now)
        tickets.save(session, [refresh(session, desk.ranking, ticket, now)])
        return Done(ticket.ref, f"{item.kind} given to {agent}")


def named(found: list[Item], name: str) -> Item:
    """Return the item of a hand-over that a person names: by its number in the list, from 1, or its id.

    Raises:
        NotFoundError: there is no such one.
    """
    if name.isascii() and name.isdigit() and 0 < int(name) <= len(found):
        return found[int(name) - 1]
    for item in found:
        if item.id == name:
            return item
    raise NotFoundError(f"Nothing you would leave is called {name!r}. `supportterm handover` lists it with numbers.")


def undo(session: Session, desk: Desk, ticket: Ticket, event: Event, now: datetime) -> Done:
    """Take back that something was given away; called by `verbs.undo`.

    Raises:
        NotFoundError: it is no more.
    """
    told = event.payload
    payload = {**told, "from": told["to"], "to": told["from"]}
    _move(session, ticket, payload, told["to"], told["from"], now)
    journal.append(session, ticket.key, EventKind.HANDED, payload, by=desk.me, at=now, undoes=event.id)
    tickets.save(session, [refresh(session, desk.ranking, ticket, now)])
    return Done(ticket.ref, f"took back: {told['kind']} given to {told['to']}")


def _move(session: Session, ticket: Ticket, what: dict[str, str], giver: str, taker: str, now: datetime) -> None:
    kind, name = Left(what["kind"]), what["name"]
    if kind is Left.DRAFT:
        _move_draft(session, ticket.key, Kind(name.rpartition(" ")[2]), giver, taker)
    elif kind is Left.MAIL:
        _move_mail(session, int(name), giver, taker, now)
    else:
        clock = clocks.get(session, name)
        if clock is None or clock.agent != giver:
            raise NotFoundError(f"That {kind} is no more, or somebody else's by now.")
        clocks.put(session, [_given(clock, taker, now)])


def _move_draft(session: Session, key: str, kind: Kind, giver: str, taker: str) -> None:
    draft = drafts.load(session, key, giver, kind)
    if draft is None:
        raise NotFoundError("That draft is no more: it was sent or thrown away.")
    theirs = drafts.load(session, key, taker, kind)
    if theirs is not None and not theirs.is_empty:
        raise RefusedError(f"{taker} is writing on this ticket already. Keep yours, or leave them a note.")
    drafts.clear(session, key, giver, kind)
    drafts.save(session, dataclasses.replace(draft, agent=taker))


def _move_mail(session: Session, number: int, giver: str, taker: str, now: datetime) -> None:
    mail = operations.get(session, number)
    if mail is None or mail.payload.get("by", giver) != giver:
        raise NotFoundError("That mail has left, or is somebody else's by now.")
    operations.update(session, dataclasses.replace(mail, payload={**mail.payload, "by": taker}, updated_at=now))
    waiting = [
        _given(clock, taker, now)
        for clock in clocks.load(session, [mail.ticket_key]).get(mail.ticket_key, [])
        if clock.id.startswith(f"promise-{number}-") and clock.agent == giver
    ]
    clocks.put(session, waiting)


def _given(clock: TicketClock, taker: str, now: datetime) -> TicketClock:
    left = clock.due_at - now if clock.due_at else timedelta(0)
    step = Step(now, StepKind.RESUMED, f"given to {taker}", left)
    return dataclasses.replace(clock, agent=taker, ledger=(*clock.ledger, step))


def _customer(ticket: Ticket) -> str:
    return ticket.requester_name or ticket.requester_address


def _of(clock: TicketClock, ticket: Ticket) -> str:
    return clock.words or ticket.subject


def _first(text: str, kind: str) -> str:
    words = " ".join(text.split())[:_LETTERS]
    return words if kind == "reply" else f"{kind}: {words}"
