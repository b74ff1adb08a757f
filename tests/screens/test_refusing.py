"""Refusing a customer in the console: asked for on a ticket, decided in a list."""

from __future__ import annotations

from supportterm.desk import verbs
from supportterm.domain.ticket import Status
from supportterm.screens.asking import Confirm, Pick, Prompt
from supportterm.screens.queue import QueueScreen
from supportterm.screens.ticket import TicketScreen
from supportterm.store.filters import Where
from tests.desk.fakes import World, letter
from tests.screens.office import office, text_of, told, until


async def test_it_is_asked_with_a_reason_and_approved_in_the_list(world: World) -> None:
    world.server.put(letter("You will regret it."), at=world.clock.now())
    await world.sync()
    async with office(world) as (app, pilot):
        key = app.support.views.queue(Where("1"), 1)[0].key
        verbs.change(world.desk, key, verbs.Change(status=Status.SOLVED))
        screen = TicketScreen(key)
        await app.push_screen(screen)
        await until(pilot, lambda: "regret" in text_of(app))
        await screen.run_action("screen.refuse")
        await until(pilot, lambda: isinstance(app.screen, Prompt))
        await pilot.press(*"threats", "enter")
        await until(pilot, lambda: app.support.views.refusals())
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, QueueScreen))
        await app.screen.run_action("screen.refusals")
        await until(pilot, lambda: isinstance(app.screen, Pick) and "threats" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("a")
        await until(pilot, lambda: [one[0] for one in app.support.views.blocked()] == ["mara@lind.example"])
        await app.screen_stack[0].run_action("screen.refusals")
        await until(pilot, lambda: "No request" in told(app))
