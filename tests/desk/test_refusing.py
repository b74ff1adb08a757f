"""Refusing a customer for good: asked with a reason once their matter is over, decided by a supervisor."""

from __future__ import annotations

import dataclasses

import pytest

from supportterm.config import Agent
from supportterm.desk import refusing, verbs
from supportterm.desk.context import Desk
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.events import EventKind
from supportterm.domain.refusals import Decision, Refusal
from supportterm.domain.ticket import Status
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import World, letter


def agent(desk: Desk) -> Desk:
    """Return the same store as an agent who is no supervisor works at it."""
    return dataclasses.replace(desk, config=dataclasses.replace(desk.config, agent=Agent("bob", "Bob", "agent")))


async def solved(world: World) -> str:
    world.server.put(letter("You will regret it."), at=world.clock.now())
    await world.sync()
    with reading(world.desk.database.path) as views:
        key = views.queue(Where("1"), 1)[0].key
    verbs.change(world.desk, key, verbs.Change(status=Status.SOLVED))
    return key


def request(world: World) -> Refusal:
    with reading(world.desk.database.path) as views:
        return views.refusals(everything=True)[-1]


def blocked(world: World) -> list[str]:
    with reading(world.desk.database.path) as views:
        return [address for address, _, _ in views.blocked()]


async def test_only_a_supervisor_decides_and_then_their_mail_is_spam(world: World) -> None:
    key = await solved(world)
    bob = agent(world.desk)
    refusing.ask(bob, key, "threatens us")
    assert blocked(world) == []
    with pytest.raises(RefusedError, match="Only a supervisor"):
        refusing.decide(bob, request(world).id, approve=True)
    refusing.decide(world.desk, request(world).id, approve=True)
    assert blocked(world) == ["mara@lind.example"]
    assert (request(world).by, request(world).decided_by, request(world).decision) == ("bob", "ada", Decision.APPROVED)
    with reading(world.desk.database.path) as views:
        told = [event.payload["decision"] for event in views.events(key) if event.kind is EventKind.REFUSAL]
    assert told == ["asked", "approved"]
    with pytest.raises(RefusedError, match="approved already"):
        refusing.decide(world.desk, request(world).id, approve=False, words="no")


async def test_a_request_that_is_declined_blocks_nobody_and_says_why(world: World) -> None:
    refusing.ask(agent(world.desk), await solved(world), "rude")
    with pytest.raises(RefusedError, match="Say why"):
        refusing.decide(world.desk, request(world).id, approve=False)
    refusing.decide(world.desk, request(world).id, approve=False, words="they apologised")
    assert (request(world).decision, request(world).words) == (Decision.DECLINED, "they apologised")
    assert blocked(world) == []


async def test_each_step_is_taken_back_in_one(world: World) -> None:
    key = await solved(world)
    refusing.ask(world.desk, key, "threatens us")
    refusing.decide(world.desk, request(world).id, approve=True)
    verbs.undo(world.desk)
    assert (request(world).decision, blocked(world)) == (Decision.ASKED, [])
    verbs.undo(world.desk)
    assert request(world).decision is Decision.WITHDRAWN
    refusing.ask(world.desk, key, "once more")
    with pytest.raises(RefusedError, match="asked already"):
        refusing.ask(world.desk, key, "and again")


async def test_a_matter_is_brought_to_its_end_first_and_a_reason_is_given(world: World) -> None:
    key = await solved(world)
    with pytest.raises(RefusedError, match="Give the reason"):
        refusing.ask(world.desk, key, "  ")
    verbs.change(world.desk, key, verbs.Change(status=Status.OPEN))
    with pytest.raises(RefusedError, match="Bring it to its end first"):
        refusing.ask(world.desk, key, "threatens us")
    with pytest.raises(NotFoundError, match="no request"):
        refusing.decide(world.desk, "nothing", approve=True)
