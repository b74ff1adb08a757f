"""How every screen looks, in three sizes: as text, which says what changed, and as a picture to look at.

`make screenshots` takes the screens as they are.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from supportterm import paths
from supportterm.screens import picture
from tests.desk.fakes import make_world
from tests.screens import readme_images
from tests.screens.everywhere import PLACES, go, write
from tests.screens.office import SIZES, office, seed


class _File(SingleFileSnapshotExtension):
    """One file a snapshot, written as it is."""

    _write_mode = WriteMode.TEXT

    def serialize(self, data: Any, **_: Any) -> str:
        return str(data)


class AsText(_File):
    """A screen's text."""

    file_extension = "txt"


class AsPicture(_File):
    """A screen's picture."""

    file_extension = "svg"


@pytest.fixture(autouse=True)
def _the_same_everywhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Let neither the machine's zone nor a folder of it show."""
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(paths, "config_file", lambda: Path.home() / ".config" / "supportterm" / "config.toml")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("place", PLACES)
async def test_a_screen_looks_as_it_did(place: str, size: tuple[int, int], snapshot: SnapshotAssertion) -> None:
    world = make_world(Path())
    seed(world)
    await world.sync()
    await write(world)
    async with office(world, size) as (app, pilot):
        await go(pilot, place)
        assert picture.text(app) == snapshot(extension_class=AsText)
        assert picture.svg(app) == snapshot(extension_class=AsPicture)
    world.desk.database.close()


@pytest.mark.parametrize("name", readme_images.SHOWN)
async def test_the_readmes_pictures_show_the_program_as_it_is(name: str, tmp_path: Path) -> None:
    held = (readme_images.IMAGES / f"{name}.svg").read_text(encoding="utf-8")
    assert await readme_images.made(name, tmp_path) == held, "stale: run `make screenshots`"
    addresses = held.replace("http://www.w3.org/2000/svg", "")
    assert "http" not in addresses
    assert "url(" not in addresses
    assert "@import" not in addresses
