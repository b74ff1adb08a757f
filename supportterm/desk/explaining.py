"""Why a due time is what it is, step by step, in sentences: one floor for the console and the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from supportterm.config import Config
from supportterm.desk.policies import Policies
from supportterm.domain.calendars import Calendar, Skip
from supportterm.domain.clocks import in_words
from supportterm.domain.ledger import OWN, ClockState, Step, StepKind, TicketClock
from supportterm.domain.policies import ClockKind
from supportterm.domain.ticket import Ticket
from supportterm.store.views import Views

_NONE = timedelta(0)
_LISTED = 3
"""As many stretches of one sort are told one by one."""
_OVER = 5
"""As many clocks that are over are told."""

When = Callable[[datetime], str]
"""Says an instant as people read it."""
CalendarOf = Callable[[str, datetime], Calendar | None]
"""Gives a policy's calendar, by its name and as it was at an instant."""


def of_ticket(views: Views, config: Config, ticket: Ticket, now: datetime, when: When) -> list[str]:
    """Explain every clock of a ticket; each clock's first line stands at the margin, its steps are set in."""
    if ticket.history:
        return ["This conversation was imported as history: it has no clock."]
    lines: list[str] = []
    policies = Policies(config)
    versions = views.policy_versions()
    clocks = views.clocks(ticket.key)
    for clock in _in_order(clocks):

        def calendar_of(name: str, at: datetime, kind: str = clock.kind) -> Calendar | None:
            content = next((content for since, content in reversed(versions) if since <= at), policies.content)
            policy = policies.book(content).of(name, ticket.channel)
            target = policy.target(ClockKind(kind)) if policy is not None else None
            return target.calendar if target is not None else None

        lines += explain(clock, calendar_of, now, when)
    if ticket.due_at is not None and not clocks:
        return [f"Due {when(ticket.due_at)}. An earlier version reckoned it; the next sync tells its steps."]
    if not any(clock.state is ClockState.RUNNING for clock in clocks):
        lines.append("No clock is running: nobody waits for an answer from us.")
    problem = views.problem(ticket.problem)
    if problem is not None:
        fixed = f", fixed {when(problem.fixed_at)}" if problem.fixed_at is not None else ""
        lines.append(f"Known as {problem.ref} since {when(problem.opened_at)}{fixed}: {problem.title}.")
    return lines


def explain(clock: TicketClock, calendar_of: CalendarOf, now: datetime, when: When) -> list[str]:
    """Explain one clock: how it stands, then each step with what did not count after it; one line where it is over."""
    head = f"{clock.kind.capitalize()}{f' “{clock.words}”' if clock.words else ''}: {_stands(clock, now, when)}."
    if clock.state not in (ClockState.RUNNING, ClockState.PAUSED):
        return [head]
    lines = [head]
    ends = Step(clock.due_at, StepKind.ENDED) if clock.due_at is not None else None
    steps = [step for step in clock.ledger if step.kind is not StepKind.BREACHED or step is clock.ledger[-1]]
    is_running, places = False, dict[str, str]()
    for step, following in pairwise([*steps, ends]):
        if step is None:
            continue
        if step.kind is not StepKind.POLICY:
            is_running = step.kind in (StepKind.STARTED, StepKind.RESUMED)
        calendar = calendar_of(step.policy, step.at) if step.policy else None
        lines.append(f"  {_told(step, clock, calendar, when)}")
        if is_running and step.left > _NONE and following is not None and calendar is not None:
            skips = calendar.skipped(step.at, following.at)
            lines += [f"  {line}" for line in _skipped(skips, when)]
            if skips and calendar.zone.utcoffset(now) != now.astimezone().utcoffset():
                places[str(calendar.zone)] = f"{now.astimezone(calendar.zone):%H:%M}"
    lines += [f"  Its days and hours are those of {zone}, where it is {there} now." for zone, there in places.items()]
    return lines


def record(clock: TicketClock) -> Mapping[str, object]:
    """Return a clock with its ledger for other programs."""
    return {
        "id": clock.id,
        "kind": clock.kind,
        "state": clock.state.value,
        "policy": clock.policy,
        "words": clock.words,
        "agent": clock.agent,
        "started": clock.started_at,
        "due": clock.due_at,
        "warned": clock.warned,
        "steps": [
            {
                "at": step.at,
                "what": step.kind.value,
                "why": step.why,
                "left_seconds": step.left.total_seconds(),
                "policy": step.policy,
            }
            for step in clock.ledger
        ],
    }


def _in_order(clocks: Sequence[TicketClock]) -> list[TicketClock]:
    """Return what runs, the next to end first, then what stands, then the last few that are over."""
    running = [c for c in clocks if c.state is ClockState.RUNNING]
    running.sort(key=lambda clock: clock.due_at or clock.started_at)
    paused = [c for c in clocks if c.state is ClockState.PAUSED]
    over = [c for c in clocks if c.state not in (ClockState.RUNNING, ClockState.PAUSED)]
    return [*running, *paused, *over[-_OVER:]]


def _stands(clock: TicketClock, now: datetime, when: When) -> str:
    if clock.due_at is not None and clock.state is ClockState.RUNNING:
        left = in_words(clock.due_at - now)
        return f"due {when(clock.due_at)}, {left if left.startswith('late') else f'in {left}'}"
    if clock.state is ClockState.PAUSED:
        return f"it stands, with {_length(clock.ledger[-1].left)} left"
    last = clock.ledger[-1] if clock.ledger else Step(clock.started_at, StepKind.ENDED)
    if clock.state is ClockState.ENDED:
        return f"ended {when(last.at)}{f', {last.why}' if last.why else ''}"
    if clock.due_at is None:
        return f"{'met' if clock.state is ClockState.MET else 'late'} {when(last.at)}"
    ahead = clock.due_at - last.at
    if clock.state is ClockState.MET:
        return f"met {when(last.at)}, {in_words(ahead)} before its time"
    return f"was due {when(clock.due_at)}, over {when(last.at)}, {in_words(ahead)}"


def _told(step: Step, clock: TicketClock, calendar: Calendar | None, when: When) -> str:
    why = f": {step.why}" if step.why else ""
    match step.kind:
        case StepKind.STARTED if clock.kind in OWN or not step.policy:
            return f"Set {when(step.at)}{why}."
        case StepKind.STARTED:
            time = "" if calendar is None or calendar.is_round_the_clock else " of business time"
            return f"Started {when(step.at)}{why}. The policy “{step.policy}” allows {_length(step.left)}{time}."
        case StepKind.RESUMED:
            return f"Went on {when(step.at)}{why}, with {_length(step.left)} left."
        case StepKind.PAUSED:
            return f"Stopped {when(step.at)}{why}, with {_length(step.left)} left."
        case StepKind.POLICY:
            return f"The policy changed {when(step.at)}{why}, with {_length(step.left)} left."
        case StepKind.BREACHED:
            return f"Its time was over {when(step.at)}."
        case StepKind.MET:
            return f"Met {when(step.at)}{why}, with {_length(step.left)} left."
    return f"Ended {when(step.at)}{why}."


def _length(left: timedelta) -> str:
    return in_words(left) if left > _NONE else "nothing"


def _skipped(skips: Sequence[Skip], when: When) -> Iterator[str]:
    """Say what did not count: each stretch by itself where they are few, those of one sort together where many."""
    sorts: dict[str, list[Skip]] = {}
    for skip in skips:
        sorts.setdefault(skip.why, []).append(skip)
    said: list[tuple[datetime, str]] = []
    for why, many in sorts.items():
        if len(many) <= _LISTED:
            said += [(s.start, f"Skipped from {when(s.start)} to {when(s.end)}: {why}.") for s in many]
        else:
            total, last = sum((skip.end - skip.start for skip in many), _NONE), when(many[-1].end)
            line = f"Skipped {len(many)} times {why}, {in_words(total)} in all, the last until {last}."
            said.append((many[0].start, line))
    yield from (f"  {line}" for _, line in sorted(said))
