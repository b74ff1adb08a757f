"""A ticket that came through a contact form asks in a line of its own whose mail it is, once per form."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from supportterm.app import SupporttermApp
from supportterm.screens.asking import Confirm
from supportterm.screens.base import run
from supportterm.screens.ticket import TicketScreen
from supportterm.screens.widgets.form_line import FormLine
from supportterm.store.filters import Where
from tests.desk.fakes import World, letter
from tests.screens.office import SIZES, office, text_of, told, until

FILLED = "Name: Mara Lind\nEmail: mara@lind.example\n\nWhere is my parcel? It has not come."


async def opened(app: SupporttermApp, pilot: Pilot[int], nth: int = 0) -> TicketScreen:
    screen = TicketScreen(app.support.views.queue(Where("1"), 5)[nth].key)
    await app.push_screen(screen)
    await until(pilot, lambda: "not come" in text_of(app))
    return screen


async def forms(world: World, count: int = 1) -> None:
    for number in range(count):
        raw = letter(FILLED, sender="Shop <noreply@forms.example>", message_id=f"f{number}@forms.example")
        world.server.put(raw, at=world.clock.now())
    await world.sync()


@pytest.mark.parametrize("size", SIZES)
async def test_the_line_names_form_and_customer_and_its_key_asks(world: World, size: tuple[int, int]) -> None:
    await forms(world)
    async with office(world, size) as (app, pilot):
        screen = await opened(app, pilot)
        await until(pilot, lambda: "for mara@lind.example" in text_of(app))
        shown = text_of(app)
        assert "noreply@forms.example" in shown
        assert all(word in shown for word in ("yes", "no", "later"))
        await pilot.press("Q")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: (found := app.support.views.relayed(screen.key)) and found.is_trusted)
        await until(pilot, lambda: not screen.query_one("#main FormLine", FormLine).display)
        await pilot.press("z")
        await until(pilot, lambda: screen.query_one("#main FormLine", FormLine).display)


async def test_no_is_clicked_and_the_form_is_the_customer(world: World) -> None:
    await forms(world)
    async with office(world) as (app, pilot):
        screen = await opened(app, pilot)
        line = screen.query_one("#main FormLine", FormLine)
        await until(pilot, lambda: line.display and line.region.height)
        at = "".join(word.text for word in line.row(1, line.size.width)).index("  no") + 2
        await pilot.click(line, offset=(at, 1))
        await until(pilot, lambda: screen.ticket and screen.ticket.requester_address == "noreply@forms.example")


async def test_later_asks_no_more_while_the_console_is_open(world: World) -> None:
    await forms(world, 2)
    async with office(world) as (app, pilot):
        screen = await opened(app, pilot)
        await run(screen, "conversation.form", "later")
        assert not screen.query_one("#main FormLine", FormLine).display
        other = await opened(app, pilot, 1)
        assert not other.query_one("#main FormLine", FormLine).display
        assert app.support.views.relays()[0].is_trusted is None


async def test_a_mail_of_the_customers_own_asks_nothing(world: World) -> None:
    world.server.put(letter("It has not come."), at=world.clock.now())
    await world.sync()
    async with office(world) as (app, pilot):
        screen = await opened(app, pilot)
        assert not screen.query_one("#main FormLine", FormLine).display
        await pilot.press("Q")
        await until(pilot, lambda: "did not come through" in told(app))
