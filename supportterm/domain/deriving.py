"""A ticket's history and its policies in, its clocks with their ledgers out. No clock is ever moved otherwise.

Which clocks there are: the reply clock runs from the customer's first unanswered
word until a server has accepted our answer (the first one is the first reply, every
later one a next reply); the resolution clock from the customer's first word until
the ticket is solved; the update clock while it is on hold, anew after each answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from supportterm.domain.calendars import Calendar
from supportterm.domain.history import Cause, Moment
from supportterm.domain.ledger import Step, StepKind, TicketClock
from supportterm.domain.policies import SNOOZED, ClockKind, Policy
from supportterm.domain.running import Book, InForce, Mode, Run
from supportterm.domain.ticket import Status

__all__ = ["DERIVED", "InForce", "derive", "due_from"]

DERIVED = frozenset({ClockKind.FIRST_REPLY, ClockKind.NEXT_REPLY, ClockKind.RESOLUTION, ClockKind.UPDATE})
"""The kinds that are derived."""
_NONE = timedelta(0)
_EVER = datetime.min.replace(tzinfo=UTC)


def derive(
    ticket_key: str,
    moments: Sequence[Moment],
    policies: Sequence[InForce],
    now: datetime,
    *,
    agent: str | None = None,
    begins: datetime = _EVER,
) -> list[TicketClock]:
    """Return a ticket's derived clocks, the earliest first.

    Args:
        ticket_key: whose they are.
        moments: its history, as `history.replay` gives it.
        policies: what held for it when, the earliest first; the first held before, too.
        now: as of when they are breached or have warned.
        agent: who has the ticket.
        begins: no clock runs before; one that would have begins at the first moment after.
    """
    runs: list[Run] = []
    book = Book(policies)
    for fold in (_Replies(), _Resolution(), _Update()):
        fold.read(moments, book, begins, runs)
    found = []
    for run in runs:
        run.pass_on_to(now, book)
        if run.steps:
            found.append(run.clock(ticket_key, agent, now))
    return sorted(found, key=lambda clock: (clock.started_at, clock.kind))


def due_from(steps: Sequence[Step], calendar_of: Mapping[str, Calendar]) -> datetime | None:
    """Return the due time a ledger says: what was left at the last step that lets it run, counted on from there.

    `calendar_of` maps a policy's name to its calendar for this kind of clock.
    None where the clock does not run.
    """
    breached = next((step.at for step in reversed(steps) if step.kind is StepKind.BREACHED), None)
    last: Step | None = None
    for step in reversed(steps):
        if step.kind is StepKind.BREACHED:
            continue
        last = last or step
        if step.kind is not StepKind.POLICY:
            break
    if last is None or step.kind in (StepKind.PAUSED, StepKind.MET, StepKind.ENDED):
        return None
    return calendar_of[last.policy].add(last.at, last.left) if last.left > _NONE else breached or last.at


class _Fold:
    """Reads a history for one kind of clock."""

    def read(self, moments: Sequence[Moment], book: Book, begins: datetime, runs: list[Run]) -> None:
        """Append the clocks that a history starts."""
        run: Run | None = None
        early: ClockKind | None = None
        for moment in moments:
            starts, finished = self.starts(moment), self.finishes(moment)
            if run is not None:
                run.pass_on_to(moment.at, book)
                if finished is not None:
                    run.finish(moment.at, *finished)
                    run = None
            if finished is not None:
                early = None
            kind = None if run is not None else early or starts
            if kind and moment.at < begins:
                early = kind
            elif kind:
                why = "taken up again" if early else moment.why
                run, early = Run(kind, moment.at, why, book.at(moment.at), partial(self.mode, kind, moment)), None
                runs.append(run)
            elif run is not None:
                run.turn(moment.at, partial(self.mode, run.kind, moment))

    def starts(self, moment: Moment) -> ClockKind | None:
        """Return the kind of clock that a moment starts, or None; asked of every moment in turn."""
        raise NotImplementedError

    def finishes(self, moment: Moment) -> tuple[StepKind, str] | None:
        """Return how a moment ends the clock for good, or None."""
        raise NotImplementedError

    def mode(self, kind: ClockKind, moment: Moment, policy: Policy) -> Mode:
        """Say whether the clock runs after a moment."""
        stands = policy.pauses.get(kind, frozenset())
        runs = moment.status.value not in stands and not (moment.snoozed and SNOOZED in stands)
        return Mode(runs, moment.why)


class _Replies(_Fold):
    """The first reply and every later one."""

    def __init__(self) -> None:
        self._asked = self._answered = self._sent = False

    def starts(self, moment: Moment) -> ClockKind | None:
        if moment.cause is Cause.CUSTOMER:
            self._asked = True
            return ClockKind.NEXT_REPLY if self._answered else ClockKind.FIRST_REPLY
        if moment.cause is Cause.ANSWER:
            self._sent = True
            self._answered |= self._asked
        return ClockKind.NEXT_REPLY if moment.cause is Cause.BOUNCE and self._sent else None

    def finishes(self, moment: Moment) -> tuple[StepKind, str] | None:
        return (StepKind.MET, moment.why) if moment.cause is Cause.ANSWER else None

    def mode(self, kind: ClockKind, moment: Moment, policy: Policy) -> Mode:
        if moment.status.is_over:
            return Mode(runs=False, why=moment.why, ends=StepKind.ENDED)
        if moment.on_its_way:
            return Mode(runs=True, why=moment.why)
        if moment.status is Status.PENDING:
            return Mode(runs=False, why=moment.why)
        return super().mode(kind, moment, policy)


class _Resolution(_Fold):
    """From the customer's first word until the ticket is solved, and on when it is opened again."""

    def starts(self, moment: Moment) -> ClockKind | None:
        return ClockKind.RESOLUTION if moment.cause is Cause.CUSTOMER else None

    def finishes(self, moment: Moment) -> tuple[StepKind, str] | None:
        return None

    def mode(self, kind: ClockKind, moment: Moment, policy: Policy) -> Mode:
        if moment.status.is_over:
            ends = StepKind.ENDED if moment.status is Status.SPAM else StepKind.MET
            return Mode(runs=False, why=moment.why, ends=ends)
        return super().mode(kind, moment, policy)


class _Update(_Fold):
    """While a ticket is on hold: the customer hears from us before they ask."""

    def starts(self, moment: Moment) -> ClockKind | None:
        return ClockKind.UPDATE if moment.status is Status.ON_HOLD else None

    def finishes(self, moment: Moment) -> tuple[StepKind, str] | None:
        if moment.cause is Cause.ANSWER:
            return StepKind.MET, moment.why
        return (StepKind.ENDED, moment.why) if moment.status is not Status.ON_HOLD else None
