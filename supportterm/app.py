"""The console's app: holds the desk, looks at the store's revision and at the clock, and changes screens."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from typing import ClassVar

from textual.actions import ActionParseResult
from textual.app import App
from textual.binding import BindingType
from textual.dom import DOMNode

from supportterm.domain.errors import NotFoundError, SupporttermError
from supportterm.domain.query_fields import nearest
from supportterm.screens import keys
from supportterm.screens.base import DeskScreen
from supportterm.screens.commands import Scope
from supportterm.screens.console import Console
from supportterm.screens.gate import Gate
from supportterm.screens.theme import THEMES

LOOK_SECONDS = 0.05
"""How often the store's revision is looked at."""
TICK_SECONDS = 1.0


class SupporttermApp(App[int]):
    """The console over one store."""

    TITLE = "supportterm"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH: ClassVar[str] = "screens/console.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.EVERYWHERE)]

    def __init__(self, console: Console) -> None:
        super().__init__()
        self.support = console
        self.worker_trouble = ""
        """Why the worker stopped, in a sentence; empty while it works."""
        self.extra_commands: dict[str, tuple[str, Callable[[str], Awaitable[None]]]] = {}
        """Commands the registry does not have: a name for the palette and the `:` line, its help, what it does."""
        self._revision = 0
        self._filters.append(Gate())
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = THEMES[console.config.console.theme].name
        self.set_keymap(keys.for_textual(console.keymap))

    def on_mount(self) -> None:
        """Open the queue, then load what the first verb needs."""
        from supportterm.screens.queue import QueueScreen

        self._revision = self.support.views.revision()
        self.push_screen(QueueScreen())
        self.set_interval(LOOK_SECONDS, self._look)
        self.set_interval(TICK_SECONDS, self._tick)
        self.call_after_refresh(self.support.warm)

    def _look(self) -> None:
        revision = self.support.views.revision()
        if revision != self._revision:
            self._revision = revision
            for screen in self.screen_stack:
                if isinstance(screen, DeskScreen):
                    screen.store_changed()

    def _tick(self) -> None:
        now = self.support.now()
        for screen in self.screen_stack:
            if isinstance(screen, DeskScreen):
                screen.tick(now)

    @property
    def _desk_screen(self) -> DeskScreen[object] | None:
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, DeskScreen)), None)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Carry out an action; a command that cannot be done right now says why instead."""
        screen = self.screen
        known = isinstance(action, str) and default_namespace in (screen, self)
        if isinstance(screen, DeskScreen) and known and (reason := screen.refusal(str(action))):
            screen.say(reason)
            return True
        return await super().run_action(action, default_namespace, namespaces)

    def action_keys(self) -> None:
        """Show every key of this screen."""
        from supportterm.screens.help import HelpScreen

        if (screen := self._desk_screen) is not None and not isinstance(screen, HelpScreen):
            self.push_screen(HelpScreen(screen))

    def action_palette(self) -> None:
        """Find a command by its name."""
        from supportterm.screens.palette import choose

        if (screen := self._desk_screen) is not None:
            screen.in_background(choose(screen))

    def action_command_line(self) -> None:
        """Type a command by its name."""
        from supportterm.screens.palette import type_command

        if (screen := self._desk_screen) is not None:
            screen.in_background(type_command(screen))

    def action_undo(self) -> None:
        """Take back the last step."""
        from supportterm.desk import verbs

        if (screen := self._desk_screen) is not None:
            screen.perform(verbs.undo)

    def action_search(self) -> None:
        """Search all mail and notes."""
        from supportterm.screens.search import SearchScreen

        if isinstance(self.screen, SearchScreen):
            self.screen.action_line()
        else:
            self.push_screen(SearchScreen())

    def action_outbox(self) -> None:
        """See the mail on its way."""
        from supportterm.screens.outbox import OutboxScreen

        if not isinstance(self.screen, OutboxScreen):
            self.push_screen(OutboxScreen())

    def action_sync_problems(self) -> None:
        """See how sync goes."""
        from supportterm.screens.problems import ProblemsScreen

        if not isinstance(self.screen, ProblemsScreen):
            self.push_screen(ProblemsScreen())

    def action_sync_now(self) -> None:
        """Look for new mail at once."""
        from supportterm.desk import sync_wish, synclock

        if (screen := self._desk_screen) is None:
            return
        if synclock.holder(self.support.store) is None:
            screen.complain("No worker syncs this store right now. `supportterm sync --watch` starts one.")
            return

        async def ask() -> None:
            await self.support.do(sync_wish.ask)
            screen.say("Looking for mail.")

        screen.in_background(ask())

    def action_go(self) -> None:
        """Open a ticket by its reference."""
        from supportterm.screens.palette import type_command

        if (screen := self._desk_screen) is not None:
            screen.in_background(type_command(screen, "go "))

    def command_go(self, argument: str) -> None:
        """Open the ticket of a reference.

        Raises:
            NotFoundError: none or several are meant.
        """
        from supportterm.screens.ticket import TicketScreen
        from supportterm.store import naming

        found = self.support.views.find(argument)
        if len(found) != 1:
            raise naming.not_one(argument, (ticket.ref for ticket in found))
        self.push_screen(TicketScreen(found[0].key))

    def command_search(self, argument: str) -> None:
        """Search for some words."""
        from supportterm.screens.search import SearchScreen

        if isinstance(self.screen, SearchScreen):
            self.screen.look_for(argument)
        else:
            self.push_screen(SearchScreen(argument))

    def command_theme(self, argument: str) -> None:
        """Change to a theme by its name.

        Raises:
            NotFoundError: there is no such theme.
        """
        if argument not in THEMES:
            raise NotFoundError(f"There is no theme {argument!r}. {nearest(argument, THEMES)}")
        self.theme = THEMES[argument].name

    def action_theme(self) -> None:
        """Change to the next theme."""
        names = [theme.name for theme in THEMES.values()]
        self.theme = names[(names.index(self.theme) + 1) % len(names)] if self.theme in names else names[0]

    def action_screenshot(self) -> None:  # type: ignore[override] # the console's command takes no file name
        """Save this screen as a picture."""
        path = self.save_screenshot(path=os.getcwd())  # noqa: PTH109 a string is what Textual takes
        self.notify(f"Saved {path}.", markup=False)

    def action_suspend(self) -> None:
        """Go back to the shell."""
        self.action_suspend_process()

    async def action_quit(self) -> None:
        """Leave the console."""
        self.exit(0)


def open_console(console: Console) -> int:
    """Run the console until the agent leaves it; return the exit status.

    Raises:
        SupporttermError: the terminal or the store cannot be used.
    """
    app = SupporttermApp(console)
    try:
        status = app.run()
    finally:
        console.close()
    if app.return_code and status is None:
        raise SupporttermError("The console ended unexpectedly. Nothing was lost; start it again.")
    return status or 0
