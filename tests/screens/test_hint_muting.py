"""Muting the hint at the cursor, hearing it again, and habits that are told."""

from __future__ import annotations

from supportterm.desk import muting
from supportterm.domain.hints.hint import Hint, Level
from supportterm.domain.hints.muting import Reach
from tests.desk.fakes import World
from tests.screens.office import send, text_of, told, until
from tests.screens.test_hinting import hinted, writing

TEXT = "Hello Mara, it will work again soon. We look at every row of the export and write to you then, all of us here. "


async def test_the_hint_at_the_cursor_is_muted_on_its_ticket_and_heard_again_from_the_list(world: World) -> None:
    async with writing(world) as (app, pilot, screen):
        screen.editor.insert(TEXT)
        await hinted(pilot, screen, "vague-timing")
        await pilot.press("alt+m")
        await until(pilot, lambda: "Mute “vague-timing”?" in text_of(app))
        assert all(words in text_of(app) for words in ("on these words", "on this ticket", "for me", "whole team"))
        await pilot.press("t")
        await until(pilot, lambda: "muted on this ticket" in told(app))
        await until(pilot, lambda: not any(hint.rule == "vague-timing" for hint in screen.hinting.shown))
        await app.run_action("muted_hints")
        await until(pilot, lambda: "Hear again" in text_of(app))
        await until(pilot, lambda: "vague-timing" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: "is heard again" in told(app))
        screen.editor.insert(" ")
        await hinted(pilot, screen, "vague-timing")


async def test_what_asks_before_sending_offers_its_words_alone(world: World) -> None:
    async with writing(world) as (app, pilot, screen):
        screen.editor.insert("Please send me your password. ")
        await hinted(pilot, screen, "secret-request")
        await pilot.press("alt+m")
        await until(pilot, lambda: "Mute “secret-request”?" in text_of(app))
        assert "always asks before sending" in " ".join(text_of(app).split())
        assert "whole team" not in text_of(app)
        await pilot.press("w")
        await until(pilot, lambda: not any(hint.rule == "secret-request" for hint in screen.hinting.shown))


async def test_without_a_hint_there_is_nothing_to_mute(world: World) -> None:
    async with writing(world) as (app, pilot, _):
        await pilot.press("alt+m")
        await until(pilot, lambda: "no hint to mute" in told(app))


async def test_the_eighth_time_a_hint_is_passed_over_it_grows_quieter_and_says_so(world: World) -> None:
    for _ in range(7):
        muting.answered(world.desk, {"vague-timing": True})
    async with writing(world) as (app, pilot, screen):
        screen.editor.insert(TEXT)
        await hinted(pilot, screen, "vague-timing")
        await send(pilot)
        await until(pilot, lambda: "You passed over 8 of the last 10 “vague-timing”" in told(app))
        assert app.support.views.lowered_hints("ada") == {"vague-timing"}
        await app.run_action("muted_hints")
        await until(pilot, lambda: "quieter for you" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: "has its own level again" in told(app))


async def test_a_hint_that_was_followed_is_no_dismissal(world: World) -> None:
    for _ in range(7):
        muting.answered(world.desk, {"vague-timing": True})
    async with writing(world) as (app, pilot, screen):
        screen.editor.insert(TEXT)
        await hinted(pilot, screen, "vague-timing")
        screen.editor.rewrite(TEXT.replace(" soon", ""))
        await until(pilot, lambda: not any(hint.rule == "vague-timing" for hint in screen.hinting.shown))
        await send(pilot)
        await until(pilot, lambda: "takes it back" in told(app))
        assert app.support.views.lowered_hints("ada") == frozenset()


async def test_the_check_before_sending_says_nothing_that_is_muted(world: World) -> None:
    async with writing(world) as (app, pilot, screen):
        muting.mute(world.desk, screen.key, Hint("vague-timing", Level.WARN, 0, 4, ""), "soon", Reach.TEAM)
        screen.editor.insert(TEXT)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "takes it back" in told(app))
