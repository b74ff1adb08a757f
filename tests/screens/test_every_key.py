"""Every command of every scope is pressed by its first key where it works, and does what it names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from supportterm.app import SupporttermApp
from supportterm.desk.replying import reply
from supportterm.screens.base import DeskScreen
from supportterm.screens.commands import COMMANDS, Command, Scope, of
from tests.desk.fakes import World
from tests.screens.office import office, seed, text_of, until

LEAVES = ("desk.quit", "queue.leave")
"""They end the console; they come last."""


def _ticket(app: SupporttermApp) -> DeskScreen[Any]:
    from supportterm.screens.ticket import TicketScreen

    return TicketScreen(_first(app))


def _reply(app: SupporttermApp) -> DeskScreen[Any]:
    from supportterm.screens.reply import ReplyScreen

    return ReplyScreen(_first(app))


def _outbox(app: SupporttermApp) -> DeskScreen[Any]:
    from supportterm.screens.outbox import OutboxScreen

    return OutboxScreen()


def _first(app: SupporttermApp) -> str:
    return app.support.views.queue(app.support.where("has:attachment"))[0].key


PLACES: dict[str, tuple[Callable[[SupporttermApp], DeskScreen[Any]] | None, tuple[Scope, ...]]] = {
    "queue": (None, (Scope.QUEUE, Scope.TICKET, Scope.EVERYWHERE)),
    "ticket": (_ticket, (Scope.CONVERSATION, Scope.TICKET, Scope.EVERYWHERE)),
    "reply": (_reply, (Scope.REPLY,)),
    "outbox": (_outbox, (Scope.OUTBOX, Scope.LIST, Scope.EVERYWHERE)),
}


ELSEWHERE = {Scope.SEARCH, Scope.HELP, Scope.SOURCE}
"""Scopes whose few keys are pressed in the tests of their own screens."""


def test_every_scope_has_a_place_where_its_keys_are_pressed() -> None:
    pressed = {scope for _, scopes in PLACES.values() for scope in scopes}
    assert pressed | ELSEWHERE == {command.scope for command in COMMANDS}


@pytest.mark.parametrize("place", PLACES)
async def test_every_key_carries_out_its_command(
    world: World, place: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("pictures"))
    monkeypatch.setenv("EDITOR", "true")
    seed(world)
    await world.sync()
    opened, scopes = PLACES[place]
    deaf: list[str] = []
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "? keys" in text_of(app))
        for ticket in app.support.views.queue(app.support.where("is:open"), 3):
            reply(world.desk, ticket.key, "An answer.")
        commands = sorted(of(*scopes), key=lambda command: command.id in LEAVES)
        for command in commands:
            if not await _pressed(app, pilot, opened, command):
                deaf.append(command.id)
    assert deaf == []


async def _pressed(
    app: SupporttermApp,
    pilot: Pilot[int],
    opened: Callable[[SupporttermApp], DeskScreen[Any]] | None,
    command: Command,
) -> bool:
    """Press a command's key on a screen opened for it; tell whether it was carried out or its reason was said."""
    while len(app.screen_stack) > 2:
        await app.pop_screen()
    if opened is not None:
        await app.push_screen(opened(app))
    await pilot.pause(0.05)
    screen = app.screen
    assert isinstance(screen, DeskScreen)
    owner: Any = app if command.scope is Scope.EVERYWHERE else screen
    name = f"action_{command.action}"
    original = getattr(owner, name)
    called: list[str] = []

    def noted(*values: Any) -> Any:
        called.append(name)
        return original(*values)

    setattr(owner, name, noted)
    try:
        if command.keys:
            await pilot.press(command.keys[0])
        else:
            await screen.run_action(f"{'app' if owner is app else 'screen'}.{command.action}")
        for _ in range(50):
            if called or screen.why_not(command):
                break
            await pilot.pause(0.02)
    finally:
        delattr(owner, name)
    await pilot.pause(0.05)
    assert app._exception is None, command.id
    return bool(called) or bool(screen.why_not(command))
