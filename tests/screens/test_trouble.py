"""The line that says what stays wrong: short, whole sentences, and it does not move the page again and again."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from supportterm.app import SupporttermApp
from supportterm.screens.widgets.ticket_list import TicketList
from supportterm.screens.widgets.trouble import TroubleLine, shortened
from tests.desk.fakes import World
from tests.screens.office import office, seed, text_of, until


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "The store at /home/ada/mail/support/archive/store.sqlite3 is full.",
            "The store at /home/…/store.sqlite3 is full.",
        ),
        ("The store at /home/ada/s.sqlite3 is full.", "The store at /home/ada/s.sqlite3 is full."),
        ("It ended: no room.. It starts again…", "It ended: no room. It starts again…"),
        ("It ended... Look in ../there.", "It ended... Look in ../there."),
    ],
)
def test_long_paths_are_cut_in_the_middle_and_sentences_end_once(words: str, expected: str) -> None:
    assert shortened(words) == expected


async def test_a_countdown_in_it_does_not_move_the_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.sync()
    told = ["The mail worker ended: it was not given its password. It starts again in 100 s."]
    monkeypatch.setattr(SupporttermApp, "worker_trouble", property(lambda _: told[0]))
    async with office(world, (80, 24)) as (app, pilot):
        await until(pilot, lambda: "in 100 s." in " ".join(text_of(app).split()))
        assert cell_len(told[0]) > 78
        told[0] = told[0].replace("100", "9")
        assert cell_len(told[0]) <= 78
        await until(pilot, lambda: "in 9 s." in " ".join(text_of(app).split()))
        await pilot.pause()
        assert app.screen.query_one(TroubleLine).size.height == 2
        told[0] = ""
        await until(pilot, lambda: not app.screen.query(TroubleLine))


async def test_a_short_one_takes_the_rules_place_so_that_the_list_stays_where_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed(world)
    await world.sync()
    told = [""]
    monkeypatch.setattr(SupporttermApp, "worker_trouble", property(lambda _: told[0]))
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "NOW" in text_of(app))
        before = app.screen.query_one(TicketList).region
        told[0] = "The store is locked."
        await until(pilot, lambda: "The store is locked." in text_of(app))
        await pilot.pause()
        assert app.screen.query_one(TicketList).region == before
