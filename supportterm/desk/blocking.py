"""Senders refused: their mail is spam from now on, until they are let in again. Each step can be undone."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.desk.context import Desk
from supportterm.desk.people import People, is_public_domain
from supportterm.desk.standing import refresh
from supportterm.desk.verbs import Done, find
from supportterm.domain import events
from supportterm.domain.errors import RefusedError
from supportterm.domain.events import Event, EventKind
from supportterm.domain.ticket import Status
from supportterm.store import blocking, journal, tickets

if TYPE_CHECKING:
    from supportterm.store.database import Session

_NOWHERE = ""
"""The ticket of a step that is about no ticket."""


def block(desk: Desk, named: Sequence[str], *, domain: bool = False) -> Done:
    """Mark tickets as spam and block who wrote them, or their whole domain; or block an address or `@domain` as such.

    Raises:
        NotFoundError: one of them is no ticket.
        RefusedError: nobody can be blocked by this, or they are blocked already.
    """
    now = desk.now()
    done: list[str] = []
    who: list[str] = []
    group = {"group": secrets.token_hex(8)} if len(named) > 1 else {}
    with desk.database.write() as session:
        for each in named:
            ticket = None if "@" in each else find(session, each)
            address = _sender(desk.people, ticket.requester_address if ticket else each, domain=domain)
            change = {}
            if ticket is not None and ticket.status is not Status.SPAM:
                after = dataclasses.replace(ticket, status=Status.SPAM)
                change = events.difference(ticket, after)
            fresh = [address] if not blocking.held(session, [address]) else []
            if not (fresh or change):
                continue
            blocking.add(session, fresh, desk.me, now)
            told = {"addresses": fresh, "change": change, **group}
            key = ticket.key if ticket else _NOWHERE
            journal.append(session, key, EventKind.BLOCKED, told, by=desk.me, at=now)
            if change:
                tickets.save(session, [refresh(session, desk.ranking, after, now)])
            done.append(ticket.ref if ticket else address)
            who.append(address)
        if not done:
            raise RefusedError(f"{', '.join(named[:3])}: blocked already; nothing was changed.")
    whom = ", ".join(dict.fromkeys(who))
    return Done(done[0] if len(done) == 1 else f"{len(done)} tickets", f"spam; mail of {whom} is blocked")


def unblock(desk: Desk, address: str) -> Done:
    """Let a sender's mail in again; what became spam stays so.

    Raises:
        RefusedError: nobody is blocked under that name.
    """
    name = address.strip().lower()
    now = desk.now()
    with desk.database.write() as session:
        if not blocking.held(session, [name]):
            raise RefusedError(f"{name} is not blocked. `supportterm blocked` lists who is.")
        blocking.remove(session, [name])
        journal.append(session, _NOWHERE, EventKind.UNBLOCKED, {"addresses": [name]}, by=desk.me, at=now)
    return Done(name, "is no longer blocked")


def undo(session: Session, desk: Desk, step: Sequence[Event], now: datetime) -> Done:
    """Take back a step that blocked senders, or let one in again."""
    names: list[str] = []
    for event in step:
        addresses = list(event.payload["addresses"])
        names += addresses
        was_blocked = event.kind is EventKind.BLOCKED
        if was_blocked:
            blocking.remove(session, addresses)
        else:
            blocking.add(session, addresses, desk.me, now)
        key = tickets.resolve(session, [event.ticket_key]).get(event.ticket_key, _NOWHERE)
        change = events.inverse(event.payload.get("change", {}))
        kind = EventKind.UNBLOCKED if was_blocked else EventKind.BLOCKED
        told = {"addresses": addresses, "change": change}
        journal.append(session, event.ticket_key, kind, told, by=desk.me, at=now, undoes=event.id)
        if key and change:
            after = events.fold(tickets.load(session, [key])[key], change)
            tickets.save(session, [refresh(session, desk.ranking, after, now)])
    whom = ", ".join(dict.fromkeys(names)) or "the ticket"
    how = "is no longer blocked" if step[0].kind is EventKind.BLOCKED else "is blocked again"
    return Done(whom, f"took back: {how}")


def _sender(people: People, address: str, *, domain: bool) -> str:
    name = address.strip().lower()
    host = name.rpartition("@")[2]
    if not host or any(c.isspace() for c in name):
        raise RefusedError("Nobody can be blocked: there is no address of a sender here.")
    if people.is_team(name) or (host in people.team_domains and (domain or name.startswith("@"))):
        raise RefusedError(f"{name} is of your own team and cannot be blocked.")
    if not domain and not name.startswith("@"):
        return name
    if is_public_domain(host):
        raise RefusedError(f"@{host} is a public provider with many people; block the address {name} alone.")
    return f"@{host}"
