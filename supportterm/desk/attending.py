"""Agents come, stay and go: when they were here, what happened meanwhile, who keeps their promises."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from supportterm.config import Config
from supportterm.desk.context import Desk
from supportterm.desk.verbs import Done
from supportterm.domain import absence, attendance, moments
from supportterm.domain.absence import Absence
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.events import Event, EventKind
from supportterm.domain.since import Line, News
from supportterm.domain.ticket import Ticket
from supportterm.store import journal, meta

if TYPE_CHECKING:
    from supportterm.store.database import Session
    from supportterm.store.views import Views

_NOWHERE = ""
"""The ticket of a step that is about no ticket."""


def pause(config: Config) -> timedelta:
    """Return how long nobody is here before what happened is told."""
    return timedelta(hours=config.console.pause_hours)


def arrive(desk: Desk) -> datetime | None:
    """Note that the agent opened the console; return when the pause began that ends with it, None where none did.

    Whoever was away is back: their promises are theirs again.
    """
    now = desk.now()
    with desk.database.write() as session:
        before = attendance.from_json(meta.get(session, _attendance(desk.me)))
        meta.put(session, _attendance(desk.me), attendance.to_json(before.arrived(now, pause(desk.config))))
        if (away := _away(session, desk.me)) is not None:
            _entered(session, desk, away, None, now)
    return before.begun(now, pause(desk.config))


def stay(desk: Desk) -> None:
    """Note that the agent is still here."""
    now = desk.now()
    with desk.database.write() as session:
        before = attendance.from_json(meta.get(session, _attendance(desk.me)))
        meta.put(session, _attendance(desk.me), attendance.to_json(before.seen(now)))


def news(views: Views, config: Config, since: datetime, now: datetime) -> list[Line]:
    """Return what happened since, kind by kind; kinds of which there is nothing are left out."""
    me = config.agent.id
    today = now.astimezone(ZoneInfo(config.policy.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    answered, stopped = views.answered_since(since, me), views.stopped_since(since)
    breached = views.breached_since(since, now, me)
    owed = views.owed_until(me, now, today + timedelta(days=1))
    found = [
        Line(News.NEW, tuple(views.new_since(since)), {}),
        Line(News.WROTE, tuple(views.written_since(since)), {}),
        _line(News.BREACHED, breached),
        _line(News.STOPPED, stopped),
        _line(News.ANSWERED, answered),
        _line(News.MENTIONED, views.mentioned_since(since, me)),
        _line(News.PROMISED, [(ticket, clock.words or clock.kind) for ticket, clock in owed]),
    ]
    return [line for line in found if line.tickets]


def _line(kind: News, pairs: Sequence[tuple[Ticket, str]]) -> Line:
    remarks: dict[str, str] = {}
    for ticket, remark in pairs:
        remarks.setdefault(ticket.key, remark)
    return Line(kind, tuple({ticket.key: ticket for ticket, _ in pairs}.values()), remarks)


def leave(desk: Desk, until: datetime, keeper: str = "") -> Done:
    """Be away until a time; the keeper sees this agent's promises and callbacks as their own meanwhile.

    Raises:
        RefusedError: that time has passed, or the keeper is the agent themselves.
    """
    now = desk.now()
    if until <= now:
        raise RefusedError("That time has passed. Name one to come.")
    if keeper == desk.me:
        raise RefusedError("Nobody keeps their own promises while they are away. Name a colleague.")
    with desk.database.write() as session:
        _entered(session, desk, _away(session, desk.me), Absence(desk.me, now, until, keeper), now)
    kept = f"; {keeper} keeps your promises" if keeper else "; nobody keeps your promises"
    return Done(desk.me, f"away{kept}")


def come_back(desk: Desk) -> Done:
    """End this agent's absence.

    Raises:
        RefusedError: they are not away.
    """
    now = desk.now()
    with desk.database.write() as session:
        away = _away(session, desk.me)
        if away is None:
            raise RefusedError("You are not away.")
        _entered(session, desk, away, None, now)
    return Done(desk.me, "back; your promises are yours again")


def typed(text: str, now: datetime) -> tuple[datetime, str]:
    """Read until when and who keeps the promises: `monday 9:00 bob`, `friday`.

    Raises:
        NotFoundError: no time to come begins it, or more than one name follows.
    """
    found = moments.split(text, now)
    if found is None or len(found[1].split()) > 1:
        raise NotFoundError(f"“{text}” is not a time to come and a colleague. Write it like `monday 9:00 bob`.")
    return found[0], found[1].strip()


def undo(session: Session, desk: Desk, event: Event, now: datetime) -> Done:
    """Take back that somebody went or came; called by `verbs.undo`."""
    before = event.payload["before"]
    _put(session, desk.me, before)
    payload = {"before": event.payload["after"], "after": before}
    journal.append(session, _NOWHERE, EventKind.AWAY, payload, by=desk.me, at=now, undoes=event.id)
    return Done(desk.me, "took back: away" if before is None else "took back: back")


def _away(session: Session, agent: str) -> Absence | None:
    text = meta.get(session, _absence(agent))
    return absence.from_json(agent, text) if text else None


def _entered(session: Session, desk: Desk, before: Absence | None, after: Absence | None, now: datetime) -> None:
    was, is_now = (json.loads(absence.to_json(one)) if one is not None else None for one in (before, after))
    _put(session, desk.me, is_now)
    journal.append(session, _NOWHERE, EventKind.AWAY, {"before": was, "after": is_now}, by=desk.me, at=now)


def _put(session: Session, agent: str, values: dict[str, str] | None) -> None:
    if values is None:
        meta.forget(session, _absence(agent))
    else:
        meta.put(session, _absence(agent), json.dumps(values, ensure_ascii=False))


def _attendance(agent: str) -> str:
    return f"attendance:{agent}"


def _absence(agent: str) -> str:
    return f"away:{agent}"
