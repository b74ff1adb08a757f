"""Triggers carried out by the worker: each warning of a clock once, in the transaction that marks it as looked at.

What belongs to the store (priority, tags, assignee, note) is done there and
then; a mail goes the outbox's way, and a command waits in a table of its own,
so that a worker that dies in between neither forgets one nor does one twice.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from supportterm.config import Trigger
from supportterm.desk import noting, trigger_mail
from supportterm.desk.context import Desk
from supportterm.desk.standing import refresh
from supportterm.desk.verbs import Change, changed
from supportterm.domain import events, query_matching, triggers
from supportterm.domain.events import EventKind
from supportterm.domain.ledger import ClockState, TicketClock, owed
from supportterm.domain.query import parse
from supportterm.domain.ticket import Ticket
from supportterm.domain.triggers import BY, Moment
from supportterm.domain.warned import Warned
from supportterm.store import clocks, facts, journal, tickets, warned

if TYPE_CHECKING:
    from supportterm.store.database import Session

_AT_ONCE = 50


def look(desk: Desk) -> int:
    """Carry out what the warnings ask for that nobody looked at yet; return how many triggers acted.

    One indexed look where there are none.
    """
    if not desk.database.has_unseen_warnings():
        return 0
    if not desk.config.triggers:
        with desk.database.write(bulk=True) as session:
            warned.see_all(session)
        return 0
    acted = 0
    while True:
        with desk.database.write(bulk=True) as session:
            found = warned.unseen(session, _AT_ONCE)
        for one in found:
            with desk.database.write(bulk=True) as session:
                if warned.see(session, one):
                    acted += _act(session, desk, one)
        if len(found) < _AT_ONCE:
            return acted


def _act(session: Session, desk: Desk, one: Warned) -> int:
    now = desk.now()
    key = tickets.resolve(session, [one.ticket_key]).get(one.ticket_key)
    ticket = tickets.load(session, [key]).get(key) if key else None
    clock = clocks.get(session, one.clock)
    if ticket is None or clock is None or not _holds(one, clock, ticket):
        return 0
    policy = clock.policy or desk.ranking.clockwork.policy(session, ticket, now).name
    acted = 0
    for trigger in desk.config.triggers:
        moment = Moment(trigger.clock, triggers.percent(trigger.at) or 0, trigger.policy)
        if moment.is_met_by(one, policy) and _names(session, desk, trigger, ticket, now):
            ticket = _carry_out(session, desk, trigger, one, clock, ticket, now)
            acted += 1
    return acted


def _holds(one: Warned, clock: TicketClock, ticket: Ticket) -> bool:
    """Tell whether a warning still means something: nobody answered meanwhile, or the time is over for good."""
    if one.is_breach:
        return clock.state is ClockState.RUNNING or (clock.kind == "promise" and clock.state is ClockState.BROKEN)
    return bool(owed([clock], ticket.status))


def _names(session: Session, desk: Desk, trigger: Trigger, ticket: Ticket, now: datetime) -> bool:
    if not trigger.when:
        return True
    query, zone = parse(trigger.when), ZoneInfo(desk.config.policy.time_zone)
    return query_matching.matches(query, ticket, me="", now=now, zone=zone, facts=facts.of(session, ticket.key, query))


def _carry_out(
    session: Session, desk: Desk, trigger: Trigger, one: Warned, clock: TicketClock, ticket: Ticket, now: datetime
) -> Ticket:
    """Do all that one trigger asks for, each part in the journal."""
    payload = {"trigger": trigger.name, "clock": one.clock, "percent": one.percent}
    told = [f"{one.in_words}, so the trigger “{trigger.name}” acted"]
    if trigger.mail:
        told.append(trigger_mail.queue(session, desk, ticket, trigger, one, now))
    if trigger.run:
        told.append(_queue_command(session, desk, trigger, one, clock, ticket, now))
    if trigger.offer_escalation:
        told.append("it offers to hand the ticket on")
        payload |= {"offers": "escalation", "because": one.in_words}
    journal.append(
        session, ticket.key, EventKind.TRIGGERED, {**payload, "why": "; ".join(told)}, by=BY, at=now
    )  # fmt: skip
    if trigger.note.strip():
        noting.write(session, desk, ticket, trigger.note, now, by=BY)
    after = changed(
        ticket,
        Change(
            assignee=trigger.assign or None,
            priority=triggers.raised(ticket.priority, trigger.priority) if trigger.priority else None,
            add_tags=frozenset(trigger.tags),
        ),
    )
    if after.override == ticket.priority:
        after = changed(ticket, Change(assignee=trigger.assign or None, add_tags=frozenset(trigger.tags)))
    if change := events.difference(ticket, after):
        journal.append(session, ticket.key, EventKind.CHANGED, {**change, "trigger": trigger.name}, by=BY, at=now)
    ticket = refresh(session, desk.ranking, after, now)
    tickets.save(session, [ticket], with_tags=True)
    return ticket


def _queue_command(
    session: Session, desk: Desk, trigger: Trigger, one: Warned, clock: TicketClock, ticket: Ticket, now: datetime
) -> str:
    program = trigger.run[0]
    if not desk.config.trigger_commands.allowed:
        return f"{program} was not run: commands are off"
    given = json.dumps(record(desk, trigger, one, clock, ticket), ensure_ascii=False)
    warned.queue_run(session, ticket.key, trigger.name, list(trigger.run), given, now)
    return f"{program} is run"


def record(desk: Desk, trigger: Trigger, one: Warned, clock: TicketClock, ticket: Ticket) -> dict[str, Any]:
    """Return what a command is told of a ticket, as JSON takes it; instants in ISO 8601, UTC."""
    return {
        "trigger": trigger.name,
        "clock": {
            "kind": one.kind,
            "percent": one.percent,
            "breached": one.is_breach,
            "started": clock.started_at.isoformat(),
            "due": one.due_at.isoformat() if one.due_at else None,
            "policy": clock.policy,
            "words": one.words,
            "agent": one.agent,
        },
        "ticket": {
            "key": ticket.key,
            "ref": ticket.ref,
            "subject": ticket.subject,
            "status": str(ticket.status),
            "priority": ticket.priority.word,
            "assignee": ticket.assignee,
            "tags": sorted(ticket.tags),
            "channel": ticket.channel,
            "lang": ticket.lang,
            "requester": {"name": ticket.requester_name, "address": ticket.requester_address},
            "created": ticket.created_at.isoformat(),
            "last_message": ticket.last_message_at.isoformat(),
        },
        "mailbox": desk.config.mailbox.address,
    }
