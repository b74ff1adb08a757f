"""The clock a ticket runs against, as the policy says."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

from supportterm.config import Policy
from supportterm.desk.clockwork import Past
from supportterm.desk.ranking import Ranking
from supportterm.desk.rulepacks import TriagePacks
from supportterm.domain.standing import Beat
from supportterm.domain.ticket import MessageKind, Status, Ticket
from supportterm.store.rows import execute
from tests.desk.fakes import World

SINCE = datetime(2026, 12, 24, 18, 0, tzinfo=UTC)
TICKET = Ticket(
    "K", "ST-K", "x", Status.NEW, "email", "Mara", "mara@lind.example", SINCE, SINCE, SINCE, waiting_since=SINCE
)


def due(world: World, policy: Policy, ticket: Ticket = TICKET) -> datetime | None:
    ranking = Ranking(TriagePacks(), policy)
    with world.desk.database.write() as session:
        execute(session, "DELETE FROM policy_version")
        return ranking.rank(session, ticket, SINCE, Past([Beat(MessageKind.CUSTOMER, SINCE)])).due_at


def test_the_first_reply_is_due_after_the_policys_clock_hours(world: World) -> None:
    assert due(world, Policy()) == SINCE + timedelta(hours=24)
    assert due(world, Policy(first_reply_hours=4)) == SINCE + timedelta(hours=4)


def test_holidays_do_not_count(world: World) -> None:
    assert due(world, Policy(holidays=("2026-12-25", "2026-12-26"))) == SINCE + timedelta(hours=24 + 48)


def test_nobody_waits_on_history_or_on_a_ticket_that_rests(world: World) -> None:
    assert due(world, Policy(), dataclasses.replace(TICKET, history=True)) is None
    assert due(world, Policy(), dataclasses.replace(TICKET, status=Status.PENDING)) is None
