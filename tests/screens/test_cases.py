"""Merging, splitting, blocking and the sweep, by their keys."""

from __future__ import annotations

import pytest

from supportterm.desk import merging
from supportterm.domain.ticket import Status, Ticket
from supportterm.screens.confirm import Confirm
from supportterm.screens.pick import Pick
from supportterm.screens.queue import QueueScreen
from supportterm.screens.sweep import SweepScreen
from supportterm.screens.ticket import TicketScreen
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import World, letter
from tests.screens.office import SIZES, office, text_of, told, until


async def mailbox(world: World, *mails: bytes) -> None:
    await world.sync()
    world.clock.advance(60)
    for mail in mails:
        world.server.put(mail, at=world.clock.now())
    await world.sync()


def tickets(world: World) -> list[Ticket]:
    with reading(world.desk.database.path) as views:
        return views.queue(Where("1"))


MARA = letter("Where is my parcel?", message_id="1@m", subject="Parcel")
MARA_TOO = letter("My parcel, again: where is it?", message_id="2@m", subject="Still no parcel")
OLEG = letter("Can I have an invoice?", message_id="1@o", sender="Oleg <oleg@lad.example>", subject="Invoice")
THANKS = letter("Thanks a lot, it works now!", message_id="t@x", sender="Tea <t@x.example>", subject="Re: it works")
NEWS = letter(
    "Shop news of the week.", message_id="n@x", sender="Shop <n@x.example>", subject="News", List_Id="<shop.x.example>"
)


async def test_a_ticket_is_joined_with_another_of_its_customer_and_undone(world: World) -> None:
    await mailbox(world, MARA, MARA_TOO)
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "Still no parcel" in text_of(app))
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, Pick) and "arcel" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        assert "different customers" not in text_of(app)
        await until(pilot, lambda: "Parcel" in text_of(app))
        await until(pilot, lambda: "Still no parcel" in text_of(app))
        await pilot.press("m")
        await until(pilot, lambda: "took in" in told(app))
        await until(pilot, lambda: len(tickets(world)) == 1)
        await pilot.press("z")
        await until(pilot, lambda: len(tickets(world)) == 2)


async def test_marked_tickets_go_into_the_one_under_the_cursor_and_strangers_are_named(world: World) -> None:
    await mailbox(world, MARA, MARA_TOO, OLEG)
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "Invoice" in text_of(app))
        screen = app.screen
        assert isinstance(screen, QueueScreen)
        await pilot.press("X")
        kept = screen.selected()
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await until(pilot, lambda: "2 different customers" in text_of(app))
        await pilot.press("m")
        await until(pilot, lambda: len(tickets(world)) == 1)
        assert tickets(world)[0].key == kept
        await pilot.press("U")
        await until(pilot, lambda: len(tickets(world)) == 2)


async def test_a_message_is_split_off_in_the_conversation(world: World) -> None:
    await mailbox(world, MARA, letter("And my invoice?", message_id="3@m", subject="Re: Parcel", refs=["1@m"]))
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "Parcel" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, TicketScreen) and "invoice" in text_of(app))
        await pilot.press("g", "D")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await until(pilot, lambda: "the 1 after it" in text_of(app))
        await pilot.press("escape", "G", "D")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("m")
        await until(pilot, lambda: len(tickets(world)) == 2)
        await until(pilot, lambda: "1 message is ST-" in told(app))


async def test_a_sender_is_blocked_and_undone(world: World) -> None:
    await mailbox(world, OLEG)
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "Invoice" in text_of(app))
        await pilot.press("B")
        await until(pilot, lambda: "block oleg@lad.example" in text_of(app))
        await until(pilot, lambda: "@lad.example" in text_of(app))
        await pilot.press("b")
        await until(pilot, lambda: tickets(world)[0].status is Status.SPAM)
        assert app.support.views.blocked()[0][0] == "oleg@lad.example"
        await pilot.press("z")
        await until(pilot, lambda: tickets(world)[0].status is Status.NEW)
        assert app.support.views.blocked() == []


async def test_the_heading_counts_what_can_be_swept_and_a_click_on_it_opens_the_list(world: World) -> None:
    await mailbox(world, MARA, THANKS, NEWS)
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "1 newsletter, 1 thanks   S sweep" in text_of(app))
        y = next(n for n, line in enumerate(text_of(app).splitlines()) if "S sweep" in line)
        await pilot.click(offset=(4, y))
        await until(pilot, lambda: isinstance(app.screen, SweepScreen))


@pytest.mark.parametrize("size", SIZES)
async def test_the_sweep_closes_what_is_not_kept(world: World, size: tuple[int, int]) -> None:
    await mailbox(world, MARA, THANKS, NEWS)
    async with office(world, size) as (app, pilot):
        await until(pilot, lambda: "Parcel" in text_of(app))
        await pilot.press("S")
        await until(pilot, lambda: "A NEWSLETTER 1" in text_of(app) and "Shop news of the week." in text_of(app))
        await pilot.press("j", "enter")
        await until(pilot, lambda: "Thanks a lot, it works now!" in text_of(app))
        await pilot.press("escape", "x")
        await until(pilot, lambda: "1 kept" in text_of(app))
        await until(pilot, lambda: any("kept" in ticket.tags for ticket in tickets(world)))
        await pilot.press("S")
        await until(pilot, lambda: isinstance(app.screen, QueueScreen))
        status = {ticket.requester_name: ticket.status for ticket in tickets(world)}
        assert status == {"Mara Lind": Status.NEW, "Tea": Status.NEW, "Shop": Status.SOLVED}
        await pilot.press("z")
        await until(pilot, lambda: {ticket.status for ticket in tickets(world)} == {Status.NEW})


async def test_an_empty_sweep_says_so(world: World) -> None:
    await mailbox(world, MARA)
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "Parcel" in text_of(app))
        await pilot.press("S")
        await until(pilot, lambda: "Nothing to sweep." in text_of(app))
        await pilot.press("S")
        await until(pilot, lambda: "There is nothing to sweep." in told(app))
        await pilot.press("x")
        await until(pilot, lambda: "There is no ticket here." in told(app))


async def test_an_open_ticket_that_was_taken_in_shows_the_one_that_has_it_now(world: World) -> None:
    await mailbox(world, MARA, OLEG)
    async with office(world) as (app, pilot):
        first, second = tickets(world)
        await app.push_screen(TicketScreen(second.key))
        await until(pilot, lambda: second.subject in text_of(app))
        merging.merge(world.desk, [second.ref], first.ref)
        await until(pilot, lambda: first.ref.removeprefix("ST-") in text_of(app))
