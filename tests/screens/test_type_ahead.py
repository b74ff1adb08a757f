"""Keys typed faster than screens open act on what they were meant for, or wait; none is lost, none acts elsewhere."""

from __future__ import annotations

import functools

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from supportterm.app import SupporttermApp
from supportterm.screens.queue import QueueScreen
from supportterm.screens.reply import ReplyScreen
from tests.desk.fakes import World
from tests.screens.office import office, seed, until

NAMES = {" ": "space", "!": "exclamation_mark", "?": "question_mark", ":": "colon", "#": "number_sign"}


def burst(app: SupporttermApp, *keys: str) -> None:
    """Send keys all at once, as a fast hand or a slow machine does."""
    for key in keys:
        character = key if len(key) == 1 else None
        app.post_message(events.Key(NAMES.get(key, key), character))


def _written(app: SupporttermApp, words: str) -> bool:
    return words in [line.value for line in app.screen.query(Input)]


def journal(world: World) -> int:
    """Return how many steps the journal has."""
    return int(world.desk.database.reader().execute("SELECT count(*) FROM event").fetchone()[0])


async def _queue(app: SupporttermApp, pilot: Pilot[int]) -> None:
    await until(pilot, lambda: isinstance(app.screen, QueueScreen) and app.screen.selected())


async def test_letters_behind_reply_stand_in_the_editor_and_change_no_ticket(world: World) -> None:
    seed(world)
    await world.sync()
    async with office(world) as (app, pilot):
        await _queue(app, pilot)
        before = journal(world)
        burst(app, "r", *"zee eOE ?#!: quick")
        await until(pilot, lambda: isinstance(app.screen, ReplyScreen) and "quick" in app.screen.editor.text)
        assert isinstance(app.screen, ReplyScreen)
        assert app.screen.editor.text == "zee eOE ?#!: quick"
        assert journal(world) == before


async def test_letters_behind_a_question_stand_in_its_line(world: World) -> None:
    seed(world)
    await world.sync()
    before = journal(world)
    async with office(world) as (app, pilot):
        await _queue(app, pilot)
        for opener, words in (("slash", "cozee"), ("t", "xeroc"), ("ctrl+f", "eroz"), ("colon", "outbox")):
            burst(app, opener, *words)
            await until(pilot, functools.partial(_written, app, words))
            burst(app, *["escape"] * 3)
            await until(pilot, lambda: isinstance(app.screen, QueueScreen))
        assert journal(world) == before


async def test_keys_that_open_nothing_follow_each_other(world: World) -> None:
    seed(world)
    await world.sync()
    async with office(world) as (app, pilot):
        await _queue(app, pilot)
        assert isinstance(app.screen, QueueScreen)
        first = app.screen.selected()
        burst(app, *"jjjj")
        await until(pilot, lambda: app.screen.selected() != first)
        burst(app, *"kkkk")
        await until(pilot, lambda: app.screen.selected() == first)
