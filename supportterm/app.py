"""The console's app: holds the desk, looks at the store's revision and at the clock, and changes screens."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from supportterm.screens import keys
from supportterm.screens.base import DeskScreen
from supportterm.screens.commands import Scope
from supportterm.screens.console import Console
from supportterm.screens.gate import Gate
from supportterm.screens.life import Life
from supportterm.screens.theme import THEMES

if TYPE_CHECKING:
    from supportterm.desk.supervisor import Supervisor


class SupporttermApp(Life):
    """The console over one store."""

    TITLE = "supportterm"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH: ClassVar[str] = "screens/console.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.EVERYWHERE)]

    def __init__(self, console: Console, supervisor: Supervisor | None = None) -> None:
        super().__init__(console, supervisor)
        self._filters.append(Gate())
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = THEMES[console.config.console.theme].name
        self.set_keymap({name: ",".join(found) for name, found in console.keymap.items()})

    def on_mount(self) -> None:
        """Open the queue, then load what the first verb needs."""
        from supportterm.screens.queue import QueueScreen

        self.push_screen(QueueScreen())
        self.begin()
        self.call_after_refresh(self.support.warm)

    @property
    def _desk_screen(self) -> DeskScreen[object] | None:
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, DeskScreen)), None)

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

        if not isinstance(self.screen, SearchScreen):
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
        if (screen := self._desk_screen) is not None:
            screen.complain(
                "Asking for mail at once is not part of this version yet; the worker hears of it by itself."
            )

    def action_theme(self) -> None:
        """Change to the next theme."""
        names = [theme.name for theme in THEMES.values()]
        self.theme = names[(names.index(self.theme) + 1) % len(names)] if self.theme in names else names[0]

    def action_screenshot(self) -> None:  # type: ignore[override] # the console's command takes no file name
        """Save this screen as a picture."""
        path = self.save_screenshot(path=os.getcwd())  # noqa: PTH109 a string is what Textual takes
        self.notify(f"Saved {path}.", markup=False)

    async def action_quit(self) -> None:
        """Leave the console; ask first where mail has not left."""
        from supportterm.screens.leaving import LeavingScreen, waiting

        async def leave() -> None:
            try:
                mails = waiting(self.support)
            except sqlite3.Error:
                mails = []
            if not mails or await self.push_screen_wait(LeavingScreen(mails)):
                self.save_drafts()
                self.exit(0)

        if not any(isinstance(screen, LeavingScreen) for screen in self.screen_stack):
            self.run_worker(leave(), exit_on_error=False)


def open_console(console: Console, supervisor: Supervisor | None = None) -> int:
    """Run the console until the agent leaves it, or a signal ends it; return the exit status.

    Raises:
        SupporttermError: something went wrong that ended it; drafts are saved, the terminal is as it was.
    """
    app = SupporttermApp(console, supervisor)
    try:
        status = app.run()
    finally:
        if supervisor is not None:
            supervisor.stop()
        console.close()
    if app.crash is not None:
        raise app.crash
    return 128 + app.ended_by if app.ended_by else status or 0
