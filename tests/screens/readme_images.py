"""The README's pictures, drawn by the program from the demo's mail: `python -m tests.screens.readme_images FOLDER`."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from supportterm.paths import shipped_macros
from supportterm.screens import picture
from tests.desk.fakes import make_world
from tests.screens.everywhere import go, settled, write
from tests.screens.office import office, seed, text_of, until

IMAGES = shipped_macros().parent / "docs" / "images"
SIZE = (120, 36)
SENTENCE = (
    "Hello Mara,\n\nI have stopped all payouts from your shop this minute, so nothing can leave to that account.\n"
    "More from me within the hour."
)
SHOWN: dict[str, Sequence[str]] = {"queue": (), "ticket": (), "reply": tuple(SENTENCE), "outbox": ()}
"""Each picture is of the place of that name, after these keys."""


async def made(name: str, folder: Path) -> str:
    """Draw one picture; the store lies in an empty folder."""
    world = make_world(folder)
    seed(world)
    await world.sync()
    if name == "outbox":
        await write(world)
    async with office(world, SIZE) as (app, pilot):
        await go(pilot, name)
        for key in SHOWN[name]:
            await pilot.press({"\n": "enter", " ": "space", ",": "comma", ".": "full_stop"}.get(key, key))
        if SHOWN[name]:
            told = (" saved ", " words", "answered")
            await until(pilot, lambda: all(words in text_of(app) for words in told))
        await settled(pilot)
        drawn = picture.svg(app)
    world.desk.database.close()
    return drawn


def the_same_everywhere() -> None:
    """Let the machine's zone and terminal not show in a picture."""
    os.environ.update(TZ="UTC", TERM="xterm-256color", COLORTERM="truecolor")
    os.environ.pop("NO_COLOR", None)
    time.tzset()


def main(folder: Path) -> None:
    """Write all pictures."""
    the_same_everywhere()
    folder.mkdir(parents=True, exist_ok=True)
    for name in SHOWN:
        with tempfile.TemporaryDirectory() as place:
            (folder / f"{name}.svg").write_text(asyncio.run(made(name, Path(place))), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES)
