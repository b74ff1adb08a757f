"""The console's app: holds the desk, looks at the store's revision and at the clock, and changes screens."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from textual.actions import ActionParseResult
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.filter import NoColor
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.scrollbar import ScrollBar

from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.query_fields import nearest
from supportterm.screens import format as shown_as
from supportterm.screens import keys
from supportterm.screens.base import DeskScreen
from supportterm.screens.call_keys import Calls
from supportterm.screens.commands import Scope
from supportterm.screens.console import Console
from supportterm.screens.gate import Gate
from supportterm.screens.life import FIRST_SCREEN_SECONDS
from supportterm.screens.notice_choice import NoticeChoice
from supportterm.screens.pace import once_keys_rest
from supportterm.screens.plain import AsciiOnly, Plain
from supportterm.screens.queue import QueueScreen
from supportterm.screens.theme import fitting
from supportterm.screens.widgets.thin_bar import ThinBar

if TYPE_CHECKING:
    from supportterm.desk.supervisor import Supervisor
    from supportterm.screens.widgets.coach import Coach


class SupporttermApp(Calls, NoticeChoice):
    """The console over one store."""

    TITLE = "supportterm"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH: ClassVar[list[str | PurePath]] = ["screens/console.tcss", "screens/queue.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings(Scope.EVERYWHERE),
        Binding("escape", "hide_coach", show=False, priority=True),
    ]

    def __init__(self, console: Console, supervisor: Supervisor | None = None) -> None:
        super().__init__(console, supervisor)
        self.extra_commands: dict[str, tuple[str, Callable[[str], Awaitable[None]]]] = {}
        """More names for the command line, each with its help and what carries it out, given what follows the name."""
        self.coach: Coach | None = None
        """Who shows the next thing to try, in the demo."""
        few_colours = self.no_color or self.console.color_system == "standard"
        self._themes = fitting(console.config.console.theme, os.environ, few_colours=few_colours)
        for theme in self._themes.values():
            self.register_theme(theme)
        spelled = [AsciiOnly()] if console.config.console.glyphs == "ascii" else []
        self._filters = [Plain(), *([NoColor()] if self.no_color else self._filters), *spelled, Gate()]
        ScrollBar.renderer = ThinBar
        self.theme = next(iter(self._themes.values())).name
        self.set_keymap(keys.for_textual(console.keymap))

    def get_default_screen(self) -> Screen[Any]:
        """Begin with the queue: a blank screen beneath it would cost a start its layout."""
        return QueueScreen()

    def refresh_css(self, animate: bool = True) -> None:
        """Take new colours; before the first screen they are only noted, as the styles are yet to be read."""
        if self._is_mounted:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def on_mount(self) -> None:
        """Begin, then load what the first verb needs."""
        self.begin()
        self.set_timer(FIRST_SCREEN_SECONDS, lambda: once_keys_rest(self, self.support.warm, lambda: self.ahead.key_at))

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Say something on the last line in place of what was said there before; a complaint stays its time."""
        for shown in list(self._notifications):
            if shown.severity == "information" or shown.message == message:
                self._unnotify(shown, refresh=False)
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let Esc pass, unless there is a coach to send away."""
        hides = self.coach is not None and self.coach.goes_by_escape(self.screen)
        return hides if action == "hide_coach" else super().check_action(action, parameters)

    def action_hide_coach(self) -> None:
        """Send the coach away."""
        if self.coach is not None:
            self.coach.leave()

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
        from supportterm.screens.undoing import undo

        if (screen := self._desk_screen) is not None:
            self.save_drafts()
            screen.in_background(undo(screen), opens=False)

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
            if self.hasten_worker():
                screen.say("Starting the mail worker.")
            else:
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
        if argument not in self._themes:
            raise NotFoundError(f"There is no theme {argument!r}. {nearest(argument, self._themes)}")
        self.theme = self._themes[argument].name

    def action_theme(self) -> None:
        """Change to the next theme."""
        names = [theme.name for theme in self._themes.values()]
        self.theme = names[(names.index(self.theme) + 1) % len(names)] if self.theme in names else names[0]

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """Draw this screen as an SVG picture that names no address; it has no title."""
        from supportterm.screens import picture

        return picture.svg(self)

    def action_screenshot(self) -> None:  # type: ignore[override] # the console's command takes no file name
        """Save this screen as a picture."""
        try:
            path = Path(self.save_screenshot(path=str(Path.cwd())))
            path.chmod(0o600)
        except OSError as error:
            raise RefusedError(
                f"The picture cannot be saved here: {error.strerror}. Start the console elsewhere."
            ) from None
        self.notify(shown_as.line(f"Saved {path}, for your eyes only.", 300), markup=False)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a text without anything in it that acts on a terminal it is pasted into."""
        super().copy_to_clipboard(shown_as.body(text))

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


def open_console(
    console: Console, supervisor: Supervisor | None = None, furnish: Callable[[SupporttermApp], None] = lambda _: None
) -> int:
    """Run the console until the agent leaves it, or a signal ends it; return the exit status.

    Args:
        console: The store, the desk, the keys; closed at the end.
        supervisor: Watches over the worker, None where somebody else does.
        furnish: Called with the app before it runs, to add to it.

    Raises:
        SupporttermError: something went wrong that ended it; drafts are saved, the terminal is as it was.
    """
    app = SupporttermApp(console, supervisor)
    furnish(app)
    try:
        status = app.run()
    finally:
        if supervisor is not None:
            supervisor.stop()
        console.close()
    if app.crash is not None:
        raise app.crash
    return 128 + app.ended_by if app.ended_by else status or 0
