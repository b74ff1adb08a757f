"""A line of the score that is not true of a ticket: gone for good there, back by undo, counted."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from supportterm.desk import rejecting, verbs
from supportterm.desk.rerank import rerank
from supportterm.desk.verbs import Change
from supportterm.domain.errors import RefusedError
from supportterm.domain.ticket import Priority, Reason, Ticket
from supportterm.store.views import reading
from tests.desk.fakes import NOW, World
from tests.screens.tickets import mail

LOSS = "Hello, we lose 400 euro every hour since the update."


def ticket_of(world: World, address: str = "mara@lind.example") -> Ticket:
    with reading(world.desk.database.path) as views:
        return views.earlier(address, "")[0][0]


def line(ticket: Ticket, id_: str) -> Reason:
    return next(reason for reason in ticket.reasons if reason.id == id_)


async def lost(world: World) -> Ticket:
    mail(world, LOSS, 1, at=NOW - timedelta(hours=2))
    await world.sync()
    return ticket_of(world)


async def test_a_rejected_line_counts_no_more_and_the_points_still_add_up(world: World) -> None:
    ticket = await lost(world)
    assert ticket.priority is Priority.P1
    done = rejecting.reject(world.desk, ticket.key, line(ticket, "money-loss"))
    assert done.words.startswith("not true here: money-loss “")
    after = ticket_of(world)
    assert all(reason.id != "money-loss" for reason in after.reasons)
    assert after.score == sum(reason.points for reason in after.reasons) < ticket.score
    assert after.priority is not Priority.P1


async def test_time_and_a_reading_anew_do_not_bring_it_back(world: World) -> None:
    ticket = await lost(world)
    rejecting.reject(world.desk, ticket.key, line(ticket, "money-loss"))
    world.clock.advance(30 * 3600)
    assert rerank(world.desk.database, world.desk.ranking, world.clock) >= 1
    verbs.note(world.desk, ticket.key, "their test shop")
    after = ticket_of(world)
    assert "waiting" in {reason.id for reason in after.reasons}
    assert "money-loss" not in {reason.id for reason in after.reasons}


async def test_undo_puts_it_back(world: World) -> None:
    ticket = await lost(world)
    rejecting.reject(world.desk, ticket.key, line(ticket, "money-loss"))
    assert verbs.undo(world.desk).words.startswith("took back: not true here: money-loss")
    after = ticket_of(world)
    assert after.reasons == ticket.reasons
    assert after.rejected == frozenset()


async def test_other_words_of_the_same_kind_count_again(world: World) -> None:
    ticket = await lost(world)
    rejecting.reject(world.desk, ticket.key, line(ticket, "money-loss"))
    mail(world, "Now we lose 900 euro per hour, please hurry.", 2, refs=[1], at=NOW - timedelta(hours=1))
    await world.sync()
    assert "900" in line(ticket_of(world), "money-loss").evidence


async def test_what_the_clock_says_cannot_be_rejected_nor_the_same_line_twice(world: World) -> None:
    ticket = await lost(world)
    with pytest.raises(RefusedError, match="clock"):
        rejecting.reject(world.desk, ticket.key, Reason("waiting", 12, "waiting 24 h", source="meta"))
    with pytest.raises(RefusedError, match="fact of this ticket"):
        rejecting.reject(world.desk, ticket.key, line(ticket, "base"))
    rejecting.reject(world.desk, ticket.key, line(ticket, "money-loss"))
    with pytest.raises(RefusedError, match="so already"):
        rejecting.reject(world.desk, ticket.key, line(ticket, "money-loss"))


async def test_rules_are_counted_by_how_often_they_are_rejected(world: World) -> None:
    ticket = await lost(world)
    mail(world, LOSS, 5, sender="Ann <ann@x.example>", at=NOW - timedelta(hours=2))
    await world.sync()
    with reading(world.desk.database.path) as views:
        assert views.rejections_of("money-loss") == (0, 0)
    rejecting.reject(world.desk, ticket.key, line(ticket, "money-loss"))
    with reading(world.desk.database.path) as views:
        assert views.rejections_of("money-loss") == (1, 2)
        assert views.often_rejected() == [("money-loss", 1, 2)]
        assert "400 euro" in views.rejected_words("money-loss")[0]
    verbs.undo(world.desk)
    with reading(world.desk.database.path) as views:
        assert views.often_rejected() == []


async def test_overrides_are_listed_with_what_was_computed_and_why(world: World) -> None:
    ticket = await lost(world)
    verbs.change(world.desk, ticket.key, Change(priority=Priority.P3, why="their test shop"))
    with reading(world.desk.database.path) as views:
        [event] = views.overrides()
    assert event.payload["override"] == [None, 3]
    assert (event.payload["computed"], event.payload["why"]) == (1, "their test shop")
    verbs.undo(world.desk)
    with reading(world.desk.database.path) as views:
        assert views.overrides() == []


async def test_a_mail_wrongly_taken_for_thanks_wants_an_answer_again(world: World) -> None:
    mail(world, "Thanks, it works now.", 1, at=NOW - timedelta(hours=2))
    await world.sync()
    ticket = ticket_of(world)
    assert ticket.intent == "thanks"
    rejecting.reject(world.desk, ticket.key, line(ticket, "resolved-thanks"))
    after = ticket_of(world)
    assert after.intent != "thanks"
    assert dataclasses.replace(after, rejected=frozenset()).tier < ticket.tier
