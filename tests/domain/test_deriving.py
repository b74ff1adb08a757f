"""Histories in, clocks with their ledgers out."""

from __future__ import annotations

import dataclasses
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.domain import ledger
from supportterm.domain.deriving import InForce, derive, due_from
from supportterm.domain.events import EventKind
from supportterm.domain.history import replay
from supportterm.domain.ledger import ClockState, TicketClock
from supportterm.domain.policies import ClockKind, Target
from tests.domain.histories import (
    ALWAYS,
    DAY,
    DAYS,
    FIRST_REPLY,
    HOUR,
    NEXT_REPLY,
    RESOLUTION,
    UPDATE,
    USUAL,
    Tale,
    at,
    of,
    policy,
    told,
)

SENT = {"operation": 7, "change": {"status": ["new", "pending"]}}


@pytest.mark.parametrize(
    ("tale", "kind", "ledgers", "state", "due"),
    [
        (Tale().mail(0), FIRST_REPLY, [["started 0"]], "running", 24),
        (Tale().mail(0).reply(5), FIRST_REPLY, [["started 0", "met 5"]], "met", 24),
        (Tale().mail(0).reply(30), FIRST_REPLY, [["started 0", "breached 24", "met 30"]], "broken", 24),
        # exactly in time is in time
        (Tale().mail(0).reply(24), FIRST_REPLY, [["started 0", "met 24"]], "met", 24),
        # automatic mail, notes, colleagues and our receipt stop nothing
        (
            Tale().mail(0).mail(1, "automatic").mail(2, "note").mail(3, "inside").mail(4, "receipt"),
            FIRST_REPLY,
            [["started 0"]],
            "running",
            24,
        ),
        # more words from the customer move nothing
        (Tale().mail(0).mail(3).mail(6), FIRST_REPLY, [["started 0"]], "running", 24),
        # what an agent claims, tags or rates moves nothing
        (Tale().mail(0).event(2, EventKind.NOTED, {}), FIRST_REPLY, [["started 0"]], "running", 24),
        # on hold does not excuse the first answer
        (Tale().mail(0).set(2, "on-hold"), FIRST_REPLY, [["started 0"]], "running", 24),
        # pending by hand: the customer owes the next step
        (Tale().mail(0).set(2, "pending"), FIRST_REPLY, [["started 0", "paused 2"]], "paused", None),
        (
            Tale().mail(0).set(2, "pending").mail(10),
            FIRST_REPLY,
            [["started 0", "paused 2", "resumed 10"]],
            "running",
            32,
        ),
        # solved without a word: it ends, neither met nor broken
        (Tale().mail(0).set(2, "solved"), FIRST_REPLY, [["started 0", "ended 2"]], "ended", 24),
        (
            Tale().mail(0).set(2, "spam").set(3, "open"),
            FIRST_REPLY,
            [["started 0", "ended 2", "resumed 3"]],
            "running",
            25,
        ),
        # taken back is never done
        (Tale().mail(0).set(2, "solved").set(3, "new", undoes="e1"), FIRST_REPLY, [["started 0"]], "running", 24),
        # an answer on its way has not arrived
        (Tale().mail(0).event(2, EventKind.REPLY_QUEUED, SENT), FIRST_REPLY, [["started 0"]], "running", 24),
        (
            Tale()
            .mail(0)
            .event(2, EventKind.REPLY_QUEUED, SENT)
            .mail(3, "reply", here=True)
            .event(3, EventKind.REPLY_ACCEPTED, SENT),
            FIRST_REPLY,
            [["started 0", "met 3"]],
            "met",
            24,
        ),
        # an answer that did not leave was none
        (
            Tale().mail(0).event(2, EventKind.REPLY_QUEUED, SENT).event(30, EventKind.REPLY_STOPPED, SENT),
            FIRST_REPLY,
            [["started 0", "breached 24"]],
            "running",
            24,
        ),
        # the next question, by the hours of the day
        (Tale().mail(0).reply(5).mail(34), NEXT_REPLY, [["started 34"]], "running", 58),
        (Tale().mail(0).reply(5).mail(34, intent="thanks"), NEXT_REPLY, [], None, None),
        # a bounce: the customer waits since then
        (Tale().mail(0).reply(5).mail(10, "bounce"), NEXT_REPLY, [["started 10"]], "running", 34),
        (Tale().mail(10, "bounce"), NEXT_REPLY, [], None, None),
        # until it is solved, without the days the customer took
        (
            Tale().mail(0).reply(5).mail(20).set(30, "solved"),
            RESOLUTION,
            [["started 0", "paused 5", "resumed 20", "met 30"]],
            "met",
            55,
        ),
        (Tale().mail(0).snooze(10, 20), RESOLUTION, [["started 0", "paused 10", "resumed 20"]], "running", 50),
        (
            Tale().mail(0).snooze(10, 900).mail(12),
            RESOLUTION,
            [["started 0", "paused 10", "resumed 12"]],
            "running",
            42,
        ),
        (
            Tale().mail(0).snooze(10, 30).mail(12, intent="thanks"),
            RESOLUTION,
            [["started 0", "paused 10", "resumed 30"]],
            "running",
            60,
        ),
        # a reopened ticket goes on with what was left
        (
            Tale().mail(0).set(30, "solved").mail(100),
            RESOLUTION,
            [["started 0", "met 30", "resumed 100"]],
            "running",
            110,
        ),
        (Tale().mail(0).set(30, "solved").mail(100, intent="thanks"), RESOLUTION, [["started 0", "met 30"]], "met", 40),
        (Tale().mail(0).set(50, "solved"), RESOLUTION, [["started 0", "breached 40", "met 50"]], "broken", 40),
        # late it stays late, pause or not
        (
            Tale().mail(0).set(50, "pending").set(60, "open"),
            RESOLUTION,
            [["started 0", "breached 40", "paused 50", "resumed 60"]],
            "running",
            40,
        ),
        # on hold: told every four hours
        (Tale().mail(0).set(2, "on-hold"), UPDATE, [["started 2"]], "running", 6),
        (Tale().mail(0).set(2, "on-hold").reply(5), UPDATE, [["started 2", "met 5"], ["started 5"]], "running", 9),
        (Tale().mail(0).set(2, "on-hold").mail(3, "note").mail(4, "automatic"), UPDATE, [["started 2"]], "running", 6),
        (Tale().mail(0).set(2, "on-hold").set(4, "open"), UPDATE, [["started 2", "ended 4"]], "ended", 6),
        (Tale().mail(0).set(2, "on-hold").mail(9), UPDATE, [["started 2", "breached 6", "ended 9"]], "broken", 6),
        # nobody asked
        (Tale().reply(0), FIRST_REPLY, [], None, None),
        (Tale().mail(0, "automatic"), FIRST_REPLY, [], None, None),
    ],
)
def test_a_history_makes_its_ledger(
    tale: Tale, kind: str, ledgers: list[list[str]], state: str | None, due: float | None
) -> None:
    instants = [*(beat.at for beat in tale.beats), *(event.at for event in tale.events)]
    hours = [(instant - DAY) / HOUR for instant in instants]
    now = max([*hours, *(float(step.rsplit(" ", 1)[1]) for steps in ledgers for step in steps)])
    found = of(tale.clocks(now), kind)
    assert [told(clock) for clock in found] == ledgers
    if found:
        assert found[-1].state == state
        assert found[-1].due_at == (None if due is None else at(due))


def test_running_past_its_time_it_is_breached_once() -> None:
    (clock,) = of(Tale().mail(0).clocks(24), FIRST_REPLY)
    assert told(clock) == ["started 0", "breached 24"]
    assert (clock.state, clock.warned, clock.is_late(at(24))) == (ClockState.RUNNING, 100, True)
    assert of(Tale().mail(0).clocks(500), FIRST_REPLY) == [clock]


def test_it_warns_at_three_quarters_and_nine_tenths() -> None:
    (clock,) = of(Tale().mail(0).clocks(0), FIRST_REPLY)
    assert clock.warns == (at(18), at(21.6))
    told = [of(Tale().mail(0).clocks(hour), FIRST_REPLY)[0].warned for hour in (17.9, 18, 21.5, 21.6, 24)]
    assert told == [0, 75, 75, 90, 100]


def test_warnings_wait_where_the_clock_stood() -> None:
    (clock,) = of(Tale().mail(0).set(20, "pending").set(50, "open").clocks(60), RESOLUTION)
    assert clock.warns == (at(60), at(66))


def test_a_policy_that_changes_counts_what_was_used() -> None:
    strict = policy("strict", first_reply=10, next_reply=8)
    changed = [InForce(DAY, USUAL), InForce(at(4), strict)]
    (clock,) = of(Tale().mail(0).clocks(5, policies=changed), FIRST_REPLY)
    assert (told(clock), clock.due_at, clock.policy) == (["started 0", "policy changed 4"], at(10), "strict")
    (ended,) = of(Tale().mail(0).clocks(5, policies=changed), RESOLUTION)
    assert (told(ended), ended.state) == (["started 0", "ended 4"], ClockState.ENDED)


def test_the_rest_counts_by_the_new_hours() -> None:
    daily = policy("daily", first_reply=Target(24 * HOUR, DAYS))
    (clock,) = of(Tale().mail(0).clocks(20, policies=[InForce(DAY, USUAL), InForce(at(20), daily)]), FIRST_REPLY)
    assert clock.ledger[-1].left == 4 * HOUR
    assert clock.due_at == at(24 + 9 + 4)


def test_a_longer_time_gives_a_late_clock_air_again_and_the_ledger_keeps_it() -> None:
    kind = policy("kind", first_reply=48)
    policies = [InForce(DAY, USUAL), InForce(at(30), kind)]
    (clock,) = of(Tale().mail(0).reply(40).clocks(41, policies=policies), FIRST_REPLY)
    assert told(clock) == ["started 0", "breached 24", "policy changed 30", "met 40"]
    assert (clock.state, clock.due_at) == (ClockState.MET, at(48))


def test_a_shorter_time_is_never_due_before_it_was_said() -> None:
    strict = policy("strict", first_reply=2)
    (clock,) = of(Tale().mail(0).clocks(9, policies=[InForce(DAY, USUAL), InForce(at(8), strict)]), FIRST_REPLY)
    assert clock.due_at == at(8)


def test_a_time_that_was_not_promised_before_runs_from_when_it_is() -> None:
    bare = policy("bare", first_reply=24)
    (clock,) = of(Tale().mail(0).clocks(9, policies=[InForce(DAY, bare), InForce(at(8), USUAL)]), RESOLUTION)
    assert (told(clock), clock.due_at) == (["started 8"], at(48))


def test_what_was_over_before_the_program_came_has_no_clock() -> None:
    tale = Tale().mail(0).reply(1).mail(2)
    clocks = tale.clocks(30, begins=at(10))
    assert clocks == []
    (taken_up,) = of(tale.set(20, "open").clocks(30, begins=at(10)), NEXT_REPLY)
    assert (told(taken_up), taken_up.ledger[0].why) == (["started 20"], "taken up again")


def test_it_says_who_and_why() -> None:
    (clock,) = of(Tale().mail(0).set(2, "pending", by="eve").mail(9).clocks(9), RESOLUTION)
    assert [step.why for step in clock.ledger] == ["the customer wrote", "eve set pending", "the customer wrote"]


def test_where_the_history_says_otherwise_the_ticket_is_right() -> None:
    tale = Tale().mail(0)
    moments = replay(tale.beats, tale.events, now=at(9), status=tale.status.PENDING)
    assert [(moment.status.value, moment.at) for moment in moments] == [("new", at(0)), ("pending", at(0))]


KINDS = st.sampled_from(["customer", "reply", "automatic", "bounce", "inside", "note", "receipt"])
STATUSES = st.sampled_from(["open", "pending", "on-hold", "solved", "closed", "spam"])
HOURS = st.integers(0, 400)
HAPPENINGS = st.lists(
    st.one_of(
        st.tuples(st.just("mail"), HOURS, KINDS),
        st.tuples(st.just("set"), HOURS, STATUSES),
        st.tuples(st.just("snooze"), HOURS, st.integers(1, 90)),
    ),
    max_size=14,
)


def tale_of(happenings: list[tuple[str, int, object]]) -> Tale:
    tale = Tale()
    for what, hour, detail in happenings:
        if what == "mail":
            tale.mail(hour, str(detail))
        elif what == "set":
            tale.set(hour, str(detail))
        else:
            tale.snooze(hour, hour + int(str(detail)))
    return tale


@given(HAPPENINGS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(
    happenings: list[tuple[str, int, object]], shuffler: random.Random
) -> None:
    tale = tale_of(happenings)
    expected = tale.clocks(450)
    shuffler.shuffle(tale.beats)
    shuffler.shuffle(tale.events)
    assert tale.clocks(450) == expected


@given(HAPPENINGS, st.integers(0, 450), st.integers(0, 450))
def test_time_alone_moves_no_due_time(happenings: list[tuple[str, int, object]], one: int, other: int) -> None:
    tale = tale_of(happenings)
    sooner, later = sorted((max(one, 400), max(other, 400)))
    woken = {clock.id: clock for clock in tale.clocks(later)}
    for clock in tale.clocks(sooner):
        if clock.state is ClockState.RUNNING and not any(what == "snooze" for what, *_ in happenings):
            assert woken[clock.id].due_at == clock.due_at


@given(HAPPENINGS)
def test_words_that_stop_nothing_move_nothing(happenings: list[tuple[str, int, object]]) -> None:
    before = tale_of(happenings).clocks(450)
    more = tale_of(happenings).mail(410, "note").mail(411, "receipt").mail(412, "automatic")
    more.event(413, EventKind.NOTED, {}).event(414, EventKind.CHANGED, {"tags": [[], ["vip"]]})
    assert more.clocks(450) == before


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(1, 20)), max_size=6))
def test_pauses_add_exactly(pauses: list[tuple[int, int]]) -> None:
    tale, hour = Tale().mail(0), 0
    long = policy("long", resolution=1000)
    for runs, stands in pauses:
        tale.set(hour + runs, "pending").set(hour + runs + stands, "open")
        hour += runs + stands
    (clock,) = tale.clocks(hour, policies=[InForce(DAY, long)])
    assert clock.due_at == at(1000 + sum(stands for _, stands in pauses))


@given(HAPPENINGS, st.lists(st.tuples(st.integers(0, 400), st.integers(1, 60), st.booleans()), max_size=3))
def test_every_due_time_is_in_its_ledger(
    happenings: list[tuple[str, int, object]], changes: list[tuple[int, int, bool]]
) -> None:
    plans = [USUAL]
    for number, (_, hours, daily) in enumerate(changes):
        aim = Target(hours * HOUR, DAYS if daily else ALWAYS)
        plans.append(policy(f"p{number}", first_reply=aim, next_reply=aim, resolution=aim, update=aim))
    since = [DAY, *(at(hour) for hour, *_ in changes)]
    policies = [InForce(when, plan) for when, plan in zip(since, plans, strict=True)]
    for clock in tale_of(happenings).clocks(450, policies=policies):
        calendars = {plan.name: plan.targets[ClockKind(clock.kind)].calendar for plan in plans}
        if clock.state is ClockState.RUNNING:
            assert due_from(ledger.from_json(ledger.to_json(clock.ledger)), calendars) == clock.due_at
        else:
            assert due_from(clock.ledger, calendars) is None
        assert [step.at for step in clock.ledger] == sorted(step.at for step in clock.ledger)


def test_a_ledger_survives_being_kept() -> None:
    (clock,) = of(Tale().mail(0).set(2, "pending").mail(9).clocks(9), RESOLUTION)
    assert ledger.from_json(ledger.to_json(clock.ledger)) == clock.ledger


def test_whose_ticket_whose_clock() -> None:
    moments = replay(Tale().mail(0).beats, [], now=at(1))
    (clock,) = of(derive("K", moments, [InForce(DAY, USUAL)], at(1), agent="ada"), FIRST_REPLY)
    assert isinstance(clock, TicketClock)
    assert dataclasses.replace(clock, agent=None) == of(Tale().mail(0).clocks(1), FIRST_REPLY)[0]
