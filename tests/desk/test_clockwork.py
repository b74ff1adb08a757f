"""Clocks kept with their tickets: what mail and verbs do to them, what is written, and what time alone brings."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from supportterm.config import Policy, PolicyRule
from supportterm.desk import explaining, reminding, verbs
from supportterm.desk.replying import reply
from supportterm.desk.rerank import rerank, rewind
from supportterm.domain import moments
from supportterm.domain.errors import MailError, RefusedError
from supportterm.domain.ledger import ClockState, TicketClock
from supportterm.domain.policies import ClockKind
from supportterm.domain.ticket import Status, Ticket
from supportterm.store import clocks, tickets
from supportterm.store.rows import tuples
from supportterm.store.views import Views
from tests.desk.fakes import NOW, World, letter

HOUR = timedelta(hours=1)
UNDO = 10


async def arrived(world: World, text: str = "Where is my parcel?", **more: object) -> Ticket:
    """Let a customer write, and return their ticket."""
    if not more:
        await world.sync()
        world.clock.advance(60)
    world.server.put(letter(text, at=world.clock.now(), **more), at=world.clock.now())  # type: ignore[arg-type] # headers by name
    await world.sync()
    return only(world)


def only(world: World) -> Ticket:
    with world.desk.database.write() as session:
        keys = [key for (key,) in tuples(session, "SELECT key FROM ticket")]
        return next(iter(tickets.load(session, keys).values()))


def kept(world: World, key: str) -> dict[str, TicketClock]:
    """Return a ticket's clocks by kind, the latest of each."""
    with world.desk.database.write() as session:
        return {clock.kind: clock for clock in clocks.load(session, [key]).get(key, [])}


def told(clock: TicketClock) -> list[str]:
    return [step.kind.value for step in clock.ledger]


def breaches(world: World) -> list[str]:
    with world.desk.database.write() as session:
        return [kind for (kind,) in tuples(session, "SELECT kind FROM event WHERE kind = 'clock-breached'")]


async def sent(world: World, ticket: Ticket, text: str = "It leaves today.", status: Status = Status.PENDING) -> None:
    reply(world.desk, ticket.key, text, status=status)
    world.clock.advance(UNDO + 1)
    await world.sync()


async def test_a_first_reply_is_met_once_a_server_took_it_and_not_before(world: World) -> None:
    ticket = await arrived(world)
    assert (ticket.due_kind, ticket.due_at) == ("first reply", ticket.created_at + 24 * HOUR)
    assert ticket.due_warnings == (ticket.created_at + 18 * HOUR, ticket.created_at + 21.6 * HOUR)
    reply(world.desk, ticket.key, "It leaves today.", status=Status.PENDING)
    assert kept(world, ticket.key)["first reply"].state is ClockState.RUNNING
    assert only(world).due_at is None
    world.clock.advance(UNDO + 1)
    await world.sync()
    clock = kept(world, ticket.key)["first reply"]
    assert (clock.state, told(clock)) == (ClockState.MET, ["started", "met"])


async def test_a_reply_taken_back_never_was(world: World) -> None:
    ticket = await arrived(world)
    before = kept(world, ticket.key)
    reply(world.desk, ticket.key, "It leaves today.", status=Status.PENDING)
    verbs.undo(world.desk)
    assert kept(world, ticket.key) == before
    assert only(world).due_kind == "first reply"


async def test_a_bounced_answer_opens_the_clock_again_and_thanks_start_none(world: World) -> None:
    ticket = await arrived(world)
    await sent(world, ticket)
    world.clock.advance(3600)
    await arrived(world, "Thanks a lot!", message_id="t@lind.example", refs=["m1@lind.example"])
    assert set(kept(world, ticket.key)) == {"first reply"}
    assert only(world).due_at is None
    world.clock.advance(3600)
    await arrived(world, "And when exactly?", message_id="q@lind.example", refs=["m1@lind.example"])
    assert only(world).due_kind == "next reply"


async def test_on_hold_the_customer_is_owed_news(world: World) -> None:
    ticket = await arrived(world)
    await sent(world, ticket, status=Status.ON_HOLD)
    held = only(world)
    assert (held.status, held.due_kind) == (Status.ON_HOLD, "update")
    views = Views(world.desk.database.reader())
    due = int(world.clock.now().timestamp() * 1000)
    assert [clock.kind for clock, _ in views.next_clocks("ada", due)] == ["update"]
    world.clock.advance(3600)
    await sent(world, ticket, "No news yet; you hear from me tomorrow.", status=Status.ON_HOLD)
    assert only(world).due_at == world.clock.now() + 24 * HOUR
    verbs.change(world.desk, ticket.key, verbs.Change(status=Status.SOLVED))
    assert kept(world, ticket.key)["update"].state is ClockState.ENDED
    assert only(world).due_at is None
    verbs.undo(world.desk)
    assert only(world).due_kind == "update"
    views.close()


async def test_a_breach_is_entered_once_and_nothing_takes_it_back(world: World) -> None:
    ticket = await arrived(world)
    verbs.change(world.desk, ticket.key, verbs.Change(add_tags=frozenset({"parcel"})))
    world.clock.advance(24 * 3600 + 5)
    for _ in range(3):
        rerank(world.desk.database, world.desk.ranking, world.clock)
    assert breaches(world) == ["clock-breached"]
    assert kept(world, ticket.key)["first reply"].warned == 100
    assert verbs.undo(world.desk).words.startswith("took back: tag")
    with pytest.raises(RefusedError):
        verbs.undo(world.desk)


async def test_warnings_are_written_when_they_fall(world: World) -> None:
    ticket = await arrived(world)
    for hours, warned in ((18, 75), (21.6, 90)):
        world.clock.advance((ticket.created_at + hours * HOUR - world.clock.now()).total_seconds() + 1)
        rerank(world.desk.database, world.desk.ranking, world.clock)
        assert kept(world, ticket.key)["first reply"].warned == warned


async def test_what_changes_nothing_writes_no_clock(world: World) -> None:
    ticket = await arrived(world)

    with world.desk.database.write() as session:
        session.connection().exec_driver_sql("CREATE TEMP TABLE writes (n)")
        session.connection().exec_driver_sql(
            "CREATE TEMP TRIGGER w AFTER UPDATE ON main.clock BEGIN INSERT INTO writes VALUES (1); END"
        )
    verbs.change(world.desk, ticket.key, verbs.Change(add_tags=frozenset({"parcel"})))
    verbs.note(world.desk, ticket.key, "asked the depot")
    with world.desk.database.write() as session:
        assert tuples(session, "SELECT count(*) FROM writes") == [(0,)]
    verbs.change(world.desk, ticket.key, verbs.Change(assignee="ada"))
    with world.desk.database.write() as session:
        assert tuples(session, "SELECT count(*) FROM writes") == [(1,)]
    assert kept(world, ticket.key)["first reply"].agent == "ada"


async def test_another_policy_counts_on_from_where_the_clock_was_and_what_was_before_stays_known(world: World) -> None:
    ticket = await arrived(world)
    world.clock.advance(4 * 3600)
    config = dataclasses.replace(world.desk.config, policy=Policy(first_reply_hours=10.0))
    world.desk.ranking.follow(config)
    assert rewind(world.desk.database, world.desk.ranking, world.clock) == 1
    clock = kept(world, ticket.key)["first reply"]
    assert told(clock) == ["started", "policy changed"]
    assert clock.due_at == ticket.created_at + 10 * HOUR
    assert rewind(world.desk.database, world.desk.ranking, world.clock) == 0
    world.clock.advance(3600)
    verbs.change(world.desk, ticket.key, verbs.Change(assignee="ada"))
    assert told(kept(world, ticket.key)["first reply"]) == ["started", "policy changed"]
    assert only(world).due_at == ticket.created_at + 10 * HOUR


async def test_a_ticket_that_comes_under_another_policy_keeps_what_it_used(world: World) -> None:
    rule = PolicyRule("gold", "tag:gold", first_reply="2h")
    world.desk.ranking.follow(dataclasses.replace(world.desk.config, policies=(rule,)))
    ticket = await arrived(world)
    world.clock.advance(3600)
    verbs.change(world.desk, ticket.key, verbs.Change(add_tags=frozenset({"gold"})))
    clock = kept(world, ticket.key)["first reply"]
    assert (told(clock), clock.policy) == (["started", "policy changed"], "gold")
    assert clock.due_at == ticket.created_at + 2 * HOUR
    verbs.note(world.desk, ticket.key, "an important one")
    assert kept(world, ticket.key)["first reply"] == clock


async def test_late_mail_and_joined_tickets_derive_again(world: World) -> None:
    await world.sync()
    world.clock.advance(7200)
    now = world.clock.now()
    mails = [
        (letter("Where is it?", message_id="a@x", at=now), now - HOUR),
        (letter("And the second one?", message_id="b@x", at=now), now - 0.5 * HOUR),
        (letter("Both belong together.", message_id="c@x", refs=["a@x", "b@x"], at=now), now - 0.1 * HOUR),
    ]
    mails = [mails[2], mails[0], mails[1]]
    for raw, at in mails:
        world.server.put(raw, at=at)
        await world.sync()
    ticket = only(world)
    with world.desk.database.write() as session:
        assert [(c.kind, c.started_at) for c in clocks.load(session, [ticket.key])[ticket.key]] == [
            ("first reply", now - HOUR)
        ]
        assert tuples(session, "SELECT DISTINCT ticket_key FROM clock") == [(ticket.key,)]


async def test_until_they_write(world: World) -> None:
    ticket = await arrived(world)
    await sent(world, ticket)
    verbs.change(world.desk, ticket.key, verbs.Change(snoozed_until=moments.UNTIL_THEY_WRITE))
    world.clock.advance(400 * 86_400)
    rerank(world.desk.database, world.desk.ranking, world.clock)
    await arrived(world, "Thank you!", message_id="t@x", refs=["m1@lind.example"])
    assert only(world).snoozed_until == moments.UNTIL_THEY_WRITE
    await arrived(world, "It is still not here. Where is it?", message_id="u@x", refs=["m1@lind.example"])
    assert only(world).snoozed_until is None


async def test_a_reminder_rings_once_and_is_done_or_taken_back(world: World) -> None:
    ticket = await arrived(world)
    await sent(world, ticket)
    due = world.clock.now() + 2 * HOUR
    assert reminding.remind(world.desk, ticket.key, due, "call Jo").words == "reminder set: call Jo"
    assert (only(world).due_kind, only(world).due_at) == ("reminder", due)
    assert reminding.ring(world.desk) == []
    world.clock.advance(20 * 3600)
    assert [clock.words for clock in reminding.ring(world.desk)] == ["call Jo"]
    assert reminding.ring(world.desk) == []
    reminding.done(world.desk, ticket.key)
    assert only(world).due_at is None
    with pytest.raises(RefusedError):
        reminding.done(world.desk, ticket.key)
    assert verbs.undo(world.desk).words == "took back: reminder done: call Jo"
    assert only(world).due_at == due
    assert reminding.ring(world.desk) == []
    verbs.undo(world.desk)
    assert "reminder" not in kept(world, ticket.key)
    assert only(world).due_at is None


async def test_a_reminder_presses_no_customers_score(world: World) -> None:
    ticket = await arrived(world)
    reminding.remind(world.desk, ticket.key, world.clock.now() + 0.5 * HOUR, kind=ClockKind.FOLLOW_UP)
    assert only(world).score == ticket.score
    assert only(world).due_kind == "follow-up"
    assert breaches(world) == []
    with pytest.raises(RefusedError):
        reminding.remind(world.desk, ticket.key, world.clock.now())


async def test_why_says_each_step(world: World) -> None:
    policy = Policy(holidays=("2026-03-03",), resolution="40h", time_zone="Europe/Helsinki")
    world.desk.ranking.follow(dataclasses.replace(world.desk.config, policy=policy))
    ticket = await arrived(world)
    verbs.change(world.desk, ticket.key, verbs.Change(status=Status.PENDING))
    world.clock.advance(3600)
    verbs.change(world.desk, ticket.key, verbs.Change(status=Status.OPEN))
    views = Views(world.desk.database.reader())
    lines = explaining.of_ticket(
        views, world.desk.config, only(world), world.clock.now(), lambda instant: f"{instant:%d %H:%M}"
    )
    views.close()
    assert lines == [
        "First reply: due 04 13:01, in 2 d.",
        "  Started 02 12:01: the customer wrote. The policy “default” allows 24 h.",
        "  Stopped 02 12:01: ada set pending, with 24 h left.",
        "  Went on 02 13:01: ada set open, with 24 h left.",
        "    Skipped from 02 22:00 to 03 22:00: holiday.",
        "  Its days and hours are those of Europe/Helsinki, where it is 15:01 now.",
        "Resolution: due 05 05:01, in 2 d.",
        "  Started 02 12:01: the customer wrote. The policy “default” allows 40 h.",
        "  Stopped 02 12:01: ada set pending, with 40 h left.",
        "  Went on 02 13:01: ada set open, with 40 h left.",
        "    Skipped from 02 22:00 to 03 22:00: holiday.",
        "  Its days and hours are those of Europe/Helsinki, where it is 15:01 now.",
    ]


async def test_imported_history_has_no_clock(world: World) -> None:
    world.server.put(letter("Where is it?", at=NOW - 40 * timedelta(days=1)), at=NOW - 40 * timedelta(days=1))
    await world.sync()
    ticket = only(world)
    assert ticket.history
    assert kept(world, ticket.key) == {}
    verbs.change(world.desk, ticket.key, verbs.Change(status=Status.OPEN))
    clock = kept(world, ticket.key)["first reply"]
    assert (clock.started_at, clock.ledger[0].why) == (world.clock.now(), "taken up again")


async def test_time_passes_without_a_network(world: World) -> None:
    ticket = await arrived(world)
    world.server.up = False
    world.clock.advance(24 * 3600 + 1)
    with pytest.raises(MailError):
        await world.sync()
    assert kept(world, ticket.key)["first reply"].warned == 100
    assert breaches(world) == ["clock-breached"]


async def test_a_policy_is_chosen_by_words_of_the_mail_as_a_search_finds_them(world: World) -> None:
    rule = PolicyRule("money", '"charged twice"', first_reply="2h")
    world.desk.ranking.follow(dataclasses.replace(world.desk.config, policies=(rule,)))
    ticket = await arrived(world, "You have charged twice for it.")
    assert kept(world, ticket.key)["first reply"].policy == "money"
    assert ticket.due_at == ticket.created_at + 2 * HOUR
