"""A ticket's history and its policies in, its clocks with their ledgers out. No clock is ever moved otherwise.

Which clocks there are: the reply clock runs from the customer's first unanswered
word until a server has accepted our answer (the first one is the first reply, every
later one a next reply); the resolution clock from the customer's first word until
the ticket is solved; the update clock while it is on hold, anew after each answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol

from supportterm.domain.history import Cause, Moment
from supportterm.domain.ledger import ClockState, Step, StepKind, TicketClock
from supportterm.domain.ticket import Status

FIRST_REPLY, NEXT_REPLY, RESOLUTION, UPDATE = DERIVED = ("first reply", "next reply", "resolution", "update")
"""The kinds that are derived."""
SNOOZED = "snoozed"
_NONE = timedelta(0)
_EVER = datetime.min.replace(tzinfo=UTC)


class Calendar(Protocol):
    """What counts of the time that passes."""

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Return when so much of it has passed since `start`."""
        ...

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much of it lies between two instants."""
        ...


class Target(Protocol):
    """How long something may take, and what counts."""

    @property
    def length(self) -> timedelta:
        """The length."""
        ...

    @property
    def calendar(self) -> Calendar:
        """What counts."""
        ...


class Policy(Protocol):
    """What was promised to a ticket's customer; kinds are words of `ClockKind`."""

    @property
    def name(self) -> str:
        """Its name in the configuration."""
        ...

    @property
    def targets(self) -> Mapping[str, Target]:
        """Kind -> target; a kind without one has no clock."""
        ...

    @property
    def pauses(self) -> Mapping[str, frozenset[str]]:
        """Kind -> the statuses, and `snoozed`, in which its clock stands."""
        ...

    @property
    def warn_at(self) -> tuple[int, ...]:
        """Percents of a length at which to warn."""
        ...


@dataclass(frozen=True, slots=True)
class InForce:
    """A policy that holds for a ticket from an instant on."""

    since: datetime
    policy: Policy


@dataclass(frozen=True, slots=True)
class _Mode:
    """What a moment means for a clock: it runs, or stands as `ends` says."""

    runs: bool
    why: str = ""
    ends: StepKind = StepKind.PAUSED


_ModeOf = Callable[[Policy], _Mode]


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
    runs: list[_Run] = []
    book = _Book(policies)
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
    for step in reversed(steps):
        if step.kind in (StepKind.PAUSED, StepKind.MET, StepKind.ENDED):
            return None
        if step.kind is not StepKind.BREACHED:
            if step.left > _NONE:
                return calendar_of[step.policy].add(step.at, step.left)
            return breached or step.at
    return None


class _Book:
    def __init__(self, policies: Sequence[InForce]) -> None:
        self._policies = sorted(policies, key=lambda each: each.since)

    def at(self, instant: datetime) -> Policy:
        """Return what holds at an instant."""
        held = [each.policy for each in self._policies if each.since <= instant]
        return held[-1] if held else self._policies[0].policy

    def changes(self, start: datetime, end: datetime) -> Iterator[InForce]:
        """Return what comes into force after `start`, up to `end`."""
        return (each for each in self._policies[1:] if start < each.since <= end)


class _Run:
    """One clock while its history goes by."""

    def __init__(self, kind: str, at: datetime, why: str, policy: Policy, mode_of: _ModeOf) -> None:
        self.kind = kind
        self.steps: list[Step] = []
        self._at = at
        self._policy = policy
        self._mode_of = mode_of
        self._target = policy.targets.get(kind)
        self._used = _NONE
        self._since: datetime | None = None
        self._due: datetime | None = None
        self._breached: datetime | None = None
        self._over = False
        if self._target is not None:
            self._begin(at, why)

    def pass_on_to(self, at: datetime, book: _Book) -> None:
        """Let time pass, and the policies change that change on the way."""
        for change in book.changes(self._at, at) if not self._over else ():
            self._settle(change.since)
            self._switch(change.since, change.policy)
        self._settle(at)
        self._at = max(self._at, at)

    def turn(self, at: datetime, mode_of: _ModeOf) -> None:
        """Run, or stand, from here on."""
        self._mode_of = mode_of
        self._obey(at)

    def finish(self, at: datetime, kind: StepKind, why: str) -> None:
        """End for good."""
        if self._target is not None:
            self._stop(at, kind, why)
        self._over = True

    def clock(self, ticket_key: str, agent: str | None, now: datetime) -> TicketClock:
        """Return the clock as of now."""
        if self._due is not None and self._due <= now:
            self._breach(self._due)
        warns = self._warns()
        started = self.steps[0].at
        return TicketClock(
            id=f"{ticket_key}:{self.kind}:{int(started.timestamp() * 1000)}",
            ticket_key=ticket_key,
            kind=self.kind,
            state=self._state(),
            started_at=started,
            due_at=self._due,
            agent=agent,
            warned=100 if self._breached else max((percent for percent, at in warns if at <= now), default=0),
            policy=self.steps[-1].policy,
            ledger=tuple(self.steps),
            warns=tuple(at for _, at in warns),
        )

    def _state(self) -> ClockState:
        if self._since is not None:
            return ClockState.RUNNING
        stands = self._stands()
        if stands is StepKind.PAUSED:
            return ClockState.PAUSED
        if self._breached:
            return ClockState.BROKEN
        return ClockState.MET if stands is StepKind.MET else ClockState.ENDED

    def _stands(self) -> StepKind:
        return next(s.kind for s in reversed(self.steps) if s.kind not in (StepKind.BREACHED, StepKind.POLICY))

    def _left(self) -> timedelta:
        return (self._target.length if self._target else _NONE) - self._used

    def _note(self, at: datetime, kind: StepKind, why: str = "") -> None:
        self.steps.append(Step(at, kind, why, self._left(), self._policy.name))

    def _begin(self, at: datetime, why: str) -> None:
        self._note(at, StepKind.STARTED, why)
        self._go(at)
        self._obey(at)

    def _go(self, at: datetime) -> None:
        self._since = at
        if self._target is not None and self._left() > _NONE:
            self._due, self._breached = self._target.calendar.add(at, self._left()), None
        else:
            self._due = self._breached or at

    def _stop(self, at: datetime, kind: StepKind, why: str) -> None:
        if self._since is None and self._stands() is kind:
            return
        self._since = None
        self._note(at, kind, why)
        if kind is StepKind.PAUSED:
            self._due = None

    def _obey(self, at: datetime) -> None:
        mode = self._mode_of(self._policy)
        if self._target is None or not self.steps:
            return
        if not mode.runs:
            self._stop(at, mode.ends, mode.why)
        elif self._since is None:
            self._note(at, StepKind.RESUMED, mode.why)
            self._go(at)

    def _settle(self, at: datetime) -> None:
        """Count what has passed, and note where the due time lay."""
        if self._since is None or self._target is None or at <= self._since:
            return
        if self._due is not None and self._due < at:
            self._breach(self._due)
        self._used += self._target.calendar.between(self._since, at)
        self._since = at

    def _breach(self, at: datetime) -> None:
        if self._since is not None and self._breached is None:
            self._breached = at
            self.steps.append(Step(at, StepKind.BREACHED, "", _NONE, self._policy.name))

    def _switch(self, at: datetime, policy: Policy) -> None:
        """Count on by another policy; what was used so far counts as used."""
        was, target = (self._policy.name, self._target), policy.targets.get(self.kind)
        self._policy = policy
        if target is None:
            if self._since is not None:
                self._stop(at, StepKind.ENDED, f"the policy “{policy.name}” sets no time for it")
            self._target = None
            return
        self._target = target
        if not self.steps:
            self._begin(at, f"the policy “{policy.name}” sets a time for it")
        elif was[1] is None:
            self._obey(at)
        elif not _alike(was, (policy.name, target)) and (self._since is not None or self._stands() is StepKind.PAUSED):
            self._note(at, StepKind.POLICY, f"the policy “{policy.name}” counts from here")
            if self._since is not None:
                self._go(at)
        self._obey(at)

    def _warns(self) -> list[tuple[int, datetime]]:
        """Return each percent with the instant at which so much of the length is used; none where it stands."""
        target, found = self._target, []
        if self._since is not None and target is not None:
            start = next(step for step in reversed(self.steps) if step.kind is not StepKind.BREACHED)
            used = target.length - start.left
            for percent in sorted(each for each in self._policy.warn_at if each < 100):
                needed = target.length * percent / 100 - used
                found.append((percent, target.calendar.add(start.at, needed) if needed > _NONE else start.at))
        return found


def _alike(was: tuple[str, Target | None], now: tuple[str, Target]) -> bool:
    before = was[1]
    return before is not None and (was[0], before.length, before.calendar) == (now[0], now[1].length, now[1].calendar)


class _Fold:
    """Reads a history for one kind of clock."""

    def read(self, moments: Sequence[Moment], book: _Book, begins: datetime, runs: list[_Run]) -> None:
        """Append the clocks that a history starts."""
        run: _Run | None = None
        early = ""
        for moment in moments:
            starts, finished = self.starts(moment), self.finishes(moment)
            if run is not None:
                run.pass_on_to(moment.at, book)
                if finished is not None:
                    run.finish(moment.at, *finished)
                    run = None
            if finished is not None:
                early = ""
            kind = "" if run is not None else early or starts
            if kind and moment.at < begins:
                early = kind
            elif kind:
                why = "taken up again" if early else moment.why
                run, early = _Run(kind, moment.at, why, book.at(moment.at), partial(self.mode, kind, moment)), ""
                runs.append(run)
            elif run is not None:
                run.turn(moment.at, partial(self.mode, run.kind, moment))

    def starts(self, moment: Moment) -> str:
        """Return the kind of clock that a moment starts, or nothing; asked of every moment in turn."""
        raise NotImplementedError

    def finishes(self, moment: Moment) -> tuple[StepKind, str] | None:
        """Return how a moment ends the clock for good, or None."""
        raise NotImplementedError

    def mode(self, kind: str, moment: Moment, policy: Policy) -> _Mode:
        """Say whether the clock runs after a moment."""
        stands = policy.pauses.get(kind, frozenset())
        runs = moment.status.value not in stands and not (moment.snoozed and SNOOZED in stands)
        return _Mode(runs, moment.why)


class _Replies(_Fold):
    """The first reply and every later one."""

    def __init__(self) -> None:
        self._asked = self._answered = self._sent = False

    def starts(self, moment: Moment) -> str:
        if moment.cause is Cause.CUSTOMER:
            self._asked = True
            return NEXT_REPLY if self._answered else FIRST_REPLY
        if moment.cause is Cause.ANSWER:
            self._sent = True
            self._answered |= self._asked
        return NEXT_REPLY if moment.cause is Cause.BOUNCE and self._sent else ""

    def finishes(self, moment: Moment) -> tuple[StepKind, str] | None:
        return (StepKind.MET, moment.why) if moment.cause is Cause.ANSWER else None

    def mode(self, kind: str, moment: Moment, policy: Policy) -> _Mode:
        if moment.status.is_over:
            return _Mode(runs=False, why=moment.why, ends=StepKind.ENDED)
        if moment.on_its_way:
            return _Mode(runs=True, why=moment.why)
        if moment.status is Status.PENDING:
            return _Mode(runs=False, why=moment.why)
        return super().mode(kind, moment, policy)


class _Resolution(_Fold):
    """From the customer's first word until the ticket is solved, and on when it is opened again."""

    def starts(self, moment: Moment) -> str:
        return RESOLUTION if moment.cause is Cause.CUSTOMER else ""

    def finishes(self, moment: Moment) -> tuple[StepKind, str] | None:
        return None

    def mode(self, kind: str, moment: Moment, policy: Policy) -> _Mode:
        if moment.status.is_over:
            ends = StepKind.ENDED if moment.status is Status.SPAM else StepKind.MET
            return _Mode(runs=False, why=moment.why, ends=ends)
        return super().mode(kind, moment, policy)


class _Update(_Fold):
    """While a ticket is on hold: the customer hears from us before they ask."""

    def starts(self, moment: Moment) -> str:
        return UPDATE if moment.status is Status.ON_HOLD else ""

    def finishes(self, moment: Moment) -> tuple[StepKind, str] | None:
        if moment.cause is Cause.ANSWER:
            return StepKind.MET, moment.why
        return (StepKind.ENDED, moment.why) if moment.status is not Status.ON_HOLD else None
