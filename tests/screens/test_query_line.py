"""Lines that hold a query: the wrong word is marked, and Tab knows the desk's own tags and agents."""

from __future__ import annotations

from textual.widgets import Input

from supportterm.app import SupporttermApp
from supportterm.desk import verbs
from supportterm.desk.verbs import Change
from supportterm.screens.asking import Prompt
from supportterm.screens.search import SearchScreen
from tests.desk.fakes import World
from tests.screens.office import office, text_of, until
from tests.screens.test_queue import customers, settled, stored


def line(app: SupporttermApp) -> Input:
    return app.screen.query_one(Input)


def marked(app: SupporttermApp) -> str:
    """Return what is underlined in the line."""
    text = line(app)._value
    return "".join(text.plain[span.start : span.end] for span in text.spans if "underline" in str(span.style))


async def test_the_filters_wrong_word_is_marked_until_it_is_mended(world: World) -> None:
    await customers(world, 2)
    async with office(world) as (app, pilot):
        await settled(pilot, 2)
        await pilot.press("slash", *"lang:en", "space", *"is:opne", "enter")
        await until(pilot, lambda: "Did you mean `open`?" in text_of(app))
        assert isinstance(app.screen, Prompt)
        assert marked(app) == "opne"
        assert line(app).cursor_position == len("lang:en is:opne")
        await pilot.press("backspace", "backspace", *"en", "enter")
        await until(pilot, lambda: not isinstance(app.screen, Prompt))


async def test_a_searchs_wrong_word_is_marked(world: World) -> None:
    await customers(world, 1)
    async with office(world) as (app, pilot):
        await pilot.press("ctrl+f", *"parcel", "space", *"statsu:new")
        await until(pilot, lambda: "Did you mean `status`?" in text_of(app))
        assert marked(app) == "statsu"
        await pilot.press("home")
        await pilot.press(*"p", "space")
        await until(pilot, lambda: marked(app) == "statsu" and line(app).value.startswith("p "))


async def test_tab_knows_the_tags_and_agents_of_the_desk_in_every_line(world: World) -> None:
    await customers(world, 1)
    change = Change(assignee="berta", add_tags=frozenset({"bananas"}))
    verbs.change(world.desk, stored(world, "Parcel 00").key, change)
    async with office(world) as (app, pilot):
        await pilot.press("ctrl+f", *"tag:ba")
        await pilot.press("tab")
        assert isinstance(app.screen, SearchScreen)
        assert line(app).value == "tag:bananas"
        await pilot.press("escape", "escape")
        await pilot.press("slash", *"assignee:none,be")
        await pilot.press("tab")
        assert line(app).value.strip() == "assignee:none,berta"
        await pilot.press("escape")
        await pilot.press("colon", *"filter", "space", *"tag:ban")
        await pilot.press("tab")
        assert line(app).value.strip() == "filter tag:bananas"
