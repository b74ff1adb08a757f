"""What every screen shares: bindings from the registry, verbs in the background, words for what happened."""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from textual import events, on
from textual.css.query import NoMatches
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.timer import Timer, TimerCallback

from supportterm.domain.errors import RefusedError, StoreError
from supportterm.screens import format as shown_as
from supportterm.screens import ringing
from supportterm.screens.commands import Command, Scope, named, of
from supportterm.screens.keys import keys_of, shown
from supportterm.screens.leaving_once import LeavesOnce

if TYPE_CHECKING:
    from supportterm.desk.context import Desk
    from supportterm.desk.verbs import Done
    from supportterm.screens.console import Console
    from supportterm.screens.life import Life

Result = TypeVar("Result")
Answer = TypeVar("Answer")


class DeskScreen(LeavesOnce[Result], Generic[Result]):
    """A screen that knows the console.

    A subclass names its `SCOPES` and sets `BINDINGS = keys.bindings(*SCOPES)`;
    it redraws what changed in `store_changed` and what time changes in `tick`.
    """

    SCOPES: ClassVar[tuple[Scope, ...]] = ()
    is_behind = False
    """Something changed while another screen stood before this one."""
    TITLE_WORDS: ClassVar[str] = ""
    """What the screen is called on the help page."""

    @on(events.Mount)
    def fit(self) -> None:
        """Take the classes of its width and height before it is first drawn; later Textual sees to them."""
        for length, points in zip(self.app.size, (self.HORIZONTAL_BREAKPOINTS, self.VERTICAL_BREAKPOINTS), strict=True):
            if reached := [point for point in points or () if length >= point[0]]:
                self.add_class(max(reached)[1])

    @on(events.Mount)
    def seat_coach(self) -> None:
        """Give the coach a line, where there is one."""
        if coach := getattr(self.app, "coach", None):
            self.mount(coach.line())

    def seat_call(self, now: datetime) -> None:
        """Show the phone call that is under way, at the foot."""
        if (see := getattr(self.app, "pass_call", None)) is not None:
            see(self, now)

    @on(events.ScreenResume)
    def take_call_along(self) -> None:
        """Show the call also where one goes during it."""
        if self.is_mounted:
            self.seat_call(self.console.now())

    @property
    def console(self) -> Console:
        """The store, the desk, the keys and the time."""
        return cast("Console", cast("Any", self.app).support)

    @property
    def is_here(self) -> bool:
        """True while it is laid out and not about to go; what comes later has nothing to show itself on."""
        return self.is_mounted and self.is_running and not self._pruning and self.app.is_running and bool(self.children)

    def set_timer(
        self,
        delay: float,
        callback: TimerCallback | None = None,
        *,
        name: str | None = None,
        pause: bool = False,
    ) -> Timer:
        """Have something done later, unless the screen has gone by then."""

        def late() -> Any:
            return callback() if callback is not None and self.is_here else None

        return super().set_timer(delay, late, name=name, pause=pause)

    def store_changed(self) -> None:
        """Look at the store again: somebody has committed. The base does nothing."""

    def tick(self, now: datetime) -> None:
        """Show what the passing of time changed; called about once a second. The base does nothing."""

    def let_pass(self, now: datetime) -> None:
        """Show what time changed, and let the reminders ring that have ended."""
        self.console.follow_policies()
        self.tick(now)
        ringing.look(self, now)
        self.seat_call(now)

    @on(events.ScreenResume)
    def catch_up(self) -> None:
        """Show what changed while another screen stood before this one."""
        if self.is_behind and self.is_mounted:
            self.is_behind = False
            self.store_changed()
            self.tick(self.console.now())

    def commands(self) -> tuple[Command, ...]:
        """Return what can be done here, this screen's own commands first."""
        return of(*self.SCOPES, Scope.EVERYWHERE)

    def why_not(self, command: Command) -> str:
        """Say why a command cannot be done right now; empty where it can."""
        return ""

    def title_of(self, command: Command) -> str:
        """Return what the foot of the screen calls a command; more than its name where that depends."""
        return command.title

    def key_of(self, command_id: str) -> str:
        """Return the key of a command as people write it."""
        return shown(keys_of(command_id, self.console.keymap))

    def refusal(self, action: str) -> str:
        """Say why an action of this screen, or one that works everywhere, cannot be done right now; empty where it can.

        The app asks before it carries out an action, so that a key that can do
        nothing says so.
        """
        name = action.rpartition(".")[2].partition("(")[0]
        command = next((c for c in self.commands() if c.action == name), None)
        return self.why_not(command) if command is not None and self.is_mounted else ""

    async def _dispatch_message(self, message: Message) -> None:
        """Hand a message on; where the store cannot be read now, say so and keep what is shown."""
        try:
            await super()._dispatch_message(message)
        except (StoreError, sqlite3.Error) as error:
            cast("Life", self.app).refuse(error)

    def say(self, words: str) -> None:
        """Show what happened, for as long as it takes to read."""
        self.app.notify(shown_as.line(words, 300), markup=False, timeout=3 + len(words) / 15)

    def complain(self, words: str) -> None:
        """Show what went wrong and what to do, a little longer."""
        self.app.notify(shown_as.line(words, 600), severity="error", markup=False, timeout=12)

    def perform(
        self, verb: Callable[[Desk], Done], then: Callable[[Done], object] | None = None, offers_undo: bool = True
    ) -> None:
        """Carry out a verb in the background and say what it did, and how to take it back, or why it was refused."""

        async def carry_out() -> None:
            done = await self.console.do(verb)
            undo = self.key_of("desk.undo") if offers_undo else ""
            said = f"{done.ref}  {done.words}"
            if done.at is not None:
                said += f", {shown_as.when(done.at, self.console.now())}"
            self.say(f"{said}   {undo} takes it back" if undo else said)
            if then is not None:
                then(done)

        self.in_background(carry_out(), opens=False)

    def in_background(self, work: Coroutine[Any, Any, None], *, opens: bool = True) -> None:
        """Run something that may wait; what is refused becomes a sentence, never a crash.

        Where an action begins it and it `opens` something, the keys behind that action's wait for what is opened.
        """
        app = cast("Life", self.app)
        token = app.ahead.opening() if opens and app.is_acting else None

        async def guarded() -> None:
            try:
                await work
            except NoMatches as error:
                if self.is_here:
                    app.refuse(error)
            except Exception as error:
                app.refuse(error)
            finally:
                app.ahead.ended(token)

        self.app.run_worker(guarded(), exit_on_error=False)

    async def ask_for(self, screen: ModalScreen[Answer | None]) -> Answer | None:
        """Show a question and wait for its answer; call it from work `in_background`."""
        answer = self.app.push_screen(screen, wait_for_dismiss=True)
        cast("Life", self.app).ahead.shown()
        return await answer


async def run(screen: Screen[Any], command_id: str, argument: str = "") -> None:
    """Carry out a command by its id, on a screen or on the app for what works everywhere.

    With an argument it is `command_<action>(argument)` that is called, which may be a coroutine function.

    Raises:
        SupporttermError: the argument cannot be used.
    """
    command = named(command_id)
    if command is None:
        return
    holder = screen.app if command.scope is Scope.EVERYWHERE else screen
    if not argument:
        await screen.app.run_action(command.action, holder)
        return
    if isinstance(screen, DeskScreen) and (reason := screen.why_not(command)):
        raise RefusedError(reason)
    take = getattr(holder, f"command_{command.action}", None)
    if take is None:
        raise RefusedError(f"`{command.name}` takes nothing here. Leave out `{argument}`.")
    done = take(argument)
    if inspect.isawaitable(done):
        await done
