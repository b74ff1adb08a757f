"""The reasons of a ticket: a line is chosen, its words are gone to, or it is not true here."""

from __future__ import annotations

from datetime import timedelta

from supportterm.screens.ticket import TicketScreen
from supportterm.screens.why import WhyScreen
from supportterm.screens.widgets.reason_list import ReasonList
from tests.desk.fakes import NOW, World
from tests.screens.office import office, text_of, told, until
from tests.screens.tickets import mail

LOSS = "Hello,\n\nsince the update nothing goes well here.\nWe lose 400 euro every hour."


async def test_a_line_is_rejected_and_taken_back(world: World) -> None:
    mail(world, LOSS, at=NOW - timedelta(hours=2))
    await world.sync()
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "kiln" in text_of(app))
        await pilot.press("w")
        await until(pilot, lambda: "losing money" in text_of(app))
        why = app.screen
        assert isinstance(why, WhyScreen)
        first = why.query_one(ReasonList).reason
        assert first is not None
        assert first.id == "money-loss"
        await pilot.press("x")
        await until(pilot, lambda: "not true here: money-loss" in text_of(app))
        assert "urgent" not in text_of(app).splitlines()[0]
        await until(pilot, lambda: "not true here" in told(app))
        await pilot.press("q", "z", "w")
        await until(pilot, lambda: "+90" in text_of(app))


async def test_enter_goes_to_the_words_and_marks_them(world: World) -> None:
    mail(world, "line\n" * 60 + LOSS, at=NOW - timedelta(hours=2))
    await world.sync()
    async with office(world, (80, 24)) as (app, pilot):
        await until(pilot, lambda: "kiln" in text_of(app))
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, WhyScreen) and "+90" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, TicketScreen) and "We lose 400 euro" in text_of(app))
        screen = app.screen
        assert isinstance(screen, TicketScreen)
        assert "lose 400 euro every hour" in screen.conversation.selected_text()


async def test_lines_are_gone_along_and_a_fact_says_that_it_is_one(world: World) -> None:
    mail(world, LOSS, at=NOW - timedelta(hours=2))
    await world.sync()
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "kiln" in text_of(app))
        await pilot.press("w")
        await until(pilot, lambda: "+90" in text_of(app))
        await pilot.press("j", "x")
        await until(pilot, lambda: "fact of this ticket" in told(app))
        await pilot.press("enter")
        await until(pilot, lambda: "not on the customer's words" in told(app))
        await pilot.press("k", "escape")
        await until(pilot, lambda: not isinstance(app.screen, WhyScreen))
