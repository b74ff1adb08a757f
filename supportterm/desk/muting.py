"""Muting a hint and hearing it again; and what an agent's answers to hints make of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.desk.context import Desk
from supportterm.desk.verbs import Done
from supportterm.domain.errors import RefusedError
from supportterm.domain.events import Event, EventKind
from supportterm.domain.hints import muting
from supportterm.domain.hints.catalogue import CATALOGUE
from supportterm.domain.hints.hint import Hint
from supportterm.domain.hints.muting import Mute, Reach
from supportterm.store import hint_mutes, journal, tickets

if TYPE_CHECKING:
    from supportterm.store.database import Session

FOR = {
    Reach.WORDS: "on these words",
    Reach.TICKET: "on this ticket",
    Reach.AGENT: "for you",
    Reach.TEAM: "for the whole team",
}


def mute(desk: Desk, ticket_key: str, hint: Hint, text: str, reach: Reach) -> Done:
    """Let a hint on a text be heard no more, as far as `reach` says.

    Raises:
        RefusedError: this hint cannot be muted so far.
    """
    if problem := muting.why_not(hint, reach):
        raise RefusedError(problem)
    whose = {Reach.AGENT: desk.me, Reach.TEAM: ""}.get(reach, ticket_key)
    words = muting.words_of(hint, text) if reach is Reach.WORDS else ""
    now = desk.now()
    wanted = Mute(hint.rule, reach, whose, words, desk.me)
    with desk.database.write() as session:
        hint_mutes.add(session, wanted, now)
        if hint.level is not hint.level.CONFIRM:
            hint_mutes.answer(session, desk.me, {hint.rule: True}, now)
        if reach is not Reach.WORDS:
            journal.append(session, _about(wanted), EventKind.HINT_MUTED, _payload(wanted), by=desk.me, at=now)
    return Done(hint.rule, f"muted {FOR[reach]}")


def hear(desk: Desk, wanted: Mute) -> Done:
    """Let a rule be heard again where it was muted."""
    now = desk.now()
    with desk.database.write() as session:
        hint_mutes.remove(session, wanted)
        if wanted.reach is not Reach.WORDS:
            journal.append(session, _about(wanted), EventKind.HINT_HEARD, _payload(wanted), by=desk.me, at=now)
    return Done(wanted.rule, "is heard again")


def begin_anew(desk: Desk, rule: str) -> Done:
    """Give a rule that dropped a level for this agent its own level again.

    Raises:
        RefusedError: there is no such rule.
    """
    if rule not in CATALOGUE:
        raise RefusedError(f"There is no hint called {rule}. `supportterm muted` lists what is muted.")
    with desk.database.write() as session:
        hint_mutes.forget_answers(session, desk.me, rule)
    return Done(rule, "has its own level again")


def answered(desk: Desk, answers: Mapping[str, bool]) -> frozenset[str]:
    """Remember what became of the hints on a reply that goes, rule -> dismissed; return the rules this lowers."""
    if not answers:
        return frozenset()
    now = desk.now()
    with desk.database.write() as session:
        before = hint_mutes.lowered(session, desk.me)
        hint_mutes.answer(session, desk.me, answers, now)
        return hint_mutes.lowered(session, desk.me) - before


def undo(session: Session, desk: Desk, event: Event, now: datetime) -> Done:
    """Take back a mute, or that one was lifted."""
    payload = event.payload
    key = tickets.resolve(session, [event.ticket_key]).get(event.ticket_key, "")
    reach = Reach(payload["reach"])
    wanted = Mute(payload["rule"], reach, key if reach is Reach.TICKET else payload["whose"], "", desk.me)
    was_muted = event.kind is EventKind.HINT_MUTED
    if was_muted:
        hint_mutes.remove(session, wanted)
    else:
        hint_mutes.add(session, wanted, now)
    kind = EventKind.HINT_HEARD if was_muted else EventKind.HINT_MUTED
    journal.append(session, event.ticket_key, kind, _payload(wanted), by=desk.me, at=now, undoes=event.id)
    return Done(wanted.rule, f"took back: {'is heard again' if was_muted else 'is muted again'}")


def _about(wanted: Mute) -> str:
    return wanted.whose if wanted.reach is Reach.TICKET else ""


def _payload(wanted: Mute) -> dict[str, object]:
    return {"rule": wanted.rule, "reach": wanted.reach.value, "whose": wanted.whose}
