"""Contact forms and forwarders: an agent says once of each whether its mail is the customer's it names.

Until then the named customer is taken for the one who wrote, so that nobody
waits for it, but nothing is sent by itself to an address that only a form tells.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.desk.context import Desk
from supportterm.desk.receipts import Receipts
from supportterm.desk.standing import refresh
from supportterm.desk.verbs import Done, find
from supportterm.domain import relays
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.events import Event, EventKind
from supportterm.domain.receipts import OLDEST
from supportterm.domain.relays import Relayed
from supportterm.mail import parse
from supportterm.store import journal, messages, meta, tickets
from supportterm.store import relays as kept

if TYPE_CHECKING:
    from supportterm.domain.ticket import Ticket
    from supportterm.store.database import Session

_MOST = 60
"""So many of a form's mails are looked at again for a receipt; more could not leave within the hour."""
_NO_TICKET = ""


def decide(desk: Desk, named: str, *, trust: bool) -> Done:
    """Say whether the mail of a form or a forwarder, named by a ticket or its address, is the customer's it names.

    It holds for its later mail too. Where it is, what came within 24 hours is acknowledged as far as the rules allow.

    Raises:
        NotFoundError: no such ticket, or no mail came through such a sender.
        RefusedError: it is so already.
    """
    now = desk.now()
    with desk.database.write() as session:
        ticket, relayed, address = _meant(session, named)
        before = kept.decided(session, [address]).get(address)
        change = _requester(session, ticket, relayed, trust=trust) if ticket and relayed else {}
        if before is trust and not change:
            raise RefusedError(f"It is so already: {relays.in_words(address, trust)}.")
        kept.decide(session, address, trust, desk.me, now)
        words = relays.in_words(address, trust)
        payload = {"relay": address, "trusted": trust, "before": before, "why": words, **change}
        journal.append(session, ticket.key if ticket else _NO_TICKET, EventKind.RELAY, payload, by=desk.me, at=now)
        if ticket is not None and change:
            after = _with_requester(ticket, change["requester"][1])
            tickets.save(session, [refresh(session, desk.ranking, after, now)])
        if trust:
            _acknowledge(session, desk, address, now)
        return Done(ticket.ref if ticket else address, words)


def undo(session: Session, desk: Desk, event: Event, now: datetime) -> Done:
    """Take back what was said of a form; called by `verbs.undo`. A receipt that was queued by it stays."""
    address, before = str(event.payload["relay"]), event.payload["before"]
    kept.decide(session, address, before, desk.me, now)
    key = tickets.resolve(session, [event.ticket_key]).get(event.ticket_key, _NO_TICKET)
    payload = {"relay": address, "trusted": before, "before": event.payload["trusted"]}
    payload["why"] = relays.in_words(address, before)
    ref = address
    if key:
        ticket = tickets.load(session, [key])[key]
        ref = ticket.ref
        if "requester" in event.payload:
            was, became = event.payload["requester"]
            payload["requester"] = [became, was]
            tickets.save(session, [refresh(session, desk.ranking, _with_requester(ticket, was), now)])
    journal.append(session, event.ticket_key, EventKind.RELAY, payload, by=desk.me, at=now, undoes=event.id)
    return Done(ref, f"took back: {event.payload['why']}")


def _meant(session: Session, named: str) -> tuple[Ticket | None, Relayed | None, str]:
    if "@" in named:
        address = named.strip().lower()
        if not kept.is_known(session, address):
            raise NotFoundError(f"No mail of a customer came through {address}. `supportterm forms` lists what did.")
        return None, None, address
    ticket = find(session, named)
    relayed = kept.of_ticket(session, ticket.key)
    if relayed is None:
        raise NotFoundError(f"{ticket.ref} did not come through a form or a forward.")
    return ticket, relayed, relayed.relay


def _requester(session: Session, ticket: Ticket, relayed: Relayed, *, trust: bool) -> dict[str, list[list[str]]]:
    """Return how the ticket's customer changes; nothing where another mail than the form's began it."""
    message = messages.get(session, relayed.message)
    if message is None or not relayed.is_first:
        return {}
    who = relayed.customer if trust else message.sender
    was, after = [ticket.requester_name, ticket.requester_address], [who.name, who.address]
    return {"requester": [was, after]} if was != after else {}


def _with_requester(ticket: Ticket, who: list[str]) -> Ticket:
    return dataclasses.replace(ticket, requester_name=who[0], requester_address=who[1])


def _acknowledge(session: Session, desk: Desk, address: str, now: datetime) -> None:
    """Acknowledge what the form brought within a day and was passed over for want of this word."""
    receipts = Receipts(desk.config, desk.people)
    began = meta.get(session, "first_sync_at")
    if not receipts.are_on or began is None:
        return
    receipts.warm()
    came = []
    for number in kept.recent(session, address, now - OLDEST, _MOST):
        message = messages.get(session, number)
        raw = messages.source(session, message.raw) if message and message.raw else None
        if message is not None and raw is not None:
            came.append((parse.parse(raw, own=desk.people.inside), message))
    settled = tickets.load(session, {message.ticket_key for _, message in came})
    receipts.consider(session, came, settled, datetime.fromisoformat(began), now)
