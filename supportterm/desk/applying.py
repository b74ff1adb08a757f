"""Macros as verbs: found for a ticket, and carried out on tickets without a mail, in one undoable step."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from supportterm.desk import macro_facts, noting, rendering
from supportterm.desk.context import Desk
from supportterm.desk.posting import carried_out
from supportterm.desk.standing import refresh
from supportterm.desk.verbs import Done, find
from supportterm.domain import events, offering
from supportterm.domain.drafts import Also
from supportterm.domain.errors import RefusedError
from supportterm.domain.events import EventKind
from supportterm.domain.snippets import Actions, Macro
from supportterm.domain.ticket import Status, Ticket
from supportterm.store import clocks, facts, journal, tickets

if TYPE_CHECKING:
    from datetime import datetime

    from supportterm.desk.macros import MacroLibrary
    from supportterm.domain.query_matching import Facts
    from supportterm.store.database import Session

MOST = 500
"""As many tickets are one step."""


def found(desk: Desk, named: str, library: MacroLibrary, name: str) -> tuple[Ticket, Macro, dict[str, object]]:
    """Return a ticket, the variant of a macro that suits it, and the facts for it.

    Raises:
        NotFoundError: there is no such ticket or macro.
        MacroError: the macro's file cannot be used.
    """
    with desk.database.write() as session:
        ticket = find(session, named)
        running = clocks.load(session, [ticket.key]).get(ticket.key, [])
    now = desk.now()

    def known(asked: frozenset[str]) -> Facts:
        with desk.database.write() as session:
            return facts.read(session, ticket.key, asked)

    suits = offering.suits(ticket, known, me=desk.me, now=now, zone=ZoneInfo(desk.config.policy.time_zone))
    macro = library.find(name, ticket.lang or "en", suits)
    return ticket, macro, macro_facts.of(desk.config, ticket, macro, now, clocks=running)


def also_of(macro: Macro, values: dict[str, object]) -> Also:
    """Return what a macro does besides its status, its new tags and its files."""
    does = macro.actions
    note = rendering.render_note(macro, values).strip() if does.note else ""
    return Also(does.assignee, does.priority, does.snooze, note, does.tags_remove, does.policy)


def apply(desk: Desk, named: Sequence[str], library: MacroLibrary, name: str) -> Done:
    """Carry out a macro's actions on tickets, in one undoable step; its text and its files are for replies.

    Raises:
        NotFoundError: there is no such ticket or macro.
        MacroError: the macro's file cannot be used.
        RefusedError: it does nothing, all is so already, or they are too many.
    """
    if len(named) > MOST:
        raise RefusedError(f"{len(named)} tickets are too many for one step: {MOST} at most.")
    prepared = {}
    for one in named:
        ticket, macro, values = found(desk, one, library, name)
        if does_nothing(macro.actions):
            raise RefusedError(f"The macro `{name}` does nothing but its text. Use it in a reply.")
        prepared[ticket.key] = (macro, also_of(macro, values))
    now, group = desk.now(), secrets.token_hex(8) if len(prepared) > 1 else ""
    said: dict[str, dict[str, object]] = {}
    with desk.database.write() as session:
        for key, (macro, also) in prepared.items():
            ticket = find(session, key)
            payload = _done(session, desk, ticket, macro, also, group, now)
            if payload:
                said[ticket.ref] = payload
        if not said:
            raise RefusedError("All of it is so already; nothing was changed.")
    words = events.together_in_words(said.values()) if len(said) > 1 else _words(next(iter(said.values())))
    if len(said) > 1 and any("note" in payload for payload in said.values()):
        words = ", ".join(part for part in (words, "noted") if part)
    return Done(next(iter(said)) if len(said) == 1 else f"{len(said)} tickets", words)


def does_nothing(actions: Actions) -> bool:
    """Tell whether a macro only has a text, files and a link."""
    return dataclasses.replace(actions, attach=(), article="") == Actions()


def _done(
    session: Session, desk: Desk, ticket: Ticket, macro: Macro, also: Also, group: str, now: datetime
) -> dict[str, object]:
    """Carry it out on one ticket; return the event's payload, empty where all is so already."""
    does = macro.actions
    wanted = dataclasses.replace(
        ticket, status=does.status or ticket.status, tags=ticket.tags | frozenset(does.tags_add)
    )
    wanted = carried_out(wanted, also, desk.me, now)
    if wanted.status is Status.NEW and wanted.assignee is not None:
        wanted = dataclasses.replace(wanted, status=Status.OPEN)
    wanted = dataclasses.replace(wanted, history=ticket.history and wanted.status is ticket.status)
    payload = events.difference(ticket, wanted)
    if not payload and not also.note:
        return {}
    if "override" in payload:
        payload["computed"] = int(ticket.priority)
    if also.note:
        noted = noting.write(session, desk, ticket, also.note, now)
        payload["note"] = {"message": noted.payload["message"], "event": noted.id}
    payload |= {"macro": macro.id} | ({"group": group} if group else {})
    journal.append(session, ticket.key, EventKind.CHANGED, payload, by=desk.me, at=now)
    tickets.save(session, [refresh(session, desk.ranking, wanted, now)], with_tags=True)
    return payload


def _words(payload: dict[str, object]) -> str:
    changed = events.in_words(EventKind.CHANGED, payload)
    return ", ".join(part for part in (changed, "noted" if "note" in payload else "") if part)
