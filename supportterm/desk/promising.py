"""What an agent does about promises: find them in a reply, give one by hand, keep, give away, withdraw, move them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from supportterm.config import Config
from supportterm.desk import dates, promise_clocks, working_days
from supportterm.desk.context import Desk
from supportterm.desk.promise_packs import PromisePacks
from supportterm.desk.standing import refresh
from supportterm.desk.verbs import Done, find
from supportterm.desk.working_days import WorkingDays
from supportterm.domain import moments, promised_times, promises
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.events import Event
from supportterm.domain.ledger import ClockState, StepKind, TicketClock
from supportterm.domain.promises import Found, Promise
from supportterm.domain.text import clean
from supportterm.store import clocks, tickets

if TYPE_CHECKING:
    from supportterm.store.database import Session

_PACKS = PromisePacks()
_LONGEST = 300
_OF_A_TIME = 8
"""Words at the beginning of what is typed that may say when."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A promise found in a reply: the clause, its words of time, and when that is; a `doubt` needs an answer first."""

    words: str
    when: str
    due_at: datetime | None
    doubt: str = ""

    @property
    def promise(self) -> Promise | None:
        """What would be kept, None while it is in doubt."""
        return None if self.doubt or self.due_at is None else Promise(self.words, self.due_at)


def offers(text: str, lang: str | None, config: Config, now: datetime) -> list[Offer]:
    """Return the promises in what is about to be sent, each read against the agent's working days."""
    found = promises.find(text, lang, _PACKS)
    hours = working_days.of(config) if found else None
    return [
        Offer(clean(one.said(text), _LONGEST).strip(), one.when(text), due.at, due.doubt)
        for one in found
        if hours is not None
        for due in [_due(one, hours, now)]
    ]


def instant(text: str, config: Config, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """Read a time as an agent types it: as in a reply, or as anywhere else in the console; None where it is unclear.

    With a `zone` it is meant as clocks show it there.
    """
    hours = working_days.of(config)
    return _instant(text, hours if zone is None else hours.at(zone), now)


def typed(text: str, config: Config, now: datetime) -> Promise:
    """Read a promise as an agent types it: when, then what: `friday 14:00 I call you back`.

    Raises:
        RefusedError: no time begins it, or the time is unclear.
    """
    words, hours = text.split(), working_days.of(config)
    for count in range(min(len(words), _OF_A_TIME), 0, -1):
        when = " ".join(words[:count])
        if (at := _instant(when, hours, now)) is not None:
            return Promise(clean(" ".join(words[count:]), _LONGEST).strip() or when, at)
    found = promises.time_in(text, _PACKS)
    if found is not None and (doubt := _due(found, hours, now).doubt):
        raise RefusedError(f"“{found.when(text)}”: {doubt} Write it in full: `2026-12-03 14:00`.")
    raise RefusedError("Begin with a time to come: `friday 14:00 I call you back`, `2h the log`.")


def _instant(text: str, hours: WorkingDays, now: datetime) -> datetime | None:
    found = promises.time_in(text, _PACKS)
    if found is not None and not text[: found.time_start].strip() and not text[found.time_end :].strip(" .,"):
        due = _due(found, hours, now)
        return None if due.doubt else due.at
    return moments.read(text, now, hours.zone, bare=False)


def _due(found: Found, hours: WorkingDays, now: datetime) -> promised_times.Due:
    here = now.astimezone(hours.zone)
    return promised_times.due(found.words, now, hours, lambda text: dates.read(text, found.lang, here))


def promise(desk: Desk, named: str, wanted: Promise) -> Done:
    """Give a promise by hand.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: its time has passed.
    """
    now = desk.now()
    if wanted.due_at <= now:
        raise RefusedError("That time has passed. Name one to come.")
    with desk.database.write() as session:
        ticket = find(session, named)
        clock = promise_clocks.set_by_hand(session, ticket, wanted, desk.me, now)
        promise_clocks.entered(session, None, clock, "given", by=desk.me, at=now)
        tickets.save(session, [refresh(session, desk.ranking, ticket, now)])
        return Done(ticket.ref, f"promised: “{wanted.words}”")


def fulfil(desk: Desk, clock: str) -> Done:
    """Say that a promise was kept otherwise than by a reply; a broken one stays broken.

    Raises:
        NotFoundError: no such promise.
        RefusedError: it is open no more.
    """
    return _change(desk, clock, "kept", state=ClockState.MET, step=StepKind.MET)


def withdraw(desk: Desk, clock: str) -> Done:
    """End a promise that is owed no more; a broken one is put away, and stays broken in the figures.

    Raises:
        NotFoundError: no such promise.
        RefusedError: it is open no more.
    """
    return _change(desk, clock, "withdrawn", state=ClockState.ENDED, step=StepKind.ENDED)


def give(desk: Desk, clock: str, agent: str) -> Done:
    """Give a promise to a colleague.

    Raises:
        NotFoundError: no such promise.
        RefusedError: it is open no more, or theirs already.
    """
    return _change(desk, clock, f"given to {agent}", agent=agent)


def move(desk: Desk, clock: str, due_at: datetime) -> Done:
    """Give a promise another time; one moved later says that the customer is to be told first.

    Raises:
        NotFoundError: no such promise.
        RefusedError: it is open no more, or that time has passed.
    """
    if due_at <= desk.now():
        raise RefusedError("That time has passed. Name one to come.")
    return _change(desk, clock, "moved", due_at=due_at)


def _change(
    desk: Desk, named: str, what: str, *, state: ClockState | None = None, step: StepKind | None = None, **new: Any
) -> Done:
    now = desk.now()
    with desk.database.write() as session:
        before = clocks.get(session, named)
        if before is None or before.kind != promise_clocks.KIND:
            raise NotFoundError("There is no such promise. `supportterm promises` lists them.")
        if before.state not in (ClockState.RUNNING, ClockState.PAUSED):
            raise RefusedError(f"That promise is {_STATES[before.state]}; there is nothing to change.")
        if new and all(getattr(before, name) == value for name, value in new.items()):
            raise RefusedError("It is so already; nothing was changed.")
        after = dataclasses.replace(before, **new)
        if state is not None and step is not None:
            after = promise_clocks.moved(after, state, step, "by hand", now)
        else:
            after = promise_clocks.moved(after, before.state, StepKind.RESUMED, what, now)
        clocks.put(session, [after])
        promise_clocks.entered(session, before, after, what, by=desk.me, at=now)
        ticket = tickets.load(session, [before.ticket_key])[before.ticket_key]
        tickets.save(session, [refresh(session, desk.ranking, ticket, now)])
        later = before.due_at and after.due_at and after.due_at > before.due_at
        told = "; tell them first, before the old time passes" if later else ""
        return Done(ticket.ref, f"promise {what}: “{before.words}”{told}")


_STATES = {ClockState.MET: "kept", ClockState.BROKEN: "broken", ClockState.ENDED: "withdrawn"}


def undo(session: Session, desk: Desk, event: Event, now: datetime) -> Done:
    """Take back what an agent did about a promise; called by `verbs.undo`.

    Raises:
        RefusedError: the promise is gone.
    """
    clock = clocks.get(session, str(event.payload["clock"]))
    if clock is None:
        raise RefusedError("That promise is gone; there is nothing to take back.")
    before = _earlier(clock, event.payload["change"], now)
    clocks.put(session, [before])
    what = f"{event.payload['what']}, taken back"
    promise_clocks.entered(session, clock, before, what, by=desk.me, at=now, undoes=event.id)
    ticket = tickets.load(session, [clock.ticket_key])[clock.ticket_key]
    tickets.save(session, [refresh(session, desk.ranking, ticket, now)])
    return Done(ticket.ref, f"took back: promise {event.payload['what']}")


def _earlier(clock: TicketClock, change: dict[str, list[str | None]], now: datetime) -> TicketClock:
    state = ClockState(change["state"][0] or ClockState.ENDED.value) if "state" in change else clock.state
    new: dict[str, Any] = {}
    if (due := change.get("due_at")) and due[0]:
        new["due_at"] = datetime.fromisoformat(due[0])
    if "agent" in change and "state" not in change:
        new["agent"] = change["agent"][0]
    kind = StepKind.ENDED if state is ClockState.ENDED else StepKind.RESUMED
    return promise_clocks.moved(clock, state, kind, "taken back", now, **new)
