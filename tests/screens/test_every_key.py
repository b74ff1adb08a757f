"""Every command of every scope is pressed by its first key where it works, and does what it names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from supportterm.app import SupporttermApp
from supportterm.desk import problems
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


def _sweep(app: SupporttermApp) -> DeskScreen[Any]:
    from supportterm.screens.sweep import SweepScreen

    return SweepScreen()


def _since(app: SupporttermApp) -> DeskScreen[Any]:
    from supportterm.screens.since import SinceScreen

    return SinceScreen(app.support.now(), [])


def _handover(app: SupporttermApp) -> DeskScreen[Any]:
    from supportterm.screens.handover import HandoverScreen

    return HandoverScreen()


def _deck(app: SupporttermApp) -> DeskScreen[Any]:
    from supportterm.domain.deck import Card
    from supportterm.screens.deck import DeckScreen

    return DeckScreen(
        [Card(_first(app), "ST-1", "Mara", "A matter", "Hello", "late/en", remark="you are writing there")], "Tell"
    )


def _problem(app: SupporttermApp) -> DeskScreen[Any]:
    from supportterm.screens.problem import ProblemScreen

    return ProblemScreen(1)


def _search(app: SupporttermApp) -> DeskScreen[Any]:
    from supportterm.screens.search import SearchScreen

    return SearchScreen("a")


def _help(app: SupporttermApp) -> DeskScreen[Any]:
    from supportterm.screens.help import HelpScreen

    screen = app.screen
    assert isinstance(screen, DeskScreen)
    return HelpScreen(screen)


def _source(app: SupporttermApp) -> DeskScreen[Any]:
    from supportterm.screens.source import SourceScreen

    return SourceScreen(app.support.views.messages(_first(app))[0])


def _first(app: SupporttermApp) -> str:
    return app.support.views.queue(app.support.where("has:attachment"))[0].key


PLACES: dict[str, tuple[Callable[[SupporttermApp], DeskScreen[Any]] | None, tuple[Scope, ...]]] = {
    "queue": (None, (Scope.QUEUE, Scope.TICKET, Scope.EVERYWHERE)),
    "ticket": (_ticket, (Scope.CONVERSATION, Scope.TICKET, Scope.EVERYWHERE)),
    "reply": (_reply, (Scope.REPLY,)),
    "search": (_search, (Scope.SEARCH,)),
    "help": (_help, (Scope.HELP,)),
    "source": (_source, (Scope.SOURCE,)),
    "sweep": (_sweep, (Scope.SWEEP, Scope.LIST)),
    "since": (_since, (Scope.SINCE, Scope.LIST)),
    "deck": (_deck, (Scope.DECK, Scope.LIST)),
    "handover": (_handover, (Scope.HANDOVER, Scope.LIST)),
    "problem": (_problem, (Scope.PROBLEM, Scope.LIST)),
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
        if place == "problem":
            problems.open_problem(world.desk, "Export fails", [_first(app)])
        if place != "outbox":
            app.action_quit = _stay  # type: ignore[method-assign] # the console goes on for the next key
        commands = sorted(of(*scopes), key=lambda command: command.id in LEAVES)
        for command in commands:
            if not await _pressed(app, pilot, opened, command):
                deaf.append(command.id)
    assert deaf == []


async def _stay() -> None:
    return


async def _pressed(
    app: SupporttermApp,
    pilot: Pilot[int],
    opened: Callable[[SupporttermApp], DeskScreen[Any]] | None,
    command: Command,
) -> bool:
    """Press a command's key on a screen opened for it; tell whether it was carried out or its reason was said."""
    for _ in range(9):
        if len(app.screen_stack) > 1:
            await pilot.press("escape")
            await pilot.pause(0.02)
    assert len(app.screen_stack) == 1, f"Esc does not leave {app.screen!r}"
    if opened is not None:
        await app.push_screen(opened(app))
    await pilot.pause(0.3 if opened is _search else 0.05)
    screen = app.screen
    assert isinstance(screen, DeskScreen)
    name = command.action
    owners = [owner for owner in (screen.focused, screen, app) if _does(owner, name)]
    assert owners, f"nothing carries out {command.id}"
    called: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for owner in owners:
            _note(patch, owner, name, called)
        if command.keys:
            await pilot.press(command.keys[0])
        elif hasattr(owners[0], f"action_{name}"):
            await screen.run_action(f"{'app' if owners[0] is app else 'screen'}.{name}")
        else:
            called.append(name)  # it is only ever typed, with what it is about
        for _ in range(50):
            if called or screen.why_not(command):
                break
            await pilot.pause(0.02)
    await pilot.pause(0.05)
    assert app._exception is None, command.id
    return bool(called) or bool(screen.why_not(command))


def _does(owner: Any, name: str) -> bool:
    return hasattr(owner, f"action_{name}") or hasattr(owner, f"command_{name}")


def _note(patch: pytest.MonkeyPatch, owner: Any, name: str, called: list[str]) -> None:
    """Write down that an owner's action runs, and let it."""
    original = getattr(owner, f"action_{name}", None)
    if original is None:
        return

    def noted(*values: Any) -> Any:
        called.append(name)
        return original(*values)

    patch.setattr(owner, f"action_{name}", noted, raising=False)
