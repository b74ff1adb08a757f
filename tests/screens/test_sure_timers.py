"""What a screen puts off is done, however short it is and however late the machine gives it its turn."""

from __future__ import annotations

from tests.desk.fakes import World
from tests.screens.office import office, until

SHORTER_THAN_A_TURN = 1e-9


async def test_what_is_put_off_for_less_than_a_turn_takes_is_done_all_the_same(world: World) -> None:
    done: list[str] = []
    async with office(world) as (app, pilot):
        for _ in range(50):
            app.set_timer(SHORTER_THAN_A_TURN, lambda: done.append("app"))
            app.screen.set_timer(SHORTER_THAN_A_TURN, lambda: done.append("screen"))
        await until(pilot, lambda: len(done) == 100)
        assert done.count("app") == done.count("screen") == 50
