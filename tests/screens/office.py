"""The console over a desk whose mail server is in memory: what the screens' tests open."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from textual.pilot import Pilot

from supportterm import paths
from supportterm.app import SupporttermApp
from supportterm.config import Console as Look
from supportterm.demo import samples
from supportterm.desk.macros import MacroWatch
from supportterm.screens import keys
from supportterm.screens.console import Console
from supportterm.screens.reply import ReplyScreen
from supportterm.screens.send_check import SendCheck
from tests.desk.fakes import ADDRESS, NOW, World

SIZES = ((80, 24), (120, 36), (200, 50))


def seed(world: World) -> None:
    """Put the demo's conversations, of every tier and language, into the world's mailbox."""
    for sample in samples.load(NOW - timedelta(minutes=5), ADDRESS):
        world.server.put(sample.raw, sample.folder, sample.received_at)


@asynccontextmanager
async def office(
    world: World, size: tuple[int, int] = (120, 36), preset: str = "support", **look: Any
) -> AsyncIterator[tuple[SupporttermApp, Pilot[int]]]:
    """Open the console on a world's store; verbs go through the world's own desk."""
    config = dataclasses.replace(world.desk.config, console=Look(**look))
    console = Console(
        config,
        world.desk.database.path,
        lambda: world.desk,
        lambda: MacroWatch(lambda: [paths.shipped_macros()]),
        keys.load(preset, None),
        world.clock,
    )
    app = SupporttermApp(console)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot
    console.close()


async def until(pilot: Pilot[int], seen: Callable[[], object], tries: int = 1_000) -> None:
    """Let the console work until something is to be seen, and what was begun with it; fails where it never is."""
    for _ in range(tries):
        if seen():
            await pilot.pause()
            return
        await pilot.pause(0.02)
    raise AssertionError("it never showed; the screen holds:\n" + text_of(pilot.app))


async def send(pilot: Pilot[Any], key: str = "ctrl+s") -> None:
    """Send what is written, as it is, whatever the check before sending says."""
    if key:
        await pilot.press(key)
    await until(pilot, lambda: not isinstance(pilot.app.screen, ReplyScreen))
    if isinstance(pilot.app.screen, SendCheck):
        await pilot.press("y")


def text_of(app: Any) -> str:
    """Return what the screen shows, as lines of text."""
    height = app.size.height
    lines = []
    for y, strips in enumerate(app.screen._compositor.render_strips()):
        lines.append("".join(segment.text for segment in strips))
        if y >= height:
            break
    return "\n".join(lines)


def told(app: Any) -> str:
    """Return what the toasts say, which `run_test` does not draw."""
    return "\n".join(notification.message for notification in app._notifications)


__all__ = ["NOW", "SIZES", "office", "seed", "text_of", "told", "until"]
