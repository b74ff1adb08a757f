"""The help page comes from the registry: nothing missing, narrowed by words, and it can do what it lists."""

from __future__ import annotations

import pytest

from supportterm.screens.help import HelpScreen
from supportterm.screens.outbox import OutboxScreen
from supportterm.screens.widgets.row_list import RowList
from tests.desk.fakes import World
from tests.screens.office import SIZES, office, text_of, until


@pytest.mark.parametrize("size", SIZES)
async def test_every_command_of_the_screen_is_listed_with_its_keys(world: World, size: tuple[int, int]) -> None:
    async with office(world, size) as (app, pilot):
        await pilot.press("O", "question_mark")
        await until(pilot, lambda: "Keys: Outbox" in text_of(app))
        await until(pilot, lambda: "preset support" in text_of(app))
        await until(pilot, lambda: "keys.toml" in text_of(app))
        outbox = app.screen_stack[-2]
        assert isinstance(outbox, OutboxScreen)
        listed = [row.id for row in app.screen.query_one(RowList)._rows if row.id is not None]
        assert sorted(map(str, listed)) == sorted(command.id for command in outbox.commands())
        await pilot.press("j", "k", "G", "g", "space", "ctrl+u", "g")
        await pilot.pause()
        await until(pilot, lambda: "OUTBOX" in text_of(app))


@pytest.mark.parametrize("size", SIZES)
async def test_no_sentence_is_cut_off_in_any_width(world: World, size: tuple[int, int]) -> None:
    async with office(world, size) as (app, pilot):
        await pilot.press("question_mark", "slash", *"be away until")
        await until(pilot, lambda: "keeping your promises" in text_of(app))
        await until(pilot, lambda: "`:away back` ends it." in " ".join(text_of(app).split()))
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "ends it." in text_of(app) and "…" not in text_of(app))


async def test_it_narrows_by_words_and_comes_back(world: World) -> None:
    async with office(world, (80, 24)) as (app, pilot):
        await pilot.press("question_mark", "slash", *"snooze")
        await until(pilot, lambda: "Put it away until" in text_of(app) and "Make it yours" not in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: "Open the selected ticket." in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, HelpScreen))


async def test_enter_and_a_click_carry_the_command_out_where_the_page_was_opened(world: World) -> None:
    async with office(world) as (app, pilot):
        await pilot.press("question_mark", "slash", *"mail on its way", "enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, OutboxScreen))
        await pilot.press("q", "question_mark", "slash", *"mail on its way")
        await until(pilot, lambda: "See the mail" in text_of(app) and "Make it yours" not in text_of(app))
        await pilot.click(RowList, offset=(30, 1))
        await until(pilot, lambda: isinstance(app.screen, OutboxScreen))
