"""Every screen and every question of the console, opened one after the other: for what must hold on all of them."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from tests.screens.office import text_of

PLACES: dict[str, tuple[str, ...]] = {
    "queue": (),
    "queue-filter": ("slash",),
    "ticket": ("enter",),
    "status": ("s",),
    "reply": ("r",),
    "note": ("i",),
    "outbox": ("O",),
    "search": ("ctrl+f", *"export"),
    "problems": ("E",),
    "keys": ("question_mark",),
    "palette": ("ctrl+p",),
    "command-line": ("colon",),
}
"""Each place by its name, and the keys that lead there from the queue."""


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until what is shown stays the same for a while."""
    before, same = "", 0
    for _ in range(100):
        await pilot.pause(0.03)
        now = text_of(pilot.app)
        same = same + 1 if now == before else 0
        before = now
        if same >= 4:
            return


async def go(pilot: Pilot[Any], place: str) -> None:
    """Go to a place from the queue."""
    await settled(pilot)
    for key in PLACES[place]:
        await pilot.press(key)
    await settled(pilot)
