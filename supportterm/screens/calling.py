"""What is asked about a call: with whom, when to call back, how it ended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from supportterm.desk import callbacks
from supportterm.domain import callers, moments
from supportterm.domain.callers import Caller
from supportterm.domain.calls import Ending
from supportterm.domain.errors import RefusedError
from supportterm.domain.ledger import ClockState
from supportterm.domain.ticket import Ticket
from supportterm.screens import format as shown_as
from supportterm.screens.asking import Choice, Pick
from supportterm.screens.base import DeskScreen
from supportterm.store import naming

if TYPE_CHECKING:
    from supportterm.screens.phone import Phone
    from supportterm.store.views import Views

_REFERENCE = re.compile(r"(#|ST-)[0-9A-Za-z]{1,10}", re.IGNORECASE)
_CUSTOMERS, _EACH = 5, 3
Who = tuple["str | None", "Caller | None"]


def meant(views: Views, typed: str) -> Who:
    """Return the ticket that a reference names, else the caller as they were typed.

    Raises:
        NotFoundError: none or several tickets are meant.
        RefusedError: it can be nobody's name.
    """
    if not callers.names_somebody(typed):
        raise RefusedError(f"“{shown_as.line(typed, 40)}” is nobody's name. Write a name, a number or an address.")
    if not _REFERENCE.fullmatch(typed.strip()):
        return None, callers.read(typed)
    found = views.find(typed.strip())
    if len(found) != 1:
        raise naming.not_one(typed, (ticket.ref for ticket in found))
    return found[0].key, None


async def begin(phone: Phone, screen: DeskScreen[Any]) -> None:
    """Ask who is on the phone, this ticket's customer first, and begin the call."""
    views, key = screen.console.views, _at_hand(screen)
    ticket = views.ticket(key) if key else None

    def find(typed: str) -> Sequence[Choice[Who]]:
        return _who(views, ticket, typed)

    title = "On the phone with (a name, a number, an address, a reference)"
    who = await screen.ask_for(Pick[Who](title, (), find=find))
    if who is not None:
        phone.perform(lambda verbs, desk: verbs.begin(desk, *who), offers_undo=False)


def _who(views: Views, ticket: Ticket | None, typed: str) -> list[Choice[Who]]:
    found: dict[str, Choice[Who]] = {}

    def offer(one: Ticket) -> None:
        found[one.key] = Choice(shown_as.customer(one), (one.key, None), f"{one.ref}  {shown_as.subject(one)}")

    typed = typed.strip()
    if ticket is not None and (not typed or typed.lower() in f"{ticket.requester_name} {ticket.ref}".lower()):
        offer(ticket)
    if not typed:
        return [
            *found.values(),
            Choice("unknown caller", (None, Caller()), "a new ticket; the name can be typed here, or noted later"),
        ]
    if _REFERENCE.fullmatch(typed):
        for one in views.find(typed)[:_CUSTOMERS]:
            offer(one)
        return [*found.values()]
    if not callers.names_somebody(typed):
        return []
    caller = callers.read(typed)
    people = [Caller(a.name, "", a.address) for a in views.addresses(caller.address or typed, _CUSTOMERS)]
    if caller.number:
        known = views.tickets_of_caller(caller.number, 1)
        people += [Caller(known[0].requester_name, caller.number, "")] if known else []
    for person in people:
        for one in views.tickets_of_caller(person.identity, _EACH):
            if not one.status.is_over:
                offer(one)
        name = shown_as.line(person.name or person.identity, 60)
        found[person.identity] = Choice(name, (None, person), f"something new   {shown_as.line(person.identity, 80)}")
    told = ", ".join(part for part in (caller.name, caller.number, caller.address) if part)
    return [*found.values(), Choice(f"unknown caller: {shown_as.line(told, 80)}", (None, caller), "a new ticket")]


async def call_back(phone: Phone, screen: DeskScreen[Any], typed: str = "") -> None:
    """Ask when to call back, by the customer's clock, and set the clock; or end one that runs."""
    console = screen.console
    key = console.views.resolve(phone.call.ticket_key) if phone.call is not None else _at_hand(screen)
    ticket = console.views.ticket(key) if key else None
    if ticket is None:
        raise RefusedError("There is no ticket here whose customer could be called back.")
    now, config, ref = console.now(), console.config, ticket.ref
    zone = callbacks.zone_of(console.views.messages(ticket.key), console.views.source_head, config)
    if typed:
        found = callbacks.read(typed, config, now, zone)
        if found is None:
            raise callbacks.unclear(shown_as.line(typed, 80))
        screen.perform(lambda desk: callbacks.call_back(desk, ref, *found))
        return
    running = [
        clock
        for clock in console.views.clocks(ticket.key)
        if clock.kind in callbacks.KINDS and clock.state is ClockState.RUNNING and clock.due_at is not None
    ]
    choices: list[Choice[tuple[str, str | datetime, str]]] = []
    for clock in running:
        told = f"{shown_as.line(clock.words, 40)} {_when(clock.due_at or now, now, zone)}".strip()
        choices.append(Choice(f"done: {told}", ("done", clock.id, "")))
        choices.append(Choice(f"not needed: {told}", ("drop", clock.id, "")))
    for words, at in moments.offered(now, zone):
        choices.append(Choice(words, ("set", at, ""), _when(at, now, zone)))

    def other(text: str) -> Choice[tuple[str, str | datetime, str]] | None:
        read = callbacks.read(text, config, now, zone)
        if read is None:
            return None
        about = f"   {shown_as.line(read[1], 60)}" if read[1] else ""
        return Choice(text, ("set", read[0], read[1]), f"{_when(read[0], now, zone)}{about}")

    here = f"{now.astimezone(zone):%H:%M} there now"
    title = f"Call {shown_as.customer(ticket)} back at (friday 14:00 the invoice; by their clock, {here})"
    chosen = await screen.ask_for(Pick(title, choices, other=other))
    if chosen is None:
        return
    what, value, about = chosen
    if isinstance(value, datetime):
        screen.perform(lambda desk: callbacks.call_back(desk, ref, value, about))
    else:
        verb = callbacks.done if what == "done" else callbacks.drop
        screen.perform(lambda desk: verb(desk, ref, value))


async def end(phone: Phone, screen: DeskScreen[Any]) -> None:
    """Read the summary back, choose how it ended, and end the call; or say that there was none."""
    from supportterm.screens.call_ending import DROP, CallEnding

    call = phone.call
    if call is None:
        return
    ticket = screen.console.views.ticket(screen.console.views.resolve(call.ticket_key))
    phone.writes = False
    phone.show()
    ended: Ending | str | None = await screen.ask_for(CallEnding(phone, call, ticket, screen.console))
    if ended == DROP:
        phone.drop()
    elif isinstance(ended, Ending):
        phone.finish(ended)


def _when(at: datetime, now: datetime, zone: tzinfo) -> str:
    return f"{callbacks.in_words(at, zone)}, here {shown_as.when(at, now)}"


def _at_hand(screen: DeskScreen[Any]) -> str | None:
    """Return the ticket a screen is about: the selected one, or that of the reply."""
    selected = getattr(screen, "selected", None)
    found = selected() if callable(selected) else getattr(screen, "key", None)
    return found if isinstance(found, str) else None
