"""What an agent does to tickets: change them, note something, take it back.

Each verb is one transaction: the rows and the event that says what was done.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.desk import keeping, noting, promise_clocks
from supportterm.desk.clockwork import pasts
from supportterm.desk.context import Desk
from supportterm.desk.standing import refresh
from supportterm.domain import events
from supportterm.domain.drafts import Draft, Mode
from supportterm.domain.errors import LeftError, RefusedError
from supportterm.domain.events import Event, EventKind
from supportterm.domain.message import Message
from supportterm.domain.operations import State
from supportterm.domain.text import clean_body
from supportterm.domain.ticket import Priority, Status, Ticket
from supportterm.store import journal, macro_uses, messages, naming, operations, tickets

if TYPE_CHECKING:
    from supportterm.store.database import Session


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    """What a verb did, in words; `text` is what an undone reply or note said, so that nothing written is lost.

    Where it is a draft again, `key` is its ticket's and `mode` what it is to be. `at` is the time that was set.
    """

    ref: str
    words: str
    text: str = ""
    key: str = ""
    mode: Mode | None = None
    at: datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """Changes to a ticket; None leaves a field as it is. `nobody` and `computed` clear assignee and override."""

    status: Status | None = None
    assignee: str | None = None
    nobody: bool = False
    priority: Priority | None = None
    computed: bool = False
    add_tags: frozenset[str] = frozenset()
    remove_tags: frozenset[str] = frozenset()
    snoozed_until: datetime | None = None
    awake: bool = False
    reject: frozenset[str] = frozenset()
    """Lines of the score that are not true here; see `domain.rejections`."""
    why: str = ""
    """The agent's word on an override, where it was asked for."""


def find(session: Session, named: str) -> Ticket:
    """Return the ticket a person names.

    Raises:
        NotFoundError: none or several are meant; the text lists them.
    """
    found = tickets.load(session, tickets.find(session, named))
    if len(found) != 1:
        raise naming.not_one(named, (ticket.ref for ticket in found.values()))
    return next(iter(found.values()))


def change(desk: Desk, named: str, wanted: Change) -> Done:
    """Change a ticket's status, assignee, priority, tags or snooze in one undoable step.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: it is all so already.
    """
    now = desk.now()
    with desk.database.write() as session:
        ticket = find(session, named)
        after = changed(ticket, wanted)
        payload = _said(ticket, events.difference(ticket, after), wanted)
        if not payload:
            raise RefusedError(f"{ticket.ref} is so already; nothing was changed.")
        journal.append(session, ticket.key, EventKind.CHANGED, payload, by=desk.me, at=now)
        tickets.save(session, [refresh(session, desk.ranking, after, now)], with_tags=True)
        return Done(ticket.ref, events.in_words(EventKind.CHANGED, payload))


def change_many(
    desk: Desk, keys: Sequence[str], wanted: Change, only: Callable[[Ticket], bool] = lambda _ticket: True
) -> Done:
    """Change several tickets in one undoable step; those that are so already, or are gone, or not meant, are left out.

    Raises:
        RefusedError: too many at once, or all of them are so already.
    """
    if len(keys) > journal.STEP:
        raise RefusedError(
            f"{len(keys)} tickets are too many for one step: {journal.STEP} at most. Narrow the list first."
        )
    now = desk.now()
    group = secrets.token_hex(8)
    with desk.database.write() as session:
        found = tickets.load(session, tickets.resolve(session, keys).values())
        after = {key: changed(ticket, wanted) for key, ticket in found.items() if only(ticket)}
        payloads = {key: _said(found[key], events.difference(found[key], one), wanted) for key, one in after.items()}
        moved = {key: payload for key, payload in payloads.items() if payload}
        if not moved:
            raise RefusedError("They are so already; nothing was changed.")
        for key, payload in moved.items():
            journal.append(session, key, EventKind.CHANGED, payload | {"group": group}, by=desk.me, at=now)
        known = pasts(session, moved)
        ranked = [refresh(session, desk.ranking, after[key], now, known[key]) for key in moved]
        tickets.save(session, ranked, with_tags=True)
        return Done(_named(found[key].ref for key in moved), events.together_in_words(moved.values()))


def _named(refs: Iterable[str]) -> str:
    names = list(refs)
    return names[0] if len(names) == 1 else f"{len(names)} tickets"


def note(desk: Desk, named: str, text: str, *, draft: Draft | None = None) -> Done:
    """Write an internal note; it never leaves the team and moves no clock. The draft it was is taken away.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: the note is empty.
    """
    body = clean_body(text).strip()
    if not body:
        raise RefusedError("The note is empty; nothing was written.")
    now = desk.now()
    with desk.database.write() as session:
        ticket = find(session, named)
        noted = noting.write(session, desk, ticket, body, now)
        tickets.save(session, [refresh(session, desk.ranking, ticket, now)])
        message = messages.get(session, int(noted.payload["message"]))
        if draft is not None and message is not None:
            keeping.became(session, draft, message, now)
        return Done(ticket.ref, "noted, stays inside")


def undo(desk: Desk, named: str | None = None) -> Done:
    """Take back this agent's last step, or the last on one ticket: its inverse is appended, nothing is erased.

    A step that changed several tickets is taken back on all of them, unless one is named.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: there is nothing to take back, or the mail has left.
    """
    now = desk.now()
    with desk.database.write() as session:
        key = find(session, named).key if named else None
        event = journal.last_undoable(session, desk.me, key)
        if (draft := keeping.undo_discard(session, desk.me, event, key, now)) is not None:
            ticket = tickets.load(session, [draft.ticket_key])[draft.ticket_key]
            return Done(ticket.ref, "the draft thrown away is back", draft.text, ticket.key, draft.mode)
        if event is None:
            raise RefusedError("There is nothing of yours to take back" + (" on this ticket." if named else "."))
        if event.kind in (EventKind.BLOCKED, EventKind.UNBLOCKED):
            from supportterm.desk import blocking

            return blocking.undo(session, desk, [event] if named else journal.step_of(session, event), now)
        if event.kind in (EventKind.HINT_MUTED, EventKind.HINT_HEARD):
            from supportterm.desk import muting

            return muting.undo(session, desk, event, now)
        if event.kind in (EventKind.REFUSAL, EventKind.RELAY, EventKind.AWAY, EventKind.PROBLEM):
            from supportterm.desk import attending, problems, refusing, relays

            ways = {EventKind.REFUSAL: refusing.undo, EventKind.RELAY: relays.undo, EventKind.AWAY: attending.undo}
            return ways.get(event.kind, problems.undo)(session, desk, event, now)
        ticket = tickets.load(session, [tickets.resolve(session, [event.ticket_key])[event.ticket_key]]).popitem()[1]
        if event.kind is EventKind.ESCALATED:
            from supportterm.desk import escalating

            return escalating.undo(session, desk, ticket, event, now)
        if event.kind is EventKind.HANDED:
            from supportterm.desk import handing

            return handing.undo(session, desk, ticket, event, now)
        if event.kind is EventKind.REPLY_QUEUED and not named and "group" in event.payload:
            from supportterm.desk import decks

            return decks.undo(session, desk, journal.step_of(session, event), now)
        if event.kind is EventKind.REPLY_QUEUED:
            return undo_reply(session, desk, ticket, event, now)
        if event.kind is EventKind.NOTED:
            message = noting.withdraw(session, desk, ticket, int(event.payload["message"]), event.id, now)
            tickets.save(session, [refresh(session, desk.ranking, ticket, now)])
            return _given_back(session, desk, ticket, message, "note withdrawn", now)
        if event.kind is EventKind.PROMISE:
            from supportterm.desk import promising

            return promising.undo(session, desk, event, now)
        if event.kind is EventKind.CLOCK_SET:
            from supportterm.desk import reminding

            return reminding.undo(session, desk, event, now)
        if event.kind is EventKind.CALLED:
            from supportterm.desk import calling

            return calling.undo(session, desk, event, now)
        step = [event] if named else journal.step_of(session, event)
        if event.kind in (EventKind.MERGED, EventKind.UNMERGED, EventKind.SPLIT):
            from supportterm.desk import merging

            return merging.undo(session, desk, step, now)
        if len(step) > 1:
            return undo_together(session, desk, step, now)
        payload = events.inverse(event.payload)
        _append_inverse(session, desk, ticket, EventKind.CHANGED, payload, event, now)
        return Done(ticket.ref, f"took back: {events.in_words(event.kind, event.payload)}")


def undo_together(session: Session, desk: Desk, step: Sequence[Event], now: datetime) -> Done:
    """Take back changes of several tickets that were one step, in the caller's transaction."""
    leads = tickets.resolve(session, {event.ticket_key for event in step})
    refs = {}
    for event in step:
        ticket = tickets.load(session, [leads[event.ticket_key]])[leads[event.ticket_key]]
        refs[ticket.key] = ticket.ref
        _append_inverse(session, desk, ticket, EventKind.CHANGED, events.inverse(event.payload), event, now)
    words = events.together_in_words(event.payload for event in step)
    return Done(_named(refs.values()), f"took back: {words}")


def undo_reply(session: Session, desk: Desk, ticket: Ticket, event: Event, now: datetime) -> Done:
    """Take back a reply that has not left, in the caller's transaction.

    Raises:
        LeftError: it has left.
        RefusedError: it is on its way.
    """
    number = int(event.payload["operation"])
    operation = operations.get(session, number)
    if operation is None or any(r.state is State.ACCEPTED for r in operation.recipients):
        message = messages.get(session, operation.message) if operation is not None and operation.message else None
        raise LeftError(ticket.ref, ticket.key, message.text if message is not None else "")
    if not any(operations.move(session, number, state, State.UNDONE, now) for state in (State.QUEUED, State.REVIEW)):
        raise RefusedError(
            f"The reply on {ticket.ref} is {operation.state}: `supportterm outbox list` shows what can be done."
        )
    ticket = tickets.load(session, [operation.ticket_key]).get(operation.ticket_key, ticket)
    promise_clocks.withdrawn(session, ticket.key, number, "the reply was taken back", now)
    message = messages.get(session, operation.message) if operation.message else None
    macro_uses.forget(session, operation.message or 0)
    payload = events.inverse(event.payload.get("change", {}))
    _append_inverse(session, desk, ticket, EventKind.REPLY_UNDONE, {"operation": number}, event, now, fold=payload)
    return _given_back(session, desk, ticket, message, "reply taken back before it left", now)


def _given_back(
    session: Session, desk: Desk, ticket: Ticket, message: Message | None, words: str, now: datetime
) -> Done:
    if message is None:
        return Done(ticket.ref, words)
    draft = keeping.give_back(session, desk.me, ticket, message, now)
    return Done(ticket.ref, f"{words}; it is a draft again", draft.text, ticket.key, draft.mode)


def _append_inverse(
    session: Session,
    desk: Desk,
    ticket: Ticket,
    kind: EventKind,
    payload: dict[str, object],
    event: Event,
    now: datetime,
    fold: dict[str, object] | None = None,
) -> None:
    if (note := event.payload.get("note")) is not None:
        noting.withdraw(session, desk, ticket, int(note["message"]), str(note["event"]), now)
    after = events.fold(ticket, payload if fold is None else fold)
    journal.append(session, ticket.key, kind, payload, by=desk.me, at=now, undoes=event.id)
    tickets.save(session, [refresh(session, desk.ranking, after, now)], with_tags=True)


def _said(ticket: Ticket, payload: dict[str, object], wanted: Change) -> dict[str, object]:
    """Add to an override what it was set against and why: material for better rules."""
    if "override" in payload:
        payload["computed"] = int(ticket.priority)
        if wanted.why:
            payload["why"] = wanted.why
    return payload


def changed(ticket: Ticket, wanted: Change) -> Ticket:
    """Return a ticket as a change makes it."""
    status = wanted.status or ticket.status
    assignee = None if wanted.nobody else (wanted.assignee or ticket.assignee)
    if wanted.status is None and status is Status.NEW and assignee is not None:
        status = Status.OPEN
    return dataclasses.replace(
        ticket,
        status=status,
        assignee=assignee,
        override=None if wanted.computed else (wanted.priority or ticket.override),
        tags=(ticket.tags | wanted.add_tags) - wanted.remove_tags,
        snoozed_until=None if wanted.awake else (wanted.snoozed_until or ticket.snoozed_until),
        rejected=ticket.rejected | wanted.reject,
        history=ticket.history and status is ticket.status,
    )
