"""Macros carried out on tickets from the queue, without a mail."""

from __future__ import annotations

from pathlib import Path

from supportterm.desk.macros import MacroWatch
from supportterm.domain.ticket import Status
from tests.desk.fakes import World
from tests.screens.office import office, seed, text_of, until


async def test_it_is_shown_then_done_to_every_marked_ticket_and_one_undo_takes_it_back(
    world: World, tmp_path: Path
) -> None:
    seed(world)
    await world.sync()
    (tmp_path / "park.md").write_text(
        '+++\ntitle = "Park it"\ntrigger = ";park"\n[actions]\nstatus = "on-hold"\ntags_add = ["parked"]\n+++\nText.',
        encoding="utf-8",
    )
    (tmp_path / "words.md").write_text('+++\ntitle = "Only words"\n+++\nText.', encoding="utf-8")
    async with office(world) as (app, pilot):
        app.support._macros = MacroWatch(lambda: [tmp_path])
        await until(pilot, lambda: "? keys" in text_of(app))
        await pilot.press("x", "j", "x", "at")
        await until(pilot, lambda: "Also sets on-hold; tags parked." in text_of(app))
        await until(pilot, lambda: "on 2 tickets" in text_of(app))
        assert "Only words" not in text_of(app)
        await pilot.press("enter")

        def parked() -> list[Status]:
            return [t.status for t in app.support.views.queue(app.support.where("tag:parked"))]

        await until(pilot, lambda: parked() == [Status.ON_HOLD, Status.ON_HOLD])
        await pilot.press("z")
        await until(pilot, lambda: not parked())


async def test_it_is_typed_by_its_name(world: World) -> None:
    seed(world)
    await world.sync()
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "? keys" in text_of(app))
        await pilot.press("colon", *"macro ;known", "enter")
        await until(pilot, lambda: app.support.views.queue(app.support.where("tag:known-problem status:on-hold")))
