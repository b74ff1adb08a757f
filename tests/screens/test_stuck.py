"""A ticket that is stuck is offered to be handed on; too much on hand is said; a third skip asks why."""

from __future__ import annotations

import dataclasses

from supportterm.config import Agent, Colleague
from supportterm.desk import escalating
from supportterm.domain.events import EventKind
from supportterm.screens.asking import Pick, Prompt
from supportterm.screens.base import run
from supportterm.screens.ticket import TicketScreen
from supportterm.store.filters import Where
from tests.desk.fakes import World, letter
from tests.screens.office import office, text_of, told, until


async def arrive(world: World, *subjects: str) -> None:
    for number, subject in enumerate(subjects or ("Matter",)):
        mail = letter("It is broken.", subject=subject, message_id=f"m{number}@x", sender=f"c{number}@lind.example")
        world.server.put(mail, at=world.clock.now())
    await world.sync()


async def test_a_ticket_opened_again_and_again_is_offered_to_be_handed_on(world: World) -> None:
    await arrive(world)
    async with office(world) as (app, pilot):
        key = app.support.views.queue(Where("1"), 1)[0].key
        for _ in range(2):
            escalating.opened(world.desk, key)
        await app.push_screen(TicketScreen(key))
        await until(pilot, lambda: "Stuck? opened 3 times without an answer. I hands it on." in told(app))
        await pilot.press("I")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        await pilot.press(*"bob", "enter")
        await until(pilot, lambda: isinstance(app.screen, Prompt))
        await pilot.press(*"2h look at the log", "enter")
        await until(pilot, lambda: app.support.views.queue(Where("1"), 1)[0].assignee == "bob")
        await until(pilot, lambda: "look at the log" in text_of(app))


async def test_it_is_handed_on_by_its_name_too(world: World) -> None:
    await arrive(world)
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "Matter" in text_of(app))
        await pilot.press("colon", *"escalate bob 2h look at it", "enter")
        await until(pilot, lambda: app.support.views.queue(Where("1"), 1)[0].assignee == "bob")


async def test_the_third_skip_asks_why_and_keeps_the_answer(world: World) -> None:
    await arrive(world, "First", "Second")
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "Second" in text_of(app))
        here = app.screen.selected()  # type: ignore[attr-defined] # the queue's
        for _ in range(2):
            escalating.skipped(world.desk, here)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, Prompt) and "three times" in text_of(app))
        await pilot.press(*"no idea", "enter")
        await until(pilot, lambda: any(event.kind is EventKind.SKIPPED for event in app.support.views.events(here)))


async def test_a_claim_above_ones_own_limit_says_so(world: World) -> None:
    config = dataclasses.replace(world.desk.config, agent=Agent("ada", "Ada", capacity={"email": 1}))
    world.desk = dataclasses.replace(world.desk, config=config)
    await arrive(world, "First", "Second")
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "Second" in text_of(app))
        await pilot.press("X", "c")
        await until(pilot, lambda: "More than you set yourself: email 2 of 1." in told(app))
        app.screen._weigh()  # type: ignore[attr-defined] # what its timer does
        await until(pilot, lambda: "email 2 of 1" in text_of(app))


async def test_whoever_gives_a_ticket_sees_how_full_a_colleague_is(world: World) -> None:
    colleagues = {"bob": Colleague({"email": 1}), "cyd": Colleague({"email": 9})}
    world.desk = dataclasses.replace(world.desk, config=dataclasses.replace(world.desk.config, agents=colleagues))
    await arrive(world, "First", "Second")
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "Second" in text_of(app))
        await run(app.screen, "ticket.assign", "bob")
        await until(pilot, lambda: any(t.assignee == "bob" for t in app.support.views.queue(Where("1"), 9)))
        await pilot.press("j", "k", "X", "a")
        await until(pilot, lambda: isinstance(app.screen, Pick) and "full: email 1 of 1" in text_of(app))
        assert "email 0 of 9" in text_of(app)
        await pilot.press(*"bob", "enter")
        await until(pilot, lambda: "bob has more than they can take: email 2 of 1." in told(app))


async def test_a_typed_priority_takes_its_reason_and_asks_for_it_where_it_teaches(world: World) -> None:
    await arrive(world, "First")
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "First" in text_of(app))
        key = app.screen.selected()  # type: ignore[attr-defined] # the queue's

        def why() -> list[object]:
            return [e.payload.get("why") for e in app.support.views.events(key) if "override" in e.payload]

        await run(app.screen, "ticket.priority", "urgent their shop stands still")
        await until(pilot, lambda: why() == ["their shop stands still"])
        await run(app.screen, "ticket.priority", "computed")
        await until(pilot, lambda: len(why()) == 2)
        await run(app.screen, "ticket.priority", "urgent")
        await until(pilot, lambda: isinstance(app.screen, Prompt) and "why urgent" in text_of(app))
        await pilot.press(*"again", "enter")
        await until(pilot, lambda: why()[-1] == "again")
