"""One clock while its history goes by: what it used up, when it ends, the steps it took."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from supportterm.domain.ledger import ClockState, Step, StepKind, TicketClock
from supportterm.domain.policies import ClockKind, Policy, Target

_NONE = timedelta(0)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class InForce:
    """A policy that holds for a ticket from an instant on."""

    since: datetime
    policy: Policy


@dataclass(frozen=True, slots=True)
class Mode:
    """What a moment means for a clock: it runs, or stands as `ends` says."""

    runs: bool
    why: str = ""
    ends: StepKind = StepKind.PAUSED


ModeOf = Callable[[Policy], Mode]


class Book:
    """The policies of one ticket in the order of time."""

    def __init__(self, policies: Sequence[InForce]) -> None:
        self._policies = sorted(policies, key=lambda each: each.since)

    def at(self, instant: datetime) -> Policy:
        """Return what holds at an instant."""
        for each in reversed(self._policies[1:]):
            if each.since <= instant:
                return each.policy
        return self._policies[0].policy

    def changes(self, start: datetime, end: datetime) -> Sequence[InForce]:
        """Return what comes into force after `start`, up to `end`."""
        return [each for each in self._policies[1:] if start < each.since <= end] if len(self._policies) > 1 else ()


class Run:
    """One clock while its history goes by."""

    def __init__(self, kind: ClockKind, at: datetime, why: str, policy: Policy, mode_of: ModeOf) -> None:
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

    def pass_on_to(self, at: datetime, book: Book) -> None:
        """Let time pass, and the policies change that change on the way."""
        if self._over:
            return
        for change in book.changes(self._at, at):
            self._settle(change.since)
            self._switch(change.since, change.policy)
        self._settle(at)
        self._at = max(self._at, at)

    def turn(self, at: datetime, mode_of: ModeOf) -> None:
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
        return (self._target.length // _MILLISECOND * _MILLISECOND if self._target else _NONE) - self._used

    def _note(self, at: datetime, kind: StepKind, why: str = "") -> None:
        self.steps.append(Step(at, kind, why, self._left(), self._policy.name))

    def _begin(self, at: datetime, why: str) -> None:
        self._note(at, StepKind.STARTED, why)
        self._go(at)
        self._obey(at)

    def _go(self, at: datetime) -> None:
        self._since = at
        if self._target is not None and self._left() > _NONE:
            self._due, self._breached = _whole(self._target.calendar.add(at, self._left())), None
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
        elif not self._is_alike(was, target) and (self._since is not None or self._stands() is StepKind.PAUSED):
            self._note(at, StepKind.POLICY, f"the policy “{policy.name}” counts from here")
            if self._since is not None:
                self._go(at)
        self._obey(at)

    def _is_alike(self, was: tuple[str, Target | None], target: Target) -> bool:
        """Tell whether a new version of a policy changes nothing for this clock."""
        name, before = was
        if before is None or (name, before.length) != (self._policy.name, target.length):
            return False
        if before.calendar == target.calendar or self._since is None:
            return True
        return self._left() <= _NONE or _whole(target.calendar.add(self._since, self._left())) == self._due

    def _warns(self) -> list[tuple[int, datetime]]:
        """Return each percent with the instant at which so much of the length is used; none where it stands."""
        target, found = self._target, []
        if self._since is not None and target is not None:
            start = next(step for step in reversed(self.steps) if step.kind is not StepKind.BREACHED)
            used = target.length - start.left
            for percent in sorted(each for each in self._policy.warn_at if each < 100):
                needed = target.length * percent / 100 - used
                at = _whole(target.calendar.add(start.at, needed)) if needed > _NONE else start.at
                found.append((percent, at))
        return found


def _whole(instant: datetime) -> datetime:
    """Return an instant in whole milliseconds, as it is kept."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
