"""A morning at the console, from the keyboard, against a mail server in memory: what the agent did is what happened."""

from __future__ import annotations

from datetime import timedelta

from textual.pilot import Pilot

from supportterm.app import SupporttermApp
from supportterm.domain.operations import State
from supportterm.domain.ticket import Status
from tests.desk.fakes import NOW, World, letter
from tests.screens.office import office, text_of, until

UNDO_SECONDS = 10
FORTY = 40


def _arrive(world: World, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        world.server.put(
            letter(
                f"Hello, my parcel {number} is late. When will it come?",
                sender=f"Kim {number} <kim{number}@home.example>",
                subject=f"Parcel {number} is late",
                message_id=f"{number}@home.example",
                at=NOW - timedelta(minutes=number),
            ),
            at=NOW - timedelta(minutes=number),
        )


def _statuses(app: SupporttermApp) -> list[Status]:
    views = app.support.views
    return [ticket.status for ticket in views.queue(app.support.where("parcel"), 100)]


async def _answer(app: SupporttermApp, pilot: Pilot[int], words: str) -> None:
    """Reply to the selected ticket and send it."""
    sent = len(app.support.views.outbox(everything=True))
    await pilot.press("r")
    await until(pilot, lambda: "REPLY" in text_of(app))
    await pilot.press(*words)
    await until(pilot, lambda: words in text_of(app))
    await pilot.press("ctrl+s")
    await until(pilot, lambda: len(app.support.views.outbox(everything=True)) == sent + 1)
    await until(pilot, lambda: len(app.screen_stack) == 1)


async def test_forty_tickets_are_triaged_from_the_keyboard(world: World) -> None:
    _arrive(world, FORTY)
    await world.sync()
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "Parcel" in text_of(app))
        await pilot.press("0")
        for _ in range(10):
            await pilot.press("x", "j")
        await pilot.press("e")
        await until(pilot, lambda: _statuses(app).count(Status.SOLVED) == 10)
        await pilot.press("z")
        await until(pilot, lambda: _statuses(app).count(Status.SOLVED) == 0)
        await pilot.press("g")
        for done in range(1, FORTY + 1):
            await pilot.press("e")
            await until(pilot, lambda done=done: _statuses(app).count(Status.SOLVED) == done)
            await until(pilot, lambda done=done: len(app.screen.listed.order) == FORTY - done)
        assert _statuses(app) == [Status.SOLVED] * FORTY


async def test_answers_written_off_line_are_all_accepted_exactly_once(world: World) -> None:
    _arrive(world, 6)
    await world.sync()
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "Parcel" in text_of(app))
        for number in range(3):
            await _answer(app, pilot, f"answer {number}")
        await pilot.press("z")
        await until(pilot, lambda: any(o.state is State.UNDONE for o in app.support.views.outbox(everything=True)))
        world.clock.advance(UNDO_SECONDS + 1)
        await world.sync()
        assert len(world.server.accepted) == 2
        world.server.up = False
        world.clock.advance(60)
        while len(app.screen_stack) > 1:
            await pilot.press("escape")
        for number in range(3, 5):
            await _answer(app, pilot, f"answer {number}")
        world.clock.advance(UNDO_SECONDS + 1)
        assert len(world.server.accepted) == 2
        world.server.up = True
        world.clock.advance(3600)
        await world.sync()
        await world.sync()
        assert len(world.server.accepted) == 4
        assert len({envelope.message_id for envelope in world.server.accepted}) == 4
        assert not [o for o in app.support.views.outbox(everything=True) if o.state is State.QUEUED]


async def test_a_search_finds_a_mail_and_jumps_to_it(world: World) -> None:
    _arrive(world, 12)
    await world.sync()
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "Parcel" in text_of(app))
        await pilot.press("ctrl+f", *"kim7")
        await until(pilot, lambda: "Parcel 7" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: "my parcel 7 is late" in text_of(app))


async def test_a_mail_that_crosses_a_reply_stops_it_until_the_agent_has_looked(world: World) -> None:
    _arrive(world, 1)
    await world.sync()
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "Parcel 0" in text_of(app))
        await _answer(app, pilot, "it comes tomorrow")
        world.clock.advance(2)
        late = letter(
            "It has come, thank you!",
            sender="Kim 0 <kim0@home.example>",
            subject="Re: Parcel 0 is late",
            message_id="late@home.example",
            refs=["0@home.example"],
            at=world.clock.now(),
        )
        world.server.put(late, at=world.clock.now())
        world.clock.advance(UNDO_SECONDS + 1)
        await world.sync()
        assert world.server.accepted == []
        await pilot.press("O")
        await until(pilot, lambda: "Parcel 0" in text_of(app))
        assert app.support.views.outbox()[0].state is State.REVIEW
        await pilot.press("r")
        await pilot.pause(0.3)
        if app.support.views.outbox()[0].state is State.REVIEW:
            await pilot.press("enter")
        await until(pilot, lambda: app.support.views.outbox()[0].state is State.QUEUED)
        world.clock.advance(UNDO_SECONDS + 1)
        await world.sync()
        assert len(world.server.accepted) == 1


async def test_a_snippet_with_blanks_leaves_only_once_they_are_filled(world: World) -> None:
    _arrive(world, 1)
    await world.sync()
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "Parcel 0" in text_of(app))
        await pilot.press("r")
        await until(pilot, lambda: "REPLY" in text_of(app))
        await pilot.press(*";callback", "tab")
        await until(pilot, lambda: "quicker by phone" in text_of(app))
        await pilot.press("ctrl+s")
        await pilot.pause(0.3)
        assert app.support.views.outbox() == []
        await pilot.press("escape", "escape", "escape")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        await pilot.press("r")
        await until(pilot, lambda: "quicker by phone" in text_of(app))
