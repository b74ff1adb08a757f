from __future__ import annotations

from tests.desk.fakes import World
from tests.screens.office import office, seed, text_of, until


async def test_the_console_opens_on_the_queue_and_lists_its_keys(world: World) -> None:
    seed(world)
    await world.sync()
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "ST-" in text_of(app) or "Checkout" in text_of(app))
        await pilot.press("question_mark")
        await until(pilot, lambda: "Open the selected ticket." in text_of(app))
