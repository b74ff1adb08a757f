"""Tickets joined by hand, and taken apart again: what was taken in comes back as it was.

All that is on the one moves to the other; its key and reference go on leading there,
so that late mail finds its way. The journal's event holds what undoes it.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supportterm.desk import promise_clocks
from supportterm.desk.context import Desk
from supportterm.desk.standing import refresh
from supportterm.desk.verbs import Done, find
from supportterm.domain import events, threads
from supportterm.domain.errors import RefusedError
from supportterm.domain.events import Event, EventKind
from supportterm.domain.message import Message
from supportterm.domain.standing import arrived
from supportterm.domain.ticket import MessageKind, Ticket, Tier
from supportterm.store import drafts, joins, journal, messages, tickets, triage_counts

if TYPE_CHECKING:
    from supportterm.store.database import Session


def merge(desk: Desk, named: Sequence[str], into: str) -> Done:
    """Let one ticket take in others, in one undoable step.

    Raises:
        NotFoundError: one of them is no ticket.
        RefusedError: there is nothing else to take in, or too much.
    """
    now = desk.now()
    if len(named) > journal.STEP:
        raise RefusedError(f"{len(named)} tickets are too many for one step: {journal.STEP} at most.")
    with desk.database.write() as session:
        kept = find(session, into)
        others = {ticket.key: ticket for each in named if (ticket := find(session, each)).key != kept.key}
        if not others:
            raise RefusedError(f"{kept.ref} is the same ticket already. Name another to join with it.")
        group = {"group": secrets.token_hex(8)} if len(others) > 1 else {}
        for ticket in others.values():
            kept = take_in(session, desk, kept, ticket, now, more=group)
        refs = ", ".join(ticket.ref for ticket in others.values()) if len(others) < 4 else f"{len(others)} tickets"
        return Done(kept.ref, f"took in {refs}", key=kept.key)


def unmerge(desk: Desk, named: str) -> Done:
    """Bring back what a ticket took in last, or that one of its parts whose own reference is named.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: nothing was joined with it by hand.
    """
    now = desk.now()
    with desk.database.write() as session:
        kept = find(session, named)
        plain = threads.token(f"[ST-{named.strip().upper().removeprefix('#').removeprefix('ST-')}]")
        part = joins.named(session, kept.key, plain) if plain != kept.ref else None
        event = journal.merging(session, kept.key, part)
        if event is None:
            raise RefusedError(f"Nothing was joined with {kept.ref} by hand. A split takes mails out of it.")
        back = bring_back(session, desk, kept, event, now, {"step": True})
        return Done(back.ref, f"is a ticket of its own again, apart from {kept.ref}", key=back.key)


def take_in(
    session: Session,
    desk: Desk,
    kept: Ticket,
    absorbed: Ticket,
    now: datetime,
    *,
    more: Mapping[str, Any] | None = None,
    undone: Event | None = None,
    plain: bool = False,
) -> Ticket:
    """Join two tickets in the caller's transaction; `plain` leaves what stands on the first as it is.

    `undone` is the event by which they were taken apart, where that is taken back.
    """
    ours = next((t for t in (kept, absorbed) if t.status.is_ours), kept)
    wakes = absorbed.status.is_ours and absorbed.snoozed_until is None
    after = dataclasses.replace(
        kept,
        tags=kept.tags | absorbed.tags,
        problem=kept.problem or absorbed.problem,
        rejected=kept.rejected | absorbed.rejected,
        status=ours.status,
        assignee=kept.assignee or absorbed.assignee,
        override=min((p for p in (kept.override, absorbed.override) if p is not None), default=None),
        snoozed_until=None if wakes else kept.snoozed_until,
        history=kept.history and absorbed.history,
    )
    if plain:
        after = kept
    record = {
        "absorbed": absorbed.key,
        "ref": absorbed.ref,
        "ticket": joins.snapshot(absorbed),
        "tags": sorted(absorbed.tags),
        "change": events.difference(kept, after),
        "history": kept.history,
        "rank": [int(kept.tier), kept.intent],
        "stands": [after.status.value, after.snoozed_until.isoformat() if after.snoozed_until else None],
        "last": messages.next_id(session) - 1,
        **tickets.absorb(session, kept.key, absorbed, undone.payload.get("written", ()) if undone else ()),
        **(more or {}),
    }
    journal.append(
        session, kept.key, EventKind.MERGED, record, by=desk.me, at=now, undoes=undone.id if undone else None
    )
    if not plain:
        promise_clocks.joined(session, kept.key, absorbed.ref, now)
    after = refresh(session, desk.ranking, after, now)
    tickets.save(session, [after], with_tags=True)
    return after


def bring_back(
    session: Session, desk: Desk, kept: Ticket, event: Event, now: datetime, more: Mapping[str, Any] | None = None
) -> Ticket:
    """Take a merge back in the caller's transaction and return the earlier ticket; later mail goes where it belongs."""
    newest = journal.merging(session, kept.key, event.payload["absorbed"]) or event
    told = {**newest.payload, "parts": _still(session, newest)}
    late = [message for message in messages.load(session, kept.key) if (message.id or 0) > told["last"]]
    theirs, ours = _sorted_out(session, kept, told, late)
    back = joins.from_snapshot(told["ticket"], told["tags"])
    joins.separate(session, kept.key, back.key)
    tickets.save(session, [back], with_tags=True)
    joins.move(session, told["parts"], kept.key, back.key)
    joins.move(session, joins.of_messages(session, kept.key, [m.id or 0 for m in theirs]), kept.key, back.key)
    drafts.give_back(session, kept.key, back.key, told["drafts"])
    for key in (kept.key, back.key):
        promise_clocks.parted(session, key, back.ref)
    went = {**told["parts"], "alias": [*told["parts"]["alias"], back.key]}
    written = told["drafts"]["written"]
    payload = {"absorbed": back.key, "ref": back.ref, "parts": went, "written": written, **(more or {})}
    journal.append(session, kept.key, EventKind.UNMERGED, payload, by=desk.me, at=now, undoes=event.id)
    if event.ticket_key == kept.key:
        kept = _reverted(kept, event.payload)
    back, kept = _since(back, theirs), _since(kept, ours)
    pair = [refresh(session, desk.ranking, each, now) for each in (back, kept)]
    tickets.save(session, pair, with_tags=True)
    triage_counts.give_back(session, kept.key, back.key, told["fired"])
    if event.ticket_key == kept.key:
        triage_counts.give_back(session, kept.key, back.key, {"new": event.payload["fired"]["new"]})
    return pair[0]


def undo(session: Session, desk: Desk, step: Sequence[Event], now: datetime) -> Done:
    """Take back merges of one step, or an unmerge, or a split.

    Raises:
        RefusedError: it was taken apart or joined otherwise since.
    """
    refs = []
    kept = None
    for event in step:
        part = str(event.payload.get("part") or event.payload["absorbed"])
        home = joins.joined(session, part)
        if (home is not None) is not (event.kind is EventKind.MERGED):
            raise RefusedError(f"{event.payload['ref']} was joined or taken apart since; nothing was changed.")
        key = home or tickets.resolve(session, [event.ticket_key])[event.ticket_key]
        found = tickets.load(session, [key, part])
        kept = found[key]
        if event.kind is EventKind.MERGED:
            bring_back(session, desk, kept, event, now)
        elif key != part:
            split = event.kind is EventKind.SPLIT
            take_in(session, desk, kept, found[part], now, undone=event, plain=split)
        refs.append(str(event.payload["ref"]))
    words = {
        EventKind.MERGED: "are tickets of their own again" if len(refs) > 1 else "is a ticket of its own again",
        EventKind.UNMERGED: "is joined again",
        EventKind.SPLIT: "is back in its conversation",
    }[step[0].kind]
    return Done(kept.ref if kept else refs[0], f"took back: {', '.join(refs)} {words}")


def _still(session: Session, event: Event) -> dict[str, list[Any]]:
    """Return what a ticket brought along, without what has been taken out again since."""
    brought: dict[str, list[Any]] = {}
    for merged in journal.restoring(session, event):
        parts = dict(merged.payload["parts"])
        for gone in journal.taken_out(session, parts["alias"], merged):
            went = gone.payload["parts"]
            parts = {name: [row for row in rows if row not in went.get(name, ())] for name, rows in parts.items()}
        for name, rows in parts.items():
            brought[name] = list(dict.fromkeys([*brought.get(name, ()), *rows]))
    return brought


def _sorted_out(
    session: Session, kept: Ticket, told: Mapping[str, Any], late: Sequence[Message]
) -> tuple[list[Message], list[Message]]:
    """Part the mails that came since: each goes with the nearest mail it answers, else by the reference it names."""
    mentions = set(told["parts"]["mention"])
    refs = {told["ref"], *joins.references(session, told["parts"]["alias"])}
    others = set(joins.parts(session, kept.key)["mention"]) - mentions
    others -= {message.message_id for message in late}
    theirs: list[Message] = []
    ours: list[Message] = []
    for message in late:
        nearest = next((i for i in reversed(message.references) if i in mentions or i in others), None)
        is_theirs = nearest in mentions if nearest else threads.token(message.subject) in refs
        (theirs if is_theirs else ours).append(message)
        if message.message_id:
            (mentions if is_theirs else others).add(message.message_id)
    return theirs, ours


def _reverted(kept: Ticket, told: Mapping[str, Any]) -> Ticket:
    """Take back what the merge changed, where it is still so."""
    change = events.inverse(told["change"])
    after = events.fold(kept, change)
    changed = {name for name in change if name not in events.SETS}
    merged = events.fold(kept, {name: told["change"][name] for name in changed})
    keep = {name: getattr(kept, name) for name in changed if getattr(kept, name) != getattr(merged, name)}
    tier, intent = told["rank"]
    return dataclasses.replace(
        after, **keep, tier=Tier(tier), intent=intent, history=bool(told["history"]) and not keep
    )


def _since(ticket: Ticket, late: Sequence[Message]) -> Ticket:
    for message in late:
        if message.kind is MessageKind.REPLY and message.author is not None:
            continue
        ticket = dataclasses.replace(ticket, status=arrived(ticket.status, message.kind, message.intent))
    return ticket
