"""A reply for each in the console: looked at one by one, sent in one step."""

from __future__ import annotations

import dataclasses

from textual.pilot import Pilot

from supportterm.app import SupporttermApp
from supportterm.domain.drafts import Kind
from supportterm.domain.operations import State
from supportterm.screens.asking import Confirm, Pick, Prompt
from supportterm.screens.deck import DeckScreen
from supportterm.screens.queue import QueueScreen
from supportterm.screens.reply import ReplyScreen
from tests.desk.fakes import World, letter
from tests.screens.office import office, text_of, told, until

NAMES = {1: "Mara", 2: "Oleg", 3: "Jo"}


async def three(world: World) -> None:
    for number, name in NAMES.items():
        mail = letter(
            "Where is my part?",
            sender=f"{name} Lind <c{number}@lind.example>",
            subject=f"Matter {number}",
            message_id=f"m{number}@x",
            at=world.clock.now(),
        )
        world.server.put(mail, at=world.clock.now())
    await world.sync()


async def deck_of(app: SupporttermApp, pilot: Pilot[int]) -> DeckScreen:
    """Mark all tickets, choose the snippet that tells of a delay and fill its blank."""
    await until(pilot, lambda: "Matter 3" in text_of(app))
    await pilot.press("X", "ctrl+r")
    await until(pilot, lambda: isinstance(app.screen, Pick))
    await pilot.press(*";late", "enter")
    await until(pilot, lambda: isinstance(app.screen, Prompt) and "3 customers" in text_of(app))
    await pilot.press(*"noon", "enter")
    await until(pilot, lambda: isinstance(app.screen, DeckScreen) and "3 to look at" in text_of(app))
    assert isinstance(app.screen, DeckScreen)
    return app.screen


def mails(app: SupporttermApp) -> list[State]:
    return [mail.state for mail in app.support.views.outbox(everything=True)]


async def test_each_is_approved_or_skipped_and_one_undo_takes_all_back(world: World) -> None:
    await three(world)
    async with office(world) as (app, pilot):
        await deck_of(app, pilot)
        await until(pilot, lambda: "our answer by noon" in text_of(app))
        await pilot.press("enter", "x")
        await until(pilot, lambda: "1 to look at, 1 approved, 1 skipped" in text_of(app))
        assert mails(app) == []
        await pilot.press("A")
        await until(pilot, lambda: "2 approved, 1 skipped" in text_of(app))
        await pilot.press("S")
        await until(pilot, lambda: isinstance(app.screen, QueueScreen) and mails(app) == [State.QUEUED] * 2)
        await pilot.press("z")
        await until(pilot, lambda: mails(app) == [State.UNDONE] * 2)
        await until(pilot, lambda: "drafts again" in told(app))


async def test_a_card_is_written_on_in_the_editor_and_comes_back_with_its_text(world: World) -> None:
    await three(world)
    async with office(world) as (app, pilot):
        screen = await deck_of(app, pilot)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, ReplyScreen) and "our answer by noon" in text_of(app))
        editor = app.screen
        assert isinstance(editor, ReplyScreen)
        pad = editor.editor
        await until(pilot, lambda: pad.has_focus)
        pad.insert("PS: a word of my own. ")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not editor or not pad.has_focus)
        if app.screen is editor:
            await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen and "a word of my own" in text_of(app))
        await until(pilot, lambda: "edited" in text_of(app))
        await pilot.press("g", "enter", "S")
        await until(pilot, lambda: mails(app) == [State.QUEUED])
        mail = app.support.views.outbox()[0]
        assert "a word of my own" in app.support.views.messages(mail.ticket_key)[-1].text
        assert app.support.views.draft(mail.ticket_key, "ada", Kind.REPLY) is None


async def test_a_card_shows_the_signature_that_leaves_with_it(world: World) -> None:
    await three(world)
    config = world.desk.config
    mailbox = dataclasses.replace(config.mailbox, signature="The team at Acme")
    world.desk = dataclasses.replace(world.desk, config=dataclasses.replace(config, mailbox=mailbox))
    async with office(world) as (app, pilot):
        await deck_of(app, pilot)
        await until(pilot, lambda: "The team at Acme" in text_of(app))


async def test_leaving_with_something_approved_asks_first(world: World) -> None:
    await three(world)
    async with office(world) as (app, pilot):
        await deck_of(app, pilot)
        await pilot.press("enter", "escape")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await until(pilot, lambda: "Leave without sending 1 approved reply?" in text_of(app))
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, QueueScreen))
        assert mails(app) == []


async def test_who_will_miss_their_time_is_told_and_the_answer_stays_owed(world: World) -> None:
    await three(world)
    world.clock.advance(23.9 * 3600)
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "Matter 3" in text_of(app))
        await pilot.press("W")
        await until(pilot, lambda: isinstance(app.screen, Prompt))
        await pilot.press(*"17:00 tomorrow", "enter")
        await until(pilot, lambda: isinstance(app.screen, DeckScreen))
        await pilot.press("A", "S")
        await until(pilot, lambda: mails(app) != [])
        found = app.support.views.tickets([mail.ticket_key for mail in app.support.views.outbox()])
        assert all(ticket.status.is_ours for ticket in found)


async def test_nobody_is_told_where_there_is_time(world: World) -> None:
    await three(world)
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "Matter 3" in text_of(app))
        await pilot.press("W")
        await until(pilot, lambda: "Nobody will miss their time" in told(app))
