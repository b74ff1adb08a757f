"""What every screen shares: bindings from the registry, verbs in the background, words for what happened."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from textual.screen import ModalScreen, Screen

from supportterm.desk.verbs import Done
from supportterm.domain.errors import SupporttermError
from supportterm.screens import format as shown_as
from supportterm.screens.commands import Command, Scope, named, of
from supportterm.screens.keys import keys_of, shown

if TYPE_CHECKING:
    from supportterm.desk.context import Desk
    from supportterm.screens.console import Console

Result = TypeVar("Result")
Answer = TypeVar("Answer")


class DeskScreen(Screen[Result], Generic[Result]):
    """A screen that knows the console.

    A subclass names its `SCOPES` and sets `BINDINGS = keys.bindings(*SCOPES)`;
    it redraws what changed in `store_changed` and what time changes in `tick`.
    """

    SCOPES: ClassVar[tuple[Scope, ...]] = ()
    TITLE_WORDS: ClassVar[str] = ""
    """What the screen is called on the help page."""

    @property
    def console(self) -> Console:
        """The store, the desk, the keys and the time."""
        return cast("Console", cast("Any", self.app).support)

    def store_changed(self) -> None:
        """Look at the store again: somebody has committed. The base does nothing."""

    def tick(self, now: datetime) -> None:
        """Show what the passing of time changed; called about once a second. The base does nothing."""

    def commands(self) -> tuple[Command, ...]:
        """Return what can be done here, this screen's own commands first."""
        return of(*self.SCOPES, Scope.EVERYWHERE)

    def why_not(self, command: Command) -> str:
        """Say why a command cannot be done right now; empty where it can."""
        return ""

    def key_of(self, command_id: str) -> str:
        """Return the key of a command as people write it."""
        return shown(keys_of(command_id, self.console.keymap))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keep a command from running while it cannot be done, and say why."""
        command = next((c for c in of(*self.SCOPES) if c.action == action), None)
        if command is not None and self.is_mounted and (reason := self.why_not(command)):
            return None if reason else True
        return True

    def say(self, words: str) -> None:
        """Show what happened, for a moment."""
        self.app.notify(shown_as.line(words, 300), markup=False, timeout=6)

    def complain(self, words: str) -> None:
        """Show what went wrong and what to do, a little longer."""
        self.app.notify(shown_as.line(words, 600), severity="error", markup=False, timeout=12)

    def perform(self, verb: Callable[[Desk], Done], then: Callable[[Done], object] | None = None) -> None:
        """Carry out a verb in the background and say what it did, or why it was refused."""

        async def carry_out() -> None:
            done = await self.console.do(verb)
            undo = shown(keys_of("desk.undo", self.console.keymap))
            self.say(f"{done.ref}  {done.words}   {undo} takes it back" if undo else f"{done.ref}  {done.words}")
            if then is not None:
                then(done)

        self.in_background(carry_out())

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something that may wait; what is refused becomes a sentence, never a crash."""

        async def guarded() -> None:
            try:
                await work
            except SupporttermError as error:
                self.complain(str(error))

        self.app.run_worker(guarded(), exit_on_error=False)

    async def ask_for(self, screen: ModalScreen[Answer]) -> Answer | None:
        """Show a question and wait for its answer; call it from work `in_background`."""
        return await self.app.push_screen_wait(screen)


async def run(screen: Screen[Any], command_id: str) -> None:
    """Carry out a command by its id, on a screen or on the app for what works everywhere."""
    command = named(command_id)
    if command is not None:
        prefix = "app." if command.scope is Scope.EVERYWHERE else "screen."
        await screen.run_action(prefix + command.action)
