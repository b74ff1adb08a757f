"""Spelling while one writes: what is marked, what can be done about it, and that nobody waits for it."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from supportterm.app import SupporttermApp
from supportterm.config import Hints
from supportterm.config import Spelling as Wanted
from supportterm.desk import dictionaries
from supportterm.desk.speller import Speller
from supportterm.desk.spelling import Spelling
from supportterm.domain.drafts import Mode
from supportterm.screens.pick import Pick
from supportterm.screens.reply import ReplyScreen
from supportterm.screens.widgets.rows import SPELLING
from supportterm.store.filters import Where
from tests.desk.fakes import World, letter
from tests.screens.office import office, text_of, told, until

EASY = "We saw your mail. The box is on its way. You will have it soon. Write to us if it does not come, we help you. "
SILENT = (sys.executable, "-c", "import sys\nfor line in sys.stdin: pass")


@asynccontextmanager
async def writing(
    world: World, speller: Speller | None = None, mode: Mode = Mode.REPLY, customer: str = "", **config: object
) -> AsyncIterator[tuple[SupporttermApp, Pilot[int], ReplyScreen]]:
    world.server.put(letter(customer or "Where is my shipmnet?\n\nMara", subject="Export"), at=world.clock.now())
    await world.sync()
    async with office(world) as (app, pilot):
        console = app.support
        given = {"path": world.desk.database.path.with_name("config.toml"), **config}
        for name, value in given.items():
            object.__setattr__(console.config, name, value)
        if speller is not None:
            console._spelling = Spelling(console.config, speller)
        screen = ReplyScreen(console.views.queue(Where("1"), 1)[0].key, mode)
        await app.push_screen(screen)
        await until(pilot, lambda: screen.is_mounted and screen.editor.has_focus)
        yield app, pilot, screen


def marked(screen: ReplyScreen) -> list[str]:
    text = screen.editor.text
    return [text[a:b] for a, b, level in screen.editor._underlined if level == SPELLING]


async def test_a_word_of_no_dictionary_is_marked_and_names_quotes_and_the_customers_words_are_not(world: World) -> None:
    async with writing(world) as (app, pilot, screen):
        screen.editor.insert(
            "Hello Mara,\n\n> qwrtz\n\nyour shipmnet supperviser is done by Zyxel7, see www.blrp.example now. "
        )
        await until(pilot, lambda: marked(screen) == ["supperviser"])
        screen.editor.go_to(screen.editor.text.index("supperviser"))
        await until(pilot, lambda: "Not in the" in text_of(app))
        assert "suggests" in text_of(app)


async def test_the_word_at_the_cursor_is_not_marked_while_it_is_written(world: World) -> None:
    async with writing(world) as (_, pilot, screen):
        screen.editor.insert("This frobnify and supperviser")
        await until(pilot, lambda: "frobnify" in marked(screen))
        assert "supperviser" not in marked(screen)
        await pilot.press("space")
        await until(pilot, lambda: "supperviser" in marked(screen))


async def test_a_suggestion_takes_the_words_place_as_one_step(world: World) -> None:
    async with writing(world) as (app, pilot, screen):
        text = "We ask the supperviser now. "
        screen.editor.insert(text)
        await until(pilot, lambda: marked(screen))
        await pilot.press("ctrl+n", "alt+w")
        await until(pilot, lambda: isinstance(app.screen, Pick) and "supervisor" in text_of(app))
        await pilot.press(*"supervisor", "enter")
        await until(pilot, lambda: screen.editor.text == "We ask the supervisor now. ")
        await pilot.press("ctrl+z")
        assert screen.editor.text == text


async def test_a_word_becomes_mine_or_the_houses_and_can_be_taken_out_again(world: World, tmp_path: Path) -> None:
    async with writing(world, macros=(tmp_path / "team",)) as (app, pilot, screen):
        mine = app.support.config.path.with_name("words.txt")
        screen.editor.insert("It is frobnifying and blorxing now. ")
        await until(pilot, lambda: len(marked(screen)) == 2)
        screen.editor.go_to(8)
        await pilot.press("alt+w")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        await pilot.press(*"my words", "enter")
        await until(pilot, lambda: marked(screen) == ["blorxing"])
        assert mine.read_text(encoding="utf-8") == "frobnifying\n"
        screen.editor.go_to(screen.editor.text.index("blorxing"))
        await pilot.press("alt+w")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        await pilot.press(*"house", "enter")
        await until(pilot, lambda: not marked(screen))
        assert (tmp_path / "team" / "words.txt").read_text(encoding="utf-8") == "blorxing\n"
        screen.editor.go_to(8)
        await pilot.press("alt+w")
        await until(pilot, lambda: isinstance(app.screen, Pick) and "take it out" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen and not mine.read_text(encoding="utf-8"))
        await pilot.press("ctrl+end")
        await until(pilot, lambda: marked(screen) == ["frobnifying"])


async def test_a_word_is_ignored_in_this_reply(world: World) -> None:
    async with writing(world) as (app, pilot, screen):
        screen.editor.insert("It is frobnifying now. ")
        await until(pilot, lambda: marked(screen))
        await pilot.press("ctrl+n", "ctrl+r")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        await pilot.press(*"ignore", "enter")
        await until(pilot, lambda: not marked(screen) and app.screen is screen)


async def test_killed_in_the_middle_typing_goes_on_and_words_are_marked_again(world: World) -> None:
    async with writing(world) as (app, pilot, screen):
        screen.editor.insert("We ask the supperviser now. ")
        await until(pilot, lambda: marked(screen))
        speller = app.support.spelling.speller  # type: ignore[union-attr] # it is on
        os.kill(speller.pid, signal.SIGKILL)
        await pilot.press(*"and frobnify ")
        assert screen.editor.text.endswith("and frobnify ")
        await until(pilot, lambda: marked(screen) == ["supperviser", "frobnify"])
        assert "pelling" not in told(app)


async def test_one_that_never_answers_holds_up_no_key_and_says_one_sentence(world: World) -> None:
    speller = Speller(dictionaries.folders(), SILENT, 0.1, 0.1)
    async with writing(world, speller) as (app, pilot, screen):
        screen.editor.insert("We ask the supperviser now. Please send me your password. ")
        await until(pilot, lambda: any(hint.rule == "secret-request" for hint in screen.hinting.shown))
        await pilot.press(*"and more ")
        assert screen.editor.text.endswith("and more ")
        await until(pilot, lambda: "Spelling rests" in told(app))
        assert not marked(screen)
        assert told(app).count("Spelling rests") == 1


async def test_a_broken_dictionary_is_one_sentence_and_the_hints_go_on(world: World, tmp_path: Path) -> None:
    (tmp_path / "en_US.aff").write_bytes(b"\xff\x00")
    (tmp_path / "en_US.dic").write_bytes(b"2\nxx\nyy\n")
    async with writing(world, spelling=Wanted(dictionaries=(tmp_path,))) as (app, pilot, screen):
        screen.editor.insert("We ask the supperviser now. Please send me your password. ")
        await until(pilot, lambda: "en_US.dic is broken" in told(app))
        assert any(hint.rule == "secret-request" for hint in screen.hinting.shown)
        assert not marked(screen)
        await pilot.press("alt+w")
        await until(pilot, lambda: {n.severity for n in app._notifications} == {"information"})
        assert "en_US.dic is broken" in told(app)


async def test_switched_off_nothing_is_begun_and_its_key_says_so(world: World) -> None:
    async with writing(world, spelling=Wanted(enabled=False)) as (app, pilot, screen):
        screen.editor.insert("We ask the supperviser now. Please send me your password. ")
        await until(pilot, lambda: any(hint.rule == "secret-request" for hint in screen.hinting.shown))
        await pilot.press("alt+w")
        await until(pilot, lambda: "Spelling is off" in told(app))
        assert app.support._spelling is None
        assert not marked(screen)


async def test_the_words_are_counted_and_the_reading_level_is_not_told_unless_it_is_wanted(world: World) -> None:
    async with writing(world) as (app, pilot, screen):
        screen.editor.insert(EASY)
        await until(pilot, lambda: "26 words" in text_of(app) and screen.hinting.shown)
        assert "reads as" not in text_of(app)


async def test_the_reading_level_is_told_beside_the_customers_own(world: World) -> None:
    async with writing(world, customer=EASY, hints=Hints(reading_level=True)) as (app, pilot, screen):
        screen.editor.insert(EASY)
        await until(pilot, lambda: re.search(r"26 words {2}reads as grade \d, customer's \d", text_of(app)))


async def test_a_note_is_counted_but_not_spelled(world: World) -> None:
    async with writing(world, mode=Mode.NOTE) as (app, pilot, screen):
        screen.editor.insert("the supperviser ")
        await until(pilot, lambda: "2 words" in text_of(app))
        assert not marked(screen)
