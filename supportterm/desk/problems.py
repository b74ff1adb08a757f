"""Problems: one cause behind many tickets. Opened from tickets, joined by others, fixed; each step can be undone."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from supportterm.desk import verbs
from supportterm.desk.clockwork import pasts
from supportterm.desk.context import Desk
from supportterm.desk.standing import refresh
from supportterm.desk.verbs import Done
from supportterm.domain import events
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.events import Event, EventKind
from supportterm.domain.problem import LONGEST_CAUSE, Problem, ProblemState, named, number_in, title_of
from supportterm.domain.text import clean_body
from supportterm.domain.ticket import Ticket
from supportterm.store import journal, problems, tickets

if TYPE_CHECKING:
    from supportterm.store.database import Session

_NOWHERE = ""
"""The ticket of what is said about a problem itself."""


def open_problem(desk: Desk, title: str, refs: Sequence[str] = (), cause: str = "") -> Done:
    """Open a problem, with the tickets it is behind, in one undoable step.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: it has no title, or too many tickets at once.
    """
    wanted = _titled(title)
    now, group = desk.now(), secrets.token_hex(8)
    with desk.database.write() as session:
        opened = problems.add(session, wanted, _explained(cause), desk.me, now)
        linked = _point(session, desk, _all(session, refs), opened.number, group, now)
        change: dict[str, list[str | None]] = {"title": [None, opened.title], "state": [None, opened.state.value]}
        _say(session, desk, opened, "opened", change, now, group=group)
        return Done(opened.ref, f"opened: {opened.title}{f', with {_count(linked)}' if linked else ''}")


def link(desk: Desk, problem: str, refs: Sequence[str]) -> Done:
    """Put tickets behind an open problem, in one undoable step; a ticket that had another leaves that.

    Raises:
        NotFoundError: no such problem or ticket.
        RefusedError: it is fixed, or they are behind it already.
    """
    now = desk.now()
    with desk.database.write() as session:
        found = find(session, problem)
        if found.state is not ProblemState.OPEN:
            raise RefusedError(f"{found.ref} is fixed. Reopen it first, or open a problem of its own.")
        if not (linked := _point(session, desk, _all(session, refs), found.number, secrets.token_hex(8), now)):
            raise RefusedError(f"Behind that stands {found.ref} already; nothing was changed.")
        return Done(found.ref, f"stands behind {_count(linked)} more")


def unlink(desk: Desk, refs: Sequence[str]) -> Done:
    """Take tickets out of the problem they are behind, in one undoable step.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: none of them is behind a problem.
    """
    now = desk.now()
    with desk.database.write() as session:
        found = [ticket for ticket in _all(session, refs) if ticket.problem is not None]
        if not found:
            raise RefusedError("No problem is behind that; nothing was changed.")
        names = sorted({named(ticket.problem) for ticket in found if ticket.problem is not None})
        _point(session, desk, found, None, secrets.token_hex(8), now)
        return Done(found[0].ref if len(found) == 1 else _count(found), f"not {', '.join(names)} any more")


def rename(desk: Desk, problem: str, title: str) -> Done:
    """Give a problem another title.

    Raises:
        NotFoundError: no such problem.
        RefusedError: it has that title already, or none is given.
    """
    wanted = _titled(title)
    return _change(desk, problem, "renamed", lambda found: dataclasses.replace(found, title=wanted))


def explain(desk: Desk, problem: str, cause: str) -> Done:
    """Write down what is known of a problem's cause; nothing of it goes to a customer.

    Raises:
        NotFoundError: no such problem.
        RefusedError: that is known already.
    """
    wanted = _explained(cause)
    return _change(desk, problem, "explained", lambda found: dataclasses.replace(found, cause=wanted))


def fixed(desk: Desk, problem: str) -> Done:
    """Say that a problem is fixed. Its tickets stay as they are, each a row of its own again: nobody is told by this.

    Raises:
        NotFoundError: no such problem.
        RefusedError: it is fixed already.
    """
    now = desk.now()

    def mended(found: Problem) -> Problem:
        is_open = found.state is ProblemState.OPEN
        return dataclasses.replace(found, state=ProblemState.FIXED, fixed_at=now) if is_open else found

    return _change(desk, problem, "fixed", mended)


def reopen(desk: Desk, problem: str) -> Done:
    """Open a fixed problem again.

    Raises:
        NotFoundError: no such problem.
        RefusedError: it is open.
    """
    return _change(
        desk, problem, "reopened", lambda found: dataclasses.replace(found, state=ProblemState.OPEN, fixed_at=None)
    )


def find(session: Session, problem: str) -> Problem:
    """Return the problem a person names: `P-3`, `p3` or `3`.

    Raises:
        NotFoundError: there is none of that name.
    """
    number = number_in(problem)
    found = problems.get(session, number) if number is not None else None
    if found is None or found.state is ProblemState.WITHDRAWN:
        raise NotFoundError(f"There is no problem “{problem}”. `supportterm problem list` names those there are.")
    return found


def undo(session: Session, desk: Desk, event: Event, now: datetime) -> Done:
    """Take back what was said of a problem, with the links made in the same step; called by `verbs.undo`.

    Raises:
        RefusedError: others have put tickets behind it since it was opened.
    """
    step = journal.step_of(session, event)
    own = [each for each in step if each.kind is EventKind.CHANGED]
    before = _given(session, int(event.payload["problem"]))
    if own:
        verbs.undo_together(session, desk, own, now)
    change = {name: [after, was] for name, (was, after) in event.payload["change"].items()}
    if event.payload["what"] == "opened" and (left := problems.members(session, before.number)):
        raise RefusedError(
            f"{before.ref} stands behind other tickets by now, {len(left)} of them. Take those out of it first."
        )
    after = _made(before, _plain(before) | {name: after for name, (_, after) in change.items()})
    problems.save(session, after)
    _say(session, desk, after, "taken-back", change, now, undoes=event.id)
    return Done(before.ref, f"took back: {event.payload['what']}")


def _change(desk: Desk, problem: str, what: str, mend: Callable[[Problem], Problem]) -> Done:
    now = desk.now()
    with desk.database.write() as session:
        before = find(session, problem)
        after = mend(before)
        was, becomes = _plain(before), _plain(after)
        if was == becomes:
            raise RefusedError(f"{before.ref} is so already; nothing was changed.")
        problems.save(session, after)
        change = {name: [was[name], becomes[name]] for name in was if was[name] != becomes[name]}
        _say(session, desk, after, what, change, now)
        told = f": {after.title}" if what == "renamed" else ""
        if what == "fixed" and (waiting := problems.untold(session, after.number)):
            told = f"; {waiting} customer{'s wait' if waiting != 1 else ' waits'} to be told"
        return Done(after.ref, f"{what}{told}")


def _say(
    session: Session,
    desk: Desk,
    problem: Problem,
    what: str,
    change: Mapping[str, list[str | None]],
    now: datetime,
    *,
    group: str | None = None,
    undoes: str | None = None,
) -> None:
    payload = {"problem": problem.number, "what": what, "change": change, "why": f"{problem.ref} {what}"}
    payload |= {"group": group} if group else {}
    journal.append(session, _NOWHERE, EventKind.PROBLEM, payload, by=desk.me, at=now, undoes=undoes)


def _point(
    session: Session, desk: Desk, found: Sequence[Ticket], number: int | None, group: str, now: datetime
) -> list[Ticket]:
    """Let tickets name a problem, or none; return those that did not already."""
    moved = [dataclasses.replace(ticket, problem=number) for ticket in found if ticket.problem != number]
    if not moved:
        return []
    before = {ticket.key: ticket for ticket in found}
    for ticket in moved:
        payload = events.difference(before[ticket.key], ticket) | {"group": group}
        journal.append(session, ticket.key, EventKind.CHANGED, payload, by=desk.me, at=now)
    known = pasts(session, [ticket.key for ticket in moved])
    tickets.save(session, [refresh(session, desk.ranking, ticket, now, known[ticket.key]) for ticket in moved])
    return moved


def _all(session: Session, refs: Sequence[str]) -> list[Ticket]:
    """Return the tickets that are named, by key or by what people call them.

    Raises:
        NotFoundError: one of them is not there.
        RefusedError: they are too many for one step.
    """
    if len(refs) >= journal.STEP:
        raise RefusedError(f"{len(refs)} tickets are too many for one step: {journal.STEP - 1} at most. Mark fewer.")
    keys = tickets.resolve(session, refs)
    keys |= {ref: verbs.find(session, ref).key for ref in refs if ref not in keys}
    found = tickets.load(session, keys.values())
    return [found[key] for key in dict.fromkeys(keys[ref] for ref in refs)]


def _given(session: Session, number: int) -> Problem:
    found = problems.get(session, number)
    if found is None:
        raise NotFoundError(f"There is no problem {named(number)}.")
    return found


def _plain(problem: Problem) -> dict[str, str | None]:
    """Return what can change in a problem, as the journal keeps it."""
    at = problem.fixed_at.astimezone(UTC).isoformat() if problem.fixed_at is not None else None
    return {"title": problem.title, "cause": problem.cause, "state": problem.state.value, "fixed_at": at}


def _made(before: Problem, values: Mapping[str, str | None]) -> Problem:
    """Return a problem as the journal says it is to be; one that had no state yet is withdrawn."""
    at = values["fixed_at"]
    return dataclasses.replace(
        before,
        title=values["title"] or before.title,
        cause=values["cause"] or "",
        state=ProblemState(values["state"] or ProblemState.WITHDRAWN),
        fixed_at=datetime.fromisoformat(at) if at else None,
    )


def _titled(text: str) -> str:
    title = title_of(text)
    if not title or number_in(title) is not None:
        raise RefusedError("Give the problem a title that says what fails, like: Export fails in Safari.")
    return title


def _explained(text: str) -> str:
    return clean_body(text, LONGEST_CAUSE).strip()


def _count(found: Sequence[Ticket]) -> str:
    return found[0].ref if len(found) == 1 else f"{len(found)} tickets"
