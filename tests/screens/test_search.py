"""Search: finds as one types, marks the words, opens the ticket at the message, and says what to try."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.widgets import Input

from supportterm.desk import verbs
from supportterm.screens.search import SearchScreen
from supportterm.screens.ticket import TicketScreen
from tests.desk.fakes import NOW, World, letter
from tests.screens.office import SIZES, office, seed, text_of, until


async def mail(world: World, *texts: str) -> None:
    for number, text in enumerate(texts):
        at = NOW - timedelta(hours=len(texts) - number)
        sender = f"Kunde {number} <k{number}@shop.example>"
        world.server.put(letter(text, message_id=f"{number}@x", sender=sender, subject=f"Nr {number}", at=at), at=at)
    await world.sync()


@pytest.mark.parametrize("size", SIZES)
async def test_before_anything_is_typed_it_shows_what_can_be(world: World, size: tuple[int, int]) -> None:
    async with office(world, size) as (app, pilot):
        await pilot.press("ctrl+f")
        await until(pilot, lambda: "tag:billing -is:auto" in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, SearchScreen))


async def test_it_finds_while_typing_newest_first_and_forgets_stale_answers(world: World) -> None:
    await mail(world, "the lid is loose", "a lid, too", "nothing of that kind")
    async with office(world) as (app, pilot):
        await pilot.press("ctrl+f", *"li")
        await until(pilot, lambda: "2 mails in 2 tickets" in text_of(app))
        await pilot.press(*"d")
        await until(pilot, lambda: "2 mails in 2 tickets" in text_of(app))
        shown = text_of(app)
        assert shown.index("Nr 1") < shown.index("Nr 0")
        assert "Nr 2" not in shown
        await pilot.press(*"zzz")
        await until(pilot, lambda: "Nothing found." in text_of(app))


async def test_down_goes_into_the_list_and_enter_opens_the_ticket_at_the_message(world: World) -> None:
    await mail(world, "first lid", "second lid", "third lid")
    async with office(world) as (app, pilot):
        await pilot.press("ctrl+f", *"lid")
        await until(pilot, lambda: "3 mails" in text_of(app))
        await pilot.press("down", "j", "G", "k", "g", "pagedown", "pageup", "j")
        second = next(hit.message for hit in app.support.views.search(app.support.where("lid"), 3, 1))
        assert second.text.strip() == "second lid"
        await until(pilot, lambda: app.screen.rows.selected == second.id)  # type: ignore[attr-defined] # the search
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, TicketScreen))
        message = second
        assert app.screen.key == message.ticket_key  # type: ignore[attr-defined] # the ticket
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, SearchScreen))
        await pilot.press("slash")
        await until(pilot, lambda: app.screen.query_one(Input).has_focus)
        await pilot.press("down")
        await until(pilot, lambda: not app.screen.query_one(Input).has_focus)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen.query_one(Input).has_focus)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, SearchScreen))


async def test_fields_work_tab_completes_them_and_mistakes_are_told_quietly(world: World) -> None:
    await mail(world, "the lid is loose", "a lid, too")
    async with office(world) as (app, pilot):
        await pilot.press("ctrl+f", *"stat", "tab")
        line = app.screen.query_one(Input)
        assert line.value == "status:"
        await pilot.press(*"ne", "tab")
        assert line.value == "status:new"
        await until(pilot, lambda: "2 mails in 2 tickets" in text_of(app))
        await pilot.press(*" colour:red")
        await until(pilot, lambda: "Unknown field `colour`" in text_of(app))
        assert "Nr 1" in text_of(app), "what was found stays while the line is wrong"


async def test_a_reference_finds_its_ticket(world: World) -> None:
    await mail(world, "the lid is loose", "a lid, too")
    async with office(world) as (app, pilot):
        ref = app.support.views.queue(app.support.where("lid"))[0].ref
        await pilot.press("ctrl+f", "number_sign", *ref.removeprefix("ST-").lower())
        await until(pilot, lambda: "1 mail in 1 ticket" in text_of(app))
        await until(pilot, lambda: ref in text_of(app))


async def test_more_is_fetched_at_the_end_and_the_selection_stays(world: World) -> None:
    await mail(world, *(f"lid number {number}" for number in range(70)))
    async with office(world) as (app, pilot):
        await pilot.press("ctrl+f", *"lid")
        await until(pilot, lambda: "50 mails in 50 tickets and more" in text_of(app))
        selected = app.support.views.search(app.support.where("lid"), 50)[-1].message.id
        await pilot.press("down", "G")
        await until(pilot, lambda: app.screen.rows.selected == selected)  # type: ignore[attr-defined] # the search
        await until(pilot, lambda: "70 mails in 70 tickets," in text_of(app))
        assert app.screen.rows.selected == selected  # type: ignore[attr-defined] # the search


async def test_notes_are_found_and_say_that_they_are_notes(world: World) -> None:
    await mail(world, "the lid is loose")
    ticket = world.desk.database.reader().execute("SELECT ref FROM ticket").fetchone()[0]
    verbs.note(world.desk, ticket, "ask the workshop about hinges")
    async with office(world) as (app, pilot):
        await pilot.press("ctrl+f", *"hinges")
        await until(pilot, lambda: "NOTE" in text_of(app) and "about hinges" in text_of(app))


async def test_hostile_mail_is_only_text(world: World) -> None:
    seed(world)
    bad = "needle [/red] [@click=app.quit]x \x1b[2J \u202e end"
    await mail(world, bad)
    async with office(world, (80, 24)) as (app, pilot):
        await pilot.press("ctrl+f", *"needle")
        await until(pilot, lambda: "[@click=app.quit]x" in text_of(app))
        assert "\x1b" not in text_of(app)
        await pilot.click("RowList", offset=(5, 1))
        assert isinstance(app.screen, SearchScreen)


async def test_two_clicks_open(world: World) -> None:
    await mail(world, "the lid is loose")
    async with office(world) as (app, pilot):
        await pilot.press("ctrl+f", *"lid")
        await until(pilot, lambda: "1 mail in" in text_of(app))
        await pilot.click("RowList", offset=(5, 0), times=2)
        await until(pilot, lambda: isinstance(app.screen, TicketScreen))
