"""Promises in the console: asked about once before a reply goes, listed in their view, seen to on their ticket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot
from textual.widgets import Input

from supportterm.app import SupporttermApp
from supportterm.desk import promising
from supportterm.desk.promising import typed
from supportterm.domain.ledger import TicketClock
from supportterm.domain.ticket import Ticket
from supportterm.screens.asking import Pick, Prompt
from supportterm.screens.queue import QueueScreen
from supportterm.screens.reply import ReplyScreen
from supportterm.screens.send_check import SendCheck
from supportterm.screens.ticket import TicketScreen
from supportterm.store.filters import Where
from tests.desk.fakes import World, letter
from tests.screens.office import office, text_of, until
from tests.screens.office import told as toasts

TEXT = "Hello Mara,\n\nwe will send the part by Friday.\n\nKind regards\nAda"


async def arrive(world: World) -> None:
    world.server.put(letter("Where is my part?", subject="The part"), at=world.clock.now())
    await world.sync()


def ticket_of(app: SupporttermApp) -> Ticket:
    return app.support.views.queue(Where("1"), 1)[0]


def promises_of(app: SupporttermApp) -> list[TicketClock]:
    return [c for c in app.support.views.clocks(ticket_of(app).key) if c.kind == "promise"]


@asynccontextmanager
async def writing(world: World, text: str) -> AsyncIterator[tuple[SupporttermApp, Pilot[int], ReplyScreen]]:
    await arrive(world)
    async with office(world) as (app, pilot):
        screen = ReplyScreen(ticket_of(app).key)
        await app.push_screen(screen)
        await until(pilot, lambda: screen.is_mounted and screen.editor.has_focus)
        screen.editor.insert(text)
        await pilot.press("ctrl+s")
        yield app, pilot, screen


async def test_one_key_keeps_the_promise_of_a_reply_as_a_clock(world: World) -> None:
    async with writing(world, TEXT) as (app, pilot, screen):
        await until(pilot, lambda: isinstance(app.screen, SendCheck))
        await until(pilot, lambda: "promise “by Friday” (Fri 06 Mar, 18:00): keep as a clock?" in text_of(app))
        await until(pilot, lambda: "we will send the part by Friday" in text_of(app))
        await pilot.press("y")
        await until(pilot, lambda: app.screen is not screen and not isinstance(app.screen, SendCheck))
        [clock] = promises_of(app)
        assert (clock.state, clock.words, clock.agent) == ("paused", "we will send the part by Friday", app.support.me)
        assert f"{clock.due_at:%a %H:%M}" == "Fri 18:00"
        await pilot.press("z")
        await until(pilot, lambda: [each.state for each in promises_of(app)] == ["ended"])


async def test_no_sends_it_without_a_clock(world: World) -> None:
    async with writing(world, TEXT) as (app, pilot, _):
        await until(pilot, lambda: isinstance(app.screen, SendCheck))
        await until(pilot, lambda: "keep as a clock?   yes" in text_of(app))
        await pilot.press("end", "enter")
        await until(pilot, lambda: "keep as a clock?   no" in text_of(app))
        await pilot.press("y")
        await until(pilot, lambda: app.support.views.outbox(everything=True))
        assert promises_of(app) == []


async def test_one_in_doubt_that_is_left_so_is_no_clock(world: World) -> None:
    async with writing(world, "Hello Mara,\n\nwe will send the part by Monday.\n\nKind regards\nAda") as (
        app,
        pilot,
        _,
    ):
        await until(pilot, lambda: "today, or in a week?   no, unless you say when (e)" in text_of(app))
        await pilot.press("y")
        await until(pilot, lambda: app.support.views.outbox(everything=True))
        assert promises_of(app) == []


async def test_back_sends_nothing_and_keeps_the_text(world: World) -> None:
    async with writing(world, TEXT) as (app, pilot, screen):
        await until(pilot, lambda: isinstance(app.screen, SendCheck))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert app.support.views.outbox(everything=True) == []
        assert screen.editor.text == TEXT
        await until(pilot, lambda: screen.editor.has_focus)


async def test_a_reply_without_a_promise_is_not_asked_about(world: World) -> None:
    async with writing(world, "Hello Mara,\n\nthe part left on Friday. Have a nice weekend!") as (app, pilot, _):
        await until(pilot, lambda: app.support.views.outbox(everything=True))
        assert not isinstance(app.screen, SendCheck)


async def test_several_are_answered_in_one_dialog_and_one_in_doubt_needs_its_time(world: World) -> None:
    text = "I will call you within two hours. We will send the part by Monday."
    async with writing(world, text) as (app, pilot, _):
        await until(pilot, lambda: isinstance(app.screen, SendCheck))
        await until(pilot, lambda: "within two hours" in text_of(app))
        await until(pilot, lambda: "today, or in a week?" in text_of(app))
        await pilot.press("end", "enter")
        await until(pilot, lambda: isinstance(app.screen, Prompt))
        app.screen.query_one(Input).value = "whenever"
        await pilot.press("enter")
        await until(pilot, lambda: "no clear time" in text_of(app))
        app.screen.query_one(Input).value = "tomorrow 10:00"
        await pilot.press("enter")
        await until(pilot, lambda: "(Tue 03 Mar, 10:00): keep as a clock?   yes" in text_of(app))
        await pilot.press("y")
        await until(pilot, lambda: app.support.views.outbox(everything=True))
        assert {f"{clock.due_at:%a %H:%M}" for clock in promises_of(app)} == {"Mon 14:00", "Tue 10:00"}


async def test_a_promise_is_given_by_hand_listed_in_its_view_and_seen_to(world: World) -> None:
    await arrive(world)
    async with office(world, (160, 40)) as (app, pilot):
        queue = app.screen
        assert isinstance(queue, QueueScreen)
        await until(pilot, lambda: queue.selected())
        await pilot.press("P")
        await until(pilot, lambda: isinstance(app.screen, Prompt))
        await pilot.press(*"friday", "space", *"14:00", "space", *"call", "space", *"Mara", "enter")
        await until(pilot, lambda: promises_of(app))
        await pilot.press("6")
        await until(pilot, lambda: "call Mara" in text_of(app))
        await pilot.press("P")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        await until(pilot, lambda: "tell them first" in text_of(app))
        await pilot.press(*"kept", "enter")
        await until(pilot, lambda: [each.state for each in promises_of(app)] == ["met"])
        await until(pilot, lambda: "No promise is open" in text_of(app))
        await pilot.press("z")
        await until(pilot, lambda: [each.state for each in promises_of(app)] == ["running"])


async def test_the_commands_move_give_and_withdraw_it(world: World) -> None:
    await arrive(world)
    async with office(world) as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, QueueScreen) and app.screen.selected())

        async def typed_command(words: str) -> None:
            await pilot.press("colon")
            await until(pilot, lambda: isinstance(app.screen, Prompt))
            app.screen.query_one(Input).value = words
            await pilot.press("enter")

        await typed_command("promise 2h look at the log")
        await until(pilot, lambda: promises_of(app))
        await typed_command("promise-move 4h")
        await until(pilot, lambda: f"{promises_of(app)[0].due_at:%H:%M}" == "16:00")
        await until(pilot, lambda: "tell them first" in toasts(app))
        await typed_command("promise-give kai")
        await until(pilot, lambda: promises_of(app)[0].agent == "kai")
        await typed_command("promise-withdraw")
        await until(pilot, lambda: promises_of(app)[0].state == "ended")
        await typed_command("promise-kept")
        await until(pilot, lambda: "No promise is open" in toasts(app))


async def test_the_card_of_its_ticket_shows_it(world: World) -> None:
    await arrive(world)
    desk = world.desk
    async with office(world, (160, 40)) as (app, pilot):
        key = ticket_of(app).key
        promising.promise(desk, key, typed("friday 14:00 call Mara", desk.config, desk.now()))
        await app.push_screen(TicketScreen(key))
        await until(pilot, lambda: "“call Mara”" in text_of(app))
