"""Hints while one writes, and the check before sending."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from supportterm.app import SupporttermApp
from supportterm.domain.drafts import Mode
from supportterm.domain.operations import State
from supportterm.screens.queue import QueueScreen
from supportterm.screens.reply import ReplyScreen
from supportterm.screens.send_check import SendCheck
from supportterm.store.filters import Where
from tests.desk.fakes import World, letter
from tests.screens.office import SIZES, office, send, text_of, until

CALM = "Hello,\n\nthe export to a table stops at row 100. Can you look at it?\n\nMara"
ANSWER = "Hello Mara,\n\nthank you, the export is mended since ten and gives every row. Does it on your side?\n\nAda"


@asynccontextmanager
async def writing(
    world: World, text: str = CALM, mode: Mode = Mode.REPLY, size: tuple[int, int] = (120, 36)
) -> AsyncIterator[tuple[SupporttermApp, Pilot[int], ReplyScreen]]:
    world.server.put(letter(text, subject="Export"), at=world.clock.now())
    await world.sync()
    async with office(world, size) as (app, pilot):
        screen = ReplyScreen(app.support.views.queue(Where("1"), 1)[0].key, mode)
        await app.push_screen(screen)
        await until(pilot, lambda: screen.is_mounted and screen.editor.has_focus)
        yield app, pilot, screen


async def hinted(pilot: Pilot[int], screen: ReplyScreen, rule: str) -> None:
    await until(pilot, lambda: any(hint.rule == rule for hint in screen.hinting.shown))


async def test_words_are_underlined_once_the_keys_rest_and_one_hint_is_told(world: World) -> None:
    async with writing(world) as (app, pilot, screen):
        screen.editor.insert("Unfortunately it is so. Please send me your password. ")
        await hinted(pilot, screen, "secret-request")
        shown = text_of(app)
        assert "Here" in shown
        assert "Never ask" in shown
        assert "Says what" not in shown
        assert {level for _, _, level in screen.editor._underlined} >= {0, 2}


async def test_the_next_hint_and_its_rewrite_are_a_key_each_and_undo_takes_one_step_back(world: World) -> None:
    async with writing(world) as (app, pilot, screen):
        text = "Hello Mara, Unfortunately, the row is gone. We look at it until Friday noon, then I write to you."
        screen.editor.insert(text)
        await hinted(pilot, screen, "negative-phrasing")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.editor.state.cursor == text.index("Unfortunately"))
        await until(pilot, lambda: "Says what" in text_of(app))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "Unfortunately" not in screen.editor.text)
        assert "the row is gone" in screen.editor.text
        await pilot.press("ctrl+z")
        assert screen.editor.text == text


async def test_a_hint_moves_with_its_words_while_one_types_before_them(world: World) -> None:
    async with writing(world) as (_, pilot, screen):
        screen.editor.insert("Please send me your password. Thank you.")
        await hinted(pilot, screen, "secret-request")
        screen.editor.move_cursor((0, 0))
        await pilot.press(*"Hello ")
        (hint,) = (h for h in screen.hinting.shown if h.rule == "secret-request")
        assert "password" in screen.editor.text[hint.start : hint.end]


async def test_a_note_has_no_hints(world: World) -> None:
    async with writing(world, mode=Mode.NOTE) as (_, pilot, screen):
        screen.editor.insert("Please send me your password.")
        await pilot.pause(0.8)
        assert screen.hinting.shown == ()


async def test_nothing_is_asked_where_there_is_nothing_to_say(world: World) -> None:
    async with writing(world) as (app, pilot, screen):
        screen.editor.insert(ANSWER)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, QueueScreen))
        assert app.support.views.outbox(everything=True)[0].state is State.QUEUED


@pytest.mark.parametrize("size", SIZES)
async def test_what_embarrasses_is_listed_and_can_be_looked_at_or_sent(world: World, size: tuple[int, int]) -> None:
    async with writing(world, size=size) as (app, pilot, screen):
        screen.editor.insert("Hello Mara, thank you. Please send me your password, then it works again at ten today.")
        before = screen.editor.state
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SendCheck))
        assert "Never ask for secrets." in text_of(app)
        await until(pilot, lambda: "send as it is" in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert screen.editor.state == before
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SendCheck))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        assert "password" in screen.editor.text[screen.editor.state.cursor :]
        assert app.support.views.outbox(everything=True) == []
        await send(pilot)
        await until(pilot, lambda: bool(app.support.views.outbox(everything=True)))


async def test_a_placeholder_cannot_be_sent(world: World) -> None:
    async with writing(world) as (app, pilot, screen):
        screen.editor.insert("Hello {{name}},\n\n" + ANSWER)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SendCheck))
        assert "send as it is" not in text_of(app)
        await pilot.press("y")
        await until(pilot, lambda: any("must be mended" in n.message for n in app._notifications))
        assert isinstance(app.screen, SendCheck)
        assert app.support.views.outbox(everything=True) == []


async def test_a_reply_can_become_a_note_from_the_check(world: World) -> None:
    async with writing(world) as (app, pilot, screen):
        screen.editor.insert("[internal] no refund for this one")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SendCheck))
        await pilot.press("n")
        await until(pilot, lambda: app.screen is screen and screen.mode is Mode.NOTE)
        assert screen.editor.text == "[internal] no refund for this one"


async def test_a_suggested_line_is_added_from_the_check(world: World) -> None:
    asked = "Hello,\n\nWhen does the shop open on Sunday? Can I bring my dog along?\n\nMara"
    async with writing(world, asked) as (app, pilot, screen):
        screen.editor.insert("Hello Mara,\n\nthank you. The shop opens at ten on Sunday.\n\nAda")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SendCheck))
        await until(pilot, lambda: "Can I bring my dog along?" in text_of(app))
        await pilot.press("a")
        await until(pilot, lambda: "> Can I bring my dog along?" in screen.editor.text)
        assert app.screen is screen


async def test_each_question_is_shown_open_or_answered_and_the_open_one_is_quoted_by_a_key(world: World) -> None:
    asked = "Hello,\n\nWhen does the shop open on Sunday? Can I bring my dog along?\n\nMara"
    async with writing(world, asked) as (app, pilot, screen):
        assert screen.hinting.coverage(screen.asks)[0] == ("When does the shop open on Sunday?", None)
        screen.editor.insert("Hello Mara, it opens at ten.")
        await until(pilot, lambda: screen.hinting.asked)
        assert screen.hinting.coverage(screen.asks) == (
            ("When does the shop open on Sunday?", True),
            ("Can I bring my dog along?", False),
        )
        await until(pilot, lambda: "answered" in text_of(app))
        await pilot.press("alt+q")
        assert screen.editor.text == "Hello Mara, it opens at ten.\n\n> Can I bring my dog along?\n"
        await pilot.press(*"Yes, your dog is welcome.")
        await until(pilot, lambda: all(screen.hinting.asked.values()))
        await pilot.press("alt+q")
        await until(pilot, lambda: any("Every question" in n.message for n in app._notifications))


async def test_where_there_is_no_room_the_suggestion_comes_before_the_remark(world: World) -> None:
    async with writing(world, size=(80, 24)) as (app, pilot, screen):
        screen.editor.insert("Hello Mara, we cannot do it this week, only next. ")
        await until(pilot, lambda: "^R  we start on" in text_of(app))
