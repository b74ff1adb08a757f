"""The shift in the console: told after a pause, handed over at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from textual.pilot import Pilot

from supportterm.app import SupporttermApp
from supportterm.desk import attending, drafts, handing, promising
from supportterm.domain.drafts import Draft, Mode
from supportterm.domain.promises import Promise
from supportterm.domain.ticket import Ticket
from supportterm.screens import queue as queue_screen
from supportterm.screens.handover import HandoverScreen
from supportterm.screens.queue import QueueScreen
from supportterm.screens.reply import ReplyScreen
from supportterm.screens.since import SinceScreen
from supportterm.screens.ticket import TicketScreen
from supportterm.store.filters import Where
from tests.desk.fakes import World, letter
from tests.screens.office import office, text_of, told, until

HOUR = timedelta(hours=1)


async def write_in(world: World, number: int) -> None:
    mail = letter(
        "Where is my part?",
        sender=f"Customer {number} <c{number}@lind.example>",
        subject=f"Matter {number}",
        message_id=f"m{number}@x",
        at=world.clock.now(),
    )
    world.server.put(mail, at=world.clock.now())
    await world.sync()


async def paused(world: World) -> None:
    """Let the agent come, go for three hours, and two customers write meanwhile."""
    await write_in(world, 1)
    world.clock.advance(60)
    attending.arrive(world.desk)
    world.clock.advance(3 * 3600)
    await write_in(world, 2)
    await write_in(world, 3)


@asynccontextmanager
async def at_once(world: World) -> AsyncIterator[tuple[SupporttermApp, Pilot[int]]]:
    before, queue_screen.ARRIVAL_SECONDS = queue_screen.ARRIVAL_SECONDS, 0.05
    try:
        async with office(world) as (app, pilot):
            yield app, pilot
    finally:
        queue_screen.ARRIVAL_SECONDS = before


def ticket(app: SupporttermApp, number: int) -> Ticket:
    return next(one for one in app.support.views.queue(Where("1"), 9) if one.subject == f"Matter {number}")


async def test_after_a_pause_it_tells_what_happened_and_each_line_lists_its_tickets(world: World) -> None:
    await paused(world)
    async with at_once(world) as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, SinceScreen) and "Matter 3" in text_of(app))
        shown = text_of(app)
        assert "Since you left" in shown
        assert "3 h ago" in shown
        assert "2 new" in shown
        assert "Matter 1" not in shown
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, QueueScreen) and "Matter 3" in text_of(app))
        await until(pilot, lambda: "Matter 2" in text_of(app))
        assert "Matter 1" not in text_of(app)
        await pilot.press("1", "L")
        await until(pilot, lambda: isinstance(app.screen, SinceScreen))
        await pilot.press("j", "enter")
        await until(pilot, lambda: isinstance(app.screen, TicketScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, SinceScreen))
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, QueueScreen))


async def test_nothing_is_told_where_there_was_no_pause(world: World) -> None:
    await write_in(world, 1)
    async with at_once(world) as (app, pilot):
        await until(pilot, lambda: app.support.views.attendance("ada").here)
        await pilot.pause(0.1)
        assert isinstance(app.screen, QueueScreen)
        await pilot.press("L")
        await until(pilot, lambda: "You have not been away yet" in told(app))


async def test_who_works_already_is_told_in_one_sentence(world: World) -> None:
    await paused(world)
    async with office(world) as (app, pilot):
        await pilot.press("j")
        await until(pilot, lambda: "Since you left: 2 new" in told(app), 300)
        assert isinstance(app.screen, QueueScreen)


async def test_it_is_told_since_any_time_that_is_typed(world: World) -> None:
    await write_in(world, 1)
    async with office(world) as (app, pilot):
        assert isinstance(app.screen, QueueScreen)
        app.screen.command_since("1d")
        await until(pilot, lambda: isinstance(app.screen, SinceScreen) and "1 new" in text_of(app))


async def test_each_thing_left_is_kept_given_or_seen_to(world: World) -> None:
    for number in (1, 2, 3):
        await write_in(world, number)
    async with office(world) as (app, pilot):
        promising.promise(world.desk, ticket(app, 1).key, Promise("I call you", world.clock.now() + HOUR))
        promising.promise(world.desk, ticket(app, 2).key, Promise("the new part", world.clock.now() + 2 * HOUR))
        drafts.save(world.desk, Draft(ticket(app, 3).key, "ada", Mode.REPLY, "Half a sentence"))
        await app.push_screen(HandoverScreen())
        await until(pilot, lambda: "3 to decide" in text_of(app))
        await until(pilot, lambda: "PROMISES 2" in text_of(app))
        await until(pilot, lambda: "Half a sentence" in text_of(app))
        await pilot.press("x", "a")
        await until(pilot, lambda: "Who takes the promise" in text_of(app))
        await pilot.press(*"bob", "enter")
        await until(pilot, lambda: "1 to decide, 1 kept, 1 given" in text_of(app))
        await until(pilot, lambda: "to bob" in text_of(app))
        assert [item.words for item in handing.items(app.support.views, "bob", app.support.now())] == ["the new part"]
        await pilot.press("z")
        await until(pilot, lambda: "2 to decide, 1 kept" in text_of(app))
        await pilot.press("G", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReplyScreen) and "Half a sentence" in text_of(app))


async def test_the_rest_goes_to_one_colleague_who_keeps_the_promises_too(world: World) -> None:
    for number in (1, 2):
        await write_in(world, number)
    async with office(world) as (app, pilot):
        for number in (1, 2):
            promising.promise(world.desk, ticket(app, number).key, Promise(f"part {number}", world.clock.now() + HOUR))
        assert isinstance(app.screen, QueueScreen)
        await app.screen.run_action("screen.hand_over")
        await until(pilot, lambda: "2 to decide" in text_of(app))
        await pilot.press("A", *"bob", "enter")
        await until(pilot, lambda: "2 given" in text_of(app) and "all decided" in text_of(app))
        await pilot.press("w")
        await until(pilot, lambda: "Away until" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: "Who keeps your promises" in text_of(app))
        await pilot.press(*"bob", "enter")
        await until(
            pilot, lambda: [(one.agent, one.keeper) for one in app.support.views.absences()] == [("ada", "bob")]
        )
        app.screen_stack[0].command_away("back")  # type: ignore[attr-defined] # the queue is the first screen
        await until(pilot, lambda: not app.support.views.absences())


async def test_what_is_being_given_is_given_also_where_the_store_changes_meanwhile(world: World) -> None:
    await write_in(world, 1)
    async with office(world) as (app, pilot):
        promising.promise(world.desk, ticket(app, 1).key, Promise("part 1", world.clock.now() + HOUR))
        assert isinstance(app.screen, QueueScreen)
        await app.screen.run_action("screen.hand_over")
        await until(pilot, lambda: "1 to decide" in text_of(app))
        handing_over = app.screen
        assert isinstance(handing_over, HandoverScreen)
        do = app.support.do

        async def while_others_write(verb: Any) -> Any:
            handing_over.store_changed()
            return await do(verb)

        app.support.do = while_others_write  # type: ignore[method-assign] # a colleague's commit, at that very moment
        await pilot.press("A", *"bob", "enter")
        await until(pilot, lambda: "1 given" in text_of(app) and "all decided" in text_of(app))


async def test_what_strangers_write_is_shown_and_never_acts(world: World) -> None:
    hostile = "[/nothing] [@click=app.quit]x[/] =?utf-8?q?=1B]52;c;AAAA=07=1B[2J?="
    mail = letter("Where is it?", subject=hostile, sender="Eve <eve@lind.example>", at=world.clock.now())
    world.server.put(mail, at=world.clock.now())
    await world.sync()
    async with office(world) as (app, pilot):
        found = app.support.views.queue(Where("1"), 1)[0]
        promising.promise(world.desk, found.key, Promise("[@click=app.quit] \x1b[2J", world.clock.now() + HOUR))
        await app.push_screen(HandoverScreen())
        await until(pilot, lambda: "1 to decide" in text_of(app))
        await until(pilot, lambda: "[@click=app.quit]" in text_of(app))
        assert "\x1b" not in text_of(app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, QueueScreen))
        app.screen.command_since("1d")  # type: ignore[attr-defined] # the queue's
        await until(pilot, lambda: isinstance(app.screen, SinceScreen) and "[/nothing]" in text_of(app))
        assert "\x1b" not in text_of(app)
