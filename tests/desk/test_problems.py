"""Problems: one cause behind many tickets, each step of which one undo takes back."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from supportterm.config import Agent
from supportterm.desk import merging, problems, verbs
from supportterm.domain import query
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.problem import ProblemState
from supportterm.domain.ticket import Status
from supportterm.store.filters import Where, compile_query
from supportterm.store.problems import Standing
from supportterm.store.views import reading
from tests.desk.fakes import World, letter


async def office(world: World, count: int = 3) -> list[str]:
    """Let customers write, and return the keys of their tickets, the first first."""
    for number in range(count):
        at = world.clock.now() + timedelta(minutes=number)
        world.server.put(letter(f"Export {number} is dead.", sender=f"c{number}@one.example"), at=at)
    await world.sync()
    with reading(world.desk.database.path) as views:
        return [ticket.key for ticket in sorted(views.queue(Where("1"), 10), key=lambda t: t.requester_address)]


def standing(world: World) -> list[Standing]:
    with reading(world.desk.database.path) as views:
        return views.problems(fixed=True)


def named_by(world: World, text: str) -> set[str]:
    with reading(world.desk.database.path) as views:
        where = compile_query(query.parse(text), me="ada", now_ms=0)
        return {ticket.key for ticket in views.queue(where)}


async def test_opened_from_tickets_and_taken_back_whole(world: World) -> None:
    one, two, _ = await office(world)
    done = problems.open_problem(world.desk, " Export\n fails ", [one, two])
    assert (done.ref, done.words) == ("P-1", "opened: Export fails, with 2 tickets")
    assert named_by(world, "problem:P-1") == named_by(world, "has:problem") == {one, two}
    assert [(s.problem.title, s.tickets, s.untold) for s in standing(world)] == [("Export fails", 2, 2)]
    verbs.undo(world.desk)
    assert named_by(world, "has:problem") == set()
    assert standing(world) == []
    with pytest.raises(NotFoundError, match="There is no problem"):
        problems.rename(world.desk, "P-1", "It")


async def test_a_ticket_is_behind_one_problem_at_most(world: World) -> None:
    one, two, three = await office(world)
    problems.open_problem(world.desk, "Export fails", [one, two])
    problems.open_problem(world.desk, "Login fails")
    assert problems.link(world.desk, "p2", [two, three]).words == "stands behind 2 tickets more"
    assert (named_by(world, "problem:1"), named_by(world, "problem:2")) == ({one}, {two, three})
    with pytest.raises(RefusedError, match="already"):
        problems.link(world.desk, "P-2", [three])
    verbs.undo(world.desk)
    assert (named_by(world, "problem:1"), named_by(world, "problem:2")) == ({one, two}, set())


async def test_unlinking_is_told_in_the_tickets_journal(world: World) -> None:
    one, two, three = await office(world)
    problems.open_problem(world.desk, "Export fails", [one, two])
    assert problems.unlink(world.desk, [one, three]).words == "not P-1 any more"
    assert named_by(world, "has:problem") == {two}
    with reading(world.desk.database.path) as views:
        said = [event.payload.get("problem") for event in views.events(one)]
    assert said[-2:] == [[None, 1], [1, None]]
    with pytest.raises(RefusedError, match="No problem"):
        problems.unlink(world.desk, [one])


async def test_fixed_tells_nobody_and_can_be_taken_back(world: World) -> None:
    one, two, _ = await office(world)
    problems.open_problem(world.desk, "Export fails", [one, two], "A bad cache")
    assert problems.fixed(world.desk, "P-1").words == "fixed; 2 customers wait to be told"
    assert not world.server.accepted
    with reading(world.desk.database.path) as views:
        assert all(ticket.status.is_ours and ticket.problem == 1 for ticket in views.tickets([one, two]))
        assert views.problem_members(Where("1")) == {}
    with pytest.raises(RefusedError, match="so already"):
        problems.fixed(world.desk, "P-1")
    with pytest.raises(RefusedError, match="Reopen"):
        problems.link(world.desk, "P-1", [one])
    verbs.undo(world.desk)
    found = standing(world)[0].problem
    assert (found.state, found.fixed_at, found.cause) == (ProblemState.OPEN, None, "A bad cache")


async def test_renamed_explained_and_reopened(world: World) -> None:
    await office(world, 1)
    problems.open_problem(world.desk, "Export fails")
    problems.rename(world.desk, "P-1", "Export fails in Safari")
    problems.explain(world.desk, "P-1", "Fixed in 2.4.1")
    verbs.undo(world.desk)
    verbs.undo(world.desk)
    assert (standing(world)[0].problem.title, standing(world)[0].problem.cause) == ("Export fails", "")
    problems.fixed(world.desk, "P-1")
    problems.reopen(world.desk, "P-1")
    assert standing(world)[0].problem.state is ProblemState.OPEN
    for nothing in ("", " ", "P-7"):
        with pytest.raises(RefusedError, match="title"):
            problems.rename(world.desk, "P-1", nothing)


async def test_an_opening_that_others_built_on_is_not_taken_back(world: World) -> None:
    one, two, _ = await office(world)
    problems.open_problem(world.desk, "Export fails", [one])
    opened = standing(world)[0].problem
    bob = dataclasses.replace(world.desk, config=dataclasses.replace(world.desk.config, agent=Agent("bob", "Bob")))
    problems.link(bob, opened.ref, [two])
    with pytest.raises(RefusedError, match="other tickets by now"):
        verbs.undo(world.desk)
    assert named_by(world, "problem:1") == {one, two}


async def test_what_is_joined_keeps_the_problem(world: World) -> None:
    one, two, _ = await office(world)
    problems.open_problem(world.desk, "Export fails", [two])
    merging.merge(world.desk, [two], one)
    assert named_by(world, "problem:1") == {one}
    verbs.undo(world.desk)
    assert named_by(world, "problem:1") == {two}


async def test_solved_customers_are_told(world: World) -> None:
    one, two, _ = await office(world)
    problems.open_problem(world.desk, "Export fails", [one, two])
    verbs.change(world.desk, one, verbs.Change(status=Status.SOLVED))
    assert [(s.tickets, s.untold) for s in standing(world)] == [(2, 1)]
    with reading(world.desk.database.path) as views:
        assert [ticket.key for ticket in views.behind(1)] == [two, one]
        assert views.problem_rows() == 1
