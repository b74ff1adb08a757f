"""Warnings told at this desk: claimed once, whichever console asks first, and only where they still mean something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from supportterm.desk.context import Desk
from supportterm.domain.ledger import OWN, ClockState, TicketClock, owed
from supportterm.domain.ticket import Priority, Ticket
from supportterm.domain.warned import HELD, Warned
from supportterm.store import clocks, meta, tickets, warned

CHOICE = "notices"
"""The fact that keeps whether this desk wants desktop notices: `on` or `off`."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning to tell, with its ticket; it `rings` where it is this agent's own urgent breach."""

    warned: Warned
    ticket: Ticket
    rings: bool


def claim(desk: Desk) -> list[Notice]:
    """Return what is to be told now, and remember that it is: of each clock its latest warning.

    This agent's clocks warn before their end, too; what is nobody's is told where it broke. What they
    set for themselves rings by itself, at its end.
    """
    now = desk.now()
    with desk.database.write() as session:
        latest = {one.clock: one for one in warned.claim(session, desk.me)}
        leads = tickets.resolve(session, {one.ticket_key for one in latest.values()})
        found = tickets.load(session, set(leads.values()))
        kept = {number: clocks.get(session, number) for number in latest}
    told = []
    for number, one in latest.items():
        ticket, clock = found.get(leads.get(one.ticket_key, "")), kept[number]
        if ticket is not None and one.kind == HELD:
            told.append(Notice(one, ticket, rings=False))
        elif ticket is not None and clock is not None and _is_worth_telling(one, clock, ticket, desk.me, now):
            is_mine = desk.me in (clock.agent, ticket.assignee)
            told.append(Notice(one, ticket, one.is_breach and is_mine and ticket.priority is Priority.P1))
    return told


def choose(desk: Desk, *, wanted: bool) -> None:
    """Keep whether desktop notices are wanted at this desk."""
    with desk.database.write() as session:
        meta.put(session, CHOICE, "on" if wanted else "off")


def _is_worth_telling(one: Warned, clock: TicketClock, ticket: Ticket, me: str, now: datetime) -> bool:
    if clock.kind in OWN or (ticket.snoozed_until is not None and ticket.snoozed_until > now):
        return False
    if one.is_breach and clock.state is ClockState.BROKEN:
        return clock.kind == "promise"
    return bool(owed([clock], ticket.status)) and (one.is_breach or clock.agent == me)
