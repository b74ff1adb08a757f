"""Refusing a customer for good: an agent asks with a reason, a supervisor approves or declines; all of it is kept."""

from __future__ import annotations

import dataclasses
import secrets
from typing import TYPE_CHECKING

from supportterm.desk.context import Desk
from supportterm.desk.verbs import Done, find
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.events import Event, EventKind
from supportterm.domain.refusals import Decision, Refusal
from supportterm.domain.text import clean
from supportterm.store import blocking, journal, refusals, tickets

if TYPE_CHECKING:
    from datetime import datetime

    from supportterm.store.database import Session

_LONGEST = 500


def ask(desk: Desk, named: str, reason: str) -> Done:
    """Ask that the customer of a ticket be refused from now on; their matter must have come to its end.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: the ticket is not solved, no reason is given, or it was asked already.
    """
    now, words = desk.now(), clean(reason, _LONGEST).strip()
    with desk.database.write() as session:
        ticket = find(session, named)
        address = ticket.requester_address.strip().lower()
        if not address or desk.people.is_team(address):
            raise RefusedError(f"{ticket.ref} has no customer who could be refused.")
        if not ticket.status.is_over:
            raise RefusedError(f"{ticket.ref} is {ticket.status}. Bring it to its end first, then ask.")
        if not words:
            raise RefusedError("Give the reason: whoever decides has nothing else to go by.")
        if blocking.held(session, [address]):
            raise RefusedError(f"{address} is blocked already.")
        if refusals.asked(session, address) is not None:
            raise RefusedError(f"It was asked already whether to refuse {address}; it waits for a supervisor.")
        wanted = Refusal(secrets.token_hex(4), ticket.key, address, desk.me, now, words)
        refusals.put(session, wanted)
        _entered(session, desk, None, wanted, now)
        return Done(ticket.ref, f"asked whether to refuse {address}; a supervisor decides")


def decide(desk: Desk, number: str, *, approve: bool, words: str = "") -> Done:
    """Approve a request, which blocks the customer, or decline it, which needs a word why.

    Raises:
        NotFoundError: no such request.
        RefusedError: this agent is no supervisor, it was decided already, or no reason is given.
    """
    now, said = desk.now(), clean(words, _LONGEST).strip()
    if desk.config.agent.role != "supervisor":
        raise RefusedError("Only a supervisor decides about it: `role` under [agent] in their configuration says so.")
    if not approve and not said:
        raise RefusedError("Say why it is declined: whoever asked is to know.")
    with desk.database.write() as session:
        before = refusals.get(session, number)
        if before is None:
            raise NotFoundError(f"There is no request {number!r}. `supportterm refusals` lists them.")
        if before.decision is not Decision.ASKED:
            raise RefusedError(f"That request was {before.decision} already, by {before.decided_by}.")
        decision = Decision.APPROVED if approve else Decision.DECLINED
        fresh = approve and not blocking.held(session, [before.address])
        after = dataclasses.replace(
            before, decision=decision, decided_by=desk.me, decided_at=now, words=said, blocks=fresh
        )
        if fresh:
            blocking.add(session, [before.address], desk.me, now)
        refusals.put(session, after)
        _entered(session, desk, before, after, now)
        return Done(before.address, f"{decision}" + ("; their mail is spam from now on" if approve else ""))


def undo(session: Session, desk: Desk, event: Event, now: datetime) -> Done:
    """Take back a request or a decision; called by `verbs.undo`.

    Raises:
        RefusedError: it was decided meanwhile.
    """
    after = refusals.get(session, str(event.payload["request"]))
    if after is None or after.decision != event.payload["decision"]:
        raise RefusedError("It was decided meanwhile; take that back first.")
    if after.decision is Decision.ASKED:
        before = dataclasses.replace(after, decision=Decision.WITHDRAWN, decided_by=desk.me, decided_at=now)
    else:
        before = dataclasses.replace(
            after, decision=Decision.ASKED, decided_by="", decided_at=None, words="", blocks=False
        )
        if after.blocks:
            blocking.remove(session, [after.address])
    refusals.put(session, before)
    _entered(session, desk, after, before, now, undoes=event.id)
    return Done(after.address, f"took back: {after.decision}")


def _entered(
    session: Session, desk: Desk, before: Refusal | None, after: Refusal, now: datetime, undoes: str | None = None
) -> None:
    said = after.words or after.reason
    payload = {
        "request": after.id,
        "address": after.address,
        "decision": after.decision.value,
        "before": before.decision.value if before else None,
        "why": f"{after.address} {after.decision}: {said}",
    }
    key = tickets.resolve(session, [after.ticket_key]).get(after.ticket_key, after.ticket_key)
    journal.append(session, key, EventKind.REFUSAL, payload, by=desk.me, at=now, undoes=undoes)
