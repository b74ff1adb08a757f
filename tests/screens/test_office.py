from __future__ import annotations

from pathlib import Path

import pytest

from tests.desk.fakes import World
from tests.screens.office import office, seed, text_of, until


async def test_the_console_opens_on_the_queue_and_lists_its_keys(world: World) -> None:
    seed(world)
    await world.sync()
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "ST-" in text_of(app) or "Checkout" in text_of(app))
        await pilot.press("question_mark")
        await until(pilot, lambda: "Open the selected ticket." in text_of(app))


async def test_what_is_copied_acts_on_no_terminal(world: World) -> None:
    async with office(world) as (app, _):
        app.copy_to_clipboard("one\x1b[2J\u202etwo\r\nthree")
        assert "\x1b" not in app.clipboard
        assert app.clipboard.splitlines()[-1] == "three"


def modes_of_pictures(folder: Path) -> list[int]:
    return [picture.stat().st_mode & 0o777 for picture in folder.glob("*.svg")]


async def test_a_picture_is_for_its_owner_alone(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with office(world) as (app, pilot):
        app.action_screenshot()
        await until(pilot, lambda: modes_of_pictures(tmp_path) == [0o600])
