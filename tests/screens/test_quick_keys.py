"""Keys that come faster than screens change: a key pressed twice does its work once and takes no other screen along."""

from __future__ import annotations

from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from supportterm.app import SupporttermApp
from supportterm.desk import drafts
from supportterm.domain.errors import StoreError
from supportterm.screens.asking import Confirm, Pick
from supportterm.screens.help import HelpScreen
from supportterm.screens.queue import QueueScreen
from supportterm.screens.reply import ReplyScreen
from supportterm.screens.ticket import TicketScreen
from tests.desk.fakes import World
from tests.screens.office import office, seed, told, until


async def burst(app: SupporttermApp, pilot: Pilot[Any], *keys: str) -> None:
    """Press keys without waiting for what each of them does."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))
    await pilot.pause()


async def writing(app: SupporttermApp, pilot: Pilot[Any]) -> ReplyScreen:
    """Open the first ticket and begin a reply."""
    await until(pilot, lambda: isinstance(app.screen, QueueScreen) and app.screen.selected())
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, TicketScreen) and app.screen.chosen())
    await pilot.press("r")
    await until(pilot, lambda: isinstance(app.focused, type(getattr(app.screen, "editor", None))))
    await pilot.press("h", "i")
    screen = app.screen
    assert isinstance(screen, ReplyScreen)
    return screen


async def test_send_pressed_three_times_sends_one_mail(world: World) -> None:
    seed(world)
    await world.sync()
    async with office(world) as (app, pilot):
        await writing(app, pilot)
        await burst(app, pilot, "ctrl+s", "ctrl+s", "ctrl+s")
        await until(pilot, lambda: app.support.views.outbox())
        await until(pilot, lambda: isinstance(app.screen, TicketScreen))
        await app.support.settled(2)
        assert len(app.support.views.outbox()) == 1
        assert isinstance(app.screen, TicketScreen)


async def test_an_answer_pressed_twice_answers_once(world: World) -> None:
    seed(world)
    await world.sync()
    async with office(world) as (app, pilot):
        screen = await writing(app, pilot)
        screen.action_discard()
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        question = app.screen
        for _ in range(3):
            question.post_message(events.Key("y", "y"))
        await until(pilot, lambda: screen not in app.screen_stack)
        await pilot.pause(0.1)
        assert app.screen_stack[-1].query("TicketPane")
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        pick = app.screen
        assert isinstance(pick, Pick)
        for _ in range(3):
            pick.action_cancel()
        await pilot.pause(0.1)
        assert isinstance(app.screen, TicketScreen)


async def test_what_was_sent_leaves_the_screen_though_help_lay_over_it(world: World) -> None:
    seed(world)
    await world.sync()
    async with office(world) as (app, pilot):
        screen = await writing(app, pilot)
        screen.action_send()
        app.push_screen(HelpScreen(screen))
        await until(pilot, lambda: app.support.views.outbox() and not screen.is_acting)
        assert isinstance(app.screen, HelpScreen)
        await until(pilot, lambda: app.screen.is_mounted)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, TicketScreen))
        assert screen not in app.screen_stack


async def test_a_draft_that_cannot_be_saved_on_leaving_is_said_and_lies_in_the_clipboard(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed(world)
    await world.sync()

    def full(*_: object, **__: object) -> None:
        raise StoreError("The disk is full.")

    async with office(world) as (app, pilot):
        screen = await writing(app, pilot)
        monkeypatch.setattr(drafts, "save", full)
        await pilot.press("!", "escape")
        await until(pilot, lambda: screen not in app.screen_stack)
        await until(pilot, lambda: "Its text is in the clipboard" in told(app))
        assert app.clipboard == "hi!"


async def test_an_esc_that_comes_together_with_the_next_key_is_both(world: World) -> None:
    """A terminal sends Esc and a letter as it sends Alt with the letter; only time tells them apart."""
    seed(world)
    await world.sync()
    async with office(world) as (app, pilot):
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        app.post_message(events.Key("alt+s", "s"))
        await until(pilot, lambda: isinstance(app.screen, Pick))
        assert isinstance(app.screen_stack[-2], QueueScreen)
        await pilot.press("escape")
        screen = await writing(app, pilot)
        before = screen.editor.text
        app.post_message(events.Key("alt+z", "z"))
        await pilot.press("x")
        await until(pilot, lambda: screen.editor.text != before)
        assert app.screen is screen
        assert screen.editor.text == before + "x"
