"""The queue's views: those of one's own on the bar, their digits, names, help, and counts nobody waits for."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta

import pytest

from supportterm.app import SupporttermApp
from supportterm.config import View
from supportterm.desk import verbs
from supportterm.desk.verbs import Change
from supportterm.screens import badges
from supportterm.screens.queue import QueueScreen
from supportterm.store import meta
from supportterm.store.counting import Count
from supportterm.store.filters import Where
from supportterm.store.views import Views
from tests.desk.fakes import World
from tests.screens.office import office, text_of, told, until
from tests.screens.test_queue import customers, settled, stored, subjects

OWN = (
    View("Big customers", "tag:vip is:open", "Big"),
    View("日本から", "lang:ja", empty="Nobody {wrote}. All is quiet."),
    View("Bobs", "assignee:bob is:open"),
)
SHOWN = ("now", "big customers", "日本から", "bobs", "solved")


def keep(world: World, *views: View) -> None:
    """Give the desk views of its own."""
    world.desk = dataclasses.replace(world.desk, config=dataclasses.replace(world.desk.config, views=views))


def bar(app: SupporttermApp) -> str:
    return text_of(app).split("\n")[0]


def queue(app: SupporttermApp) -> QueueScreen:
    assert isinstance(app.screen, QueueScreen)
    return app.screen


async def test_ones_own_views_have_digits_counts_and_queries(world: World) -> None:
    keep(world, *OWN)
    await customers(world, 3)
    verbs.change(world.desk, stored(world, "Parcel 01").key, Change(add_tags=frozenset({"VIP"})))
    async with office(world, views=SHOWN) as (app, pilot):
        await settled(pilot, 3)
        await until(pilot, lambda: "[1 Now 3]  2 Big 1  3 日本から  4 Bobs  5 Solved" in bar(app))
        await pilot.press("2")
        await settled(pilot, 1)
        assert subjects(app) == ["Parcel 01"]
        assert "[2 Big 1]" in bar(app)
        await pilot.press("3")
        await until(pilot, lambda: "Nobody {wrote}" in text_of(app))
        await pilot.press("9")
        await until(pilot, lambda: "There are 5 views." in told(app))


async def test_a_count_follows_each_change_that_may_matter_and_no_other_is_made(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(world, *OWN)
    await customers(world, 3)
    counted: list[Where] = []
    plain = Views.count_up_to

    def count(views: Views, where: Where, *most: int) -> Count | None:
        counted.append(where)
        return plain(views, where, *most)

    monkeypatch.setattr(Views, "count_up_to", count)
    async with office(world, views=SHOWN) as (app, pilot):
        await until(pilot, lambda: "3 日本から  4" in bar(app) and not queue(app)._badges._stale())
        counted.clear()
        verbs.change(world.desk, stored(world, "Parcel 00").key, Change(assignee="bob"))
        await until(pilot, lambda: "4 Bobs 1" in bar(app) and not queue(app)._badges._stale())
        verbs.change(world.desk, stored(world, "Parcel 02").key, Change(add_tags=frozenset({"vip"})))
        await until(pilot, lambda: "2 Big 1" in bar(app) and not queue(app)._badges._stale())
        assert counted
        assert not any("assignee" in where.sql for where in counted), "a counter is kept of that"
        counted.clear()
        with world.desk.database.write() as session:
            meta.put(session, "sync", "{}")
        queue(app)._renew()
        await pilot.pause(0.1)
        assert counted == []


async def test_counts_end_with_a_sleep_though_nobody_commits(world: World) -> None:
    await customers(world, 2)
    awake = world.clock.now() + timedelta(minutes=5)
    verbs.change(world.desk, stored(world, "Parcel 01").key, Change(snoozed_until=awake))
    async with office(world, size=(200, 50)) as (app, pilot):
        await until(pilot, lambda: "Now 1]" in bar(app) and "9 Snoozed 1" in bar(app))
        world.clock.advance(301)
        queue(app).tick(world.clock.now())
        await until(pilot, lambda: "Now 2]" in bar(app) and "9 Snoozed 1" not in bar(app))


async def test_what_cannot_be_counted_in_time_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(world, *OWN)
    await customers(world, 2)
    for number in range(2):
        verbs.change(world.desk, stored(world, f"Parcel 0{number}").key, Change(add_tags=frozenset({"vip"})))
    monkeypatch.setattr(badges, "MANY", 1)
    async with office(world, views=SHOWN) as (app, pilot):
        await until(pilot, lambda: "2 Big 1+" in bar(app))
    monkeypatch.setattr(Views, "count_up_to", lambda *_: None)
    async with office(world, views=SHOWN) as (app, pilot):
        await until(pilot, lambda: "2 Big …" in bar(app))


async def test_every_view_can_be_named_clicked_and_found(world: World) -> None:
    keep(world, *OWN)
    await customers(world, 1)
    async with office(world, views=("bobs", "now")) as (app, pilot):
        await until(pilot, lambda: "[1 Bobs]" in bar(app))
        await pilot.click(offset=(bar(app).index("Now"), 0))
        await until(pilot, lambda: "[2 Now 1]" in bar(app))
        for typed, shown in (
            ("view big-customers", "[Big]"),
            ("view Big Customers", "[Big]"),
            ("view solved", "[Solved]"),
        ):
            await pilot.press("1", "colon", *("space" if letter == " " else letter for letter in typed), "enter")
            await until(pilot, lambda shown=shown: shown in bar(app))  # type: ignore[misc] # mypy knows no default here
        await pilot.press("question_mark")
        await until(pilot, lambda: "Switch to the view “Bobs”." in text_of(app))
        assert "Switch to the view “Mine”." not in text_of(app)
        await pilot.press("escape")
        await pilot.press("ctrl+p", *"view:", "space", *"bi")
        await until(pilot, lambda: "View: Big customers" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: "[Big]" in bar(app))


async def test_at_eighty_columns_the_open_view_is_always_to_be_seen(world: World) -> None:
    keep(world, *OWN)
    await customers(world, 1)
    async with office(world, size=(80, 24)) as (app, pilot):
        await until(pilot, lambda: "[1 Now 1]" in bar(app))
        for view in app.support.shelf:
            queue(app).show_view(view)
            at = re.compile(rf"\[\d? ?{re.escape(view.brief)}")
            await until(pilot, lambda at=at: at.search(bar(app)))  # type: ignore[misc] # as above
        assert bar(app).count("[") == 1
