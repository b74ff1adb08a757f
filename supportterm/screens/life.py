"""The app's life: one look at the store, one tick, signals, and an end that leaves drafts and terminal whole."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import inspect
import signal
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import App
from textual.screen import Screen

from supportterm.desk import errorlog
from supportterm.domain.errors import StoreError, SupporttermError
from supportterm.screens import format as shown_as
from supportterm.screens import garbage, last_resort
from supportterm.screens.base import DeskScreen
from supportterm.screens.keys import keys_of, shown
from supportterm.screens.pace import Pace
from supportterm.screens.replaced import Replaced
from supportterm.screens.sure_timers import SureTimers
from supportterm.screens.type_ahead import TypeAhead
from supportterm.screens.widgets.sync_line import banner
from supportterm.screens.widgets.trouble import TroubleLine
from supportterm.store.database import explain

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.driver import Driver
    from textual.widget import Widget

    from supportterm.desk.supervisor import Supervisor
    from supportterm.screens.console import Console

LOOK_SECONDS = 0.05
"""How often the store's revision is looked at."""
TICK_SECONDS = 1.0
FIRST_SCREEN_SECONDS = 1.2
"""How long what a first screen does not need is put off, so that it is there at once."""
SOFTWARE = 70
"""The exit status of a program with a mistake in it (sysexits.h)."""
_SAVING_SECONDS = 1.0
_REFUSALS = (SupporttermError, sqlite3.Error)


class Life(SureTimers, App[int]):
    """What keeps the console going over a store that may be locked, replaced or full, and ends it well."""

    SMALLEST: ClassVar[tuple[int, int]] = (60, 16)
    """Columns and rows the screens need."""

    def __init__(self, console: Console, supervisor: Supervisor | None = None) -> None:
        """Live on a console; `supervisor` watches over the worker, None where somebody else does."""
        super().__init__()
        self.support = console
        self.store_trouble = ""
        """Why the store cannot be read now; empty where it can."""
        self.crash: SupporttermError | None = None
        """What ended the console against everybody's will."""
        self.ended_by = 0
        """The signal that ends it, 0 for none."""
        self.ahead = TypeAhead(self)
        self._acting: set[asyncio.Task[Any] | None] = set()
        self._supervisor = supervisor
        self._replaced = Replaced(self)
        self._revision = -1
        self._saving: list[asyncio.Future[Any]] = []

    def get_driver_class(self) -> type[Driver]:
        """Return what reads the terminal: one that a large paste does not hold up."""
        from textual.drivers.linux_driver import LinuxDriver

        from supportterm.screens.driver import Driver as Ours

        found = super().get_driver_class()
        return Ours if found is LinuxDriver else found

    @property
    def worker_trouble(self) -> str:
        """What is wrong with the worker; empty where nothing is."""
        trouble = self._supervisor.trouble if self._supervisor is not None else ""
        key = shown(keys_of("desk.sync-now", self.support.keymap)) if trouble.endswith(" s.") else ""
        return f"{trouble.removesuffix('.')}, or with {key}." if key else trouble

    def hasten_worker(self) -> bool:
        """Have a worker started now where one is waited with; False where somebody else sees to it."""
        if self._supervisor is None:
            return False
        self._supervisor.hasten()
        return True

    async def on_event(self, event: events.Event) -> None:
        """Take what the terminal says; a key waits its turn, see `type_ahead`."""
        if not isinstance(event, events.Key):
            await super().on_event(event)
        elif event.is_forwarded:
            self.ahead.acts(event)
            await super().on_event(event)
            self.ahead.done(event)
        elif self.screen_stack and not self.ahead.holds(event):
            field = self._beneath()
            if field is not None and field.check_consume_key(event.key, event.character):
                field.post_message(events.Key(event.key, event.character))
            else:
                await super().on_event(event)
            if not event.is_forwarded:
                self.ahead.done(event)

    def _beneath(self) -> Widget | None:
        """Return the field that is written in beneath the word that the terminal is too small."""
        from supportterm.screens.small import SmallScreen

        return self.screen_stack[-2].focused if isinstance(self.screen, SmallScreen) else None

    def begin(self) -> None:
        """Begin to look, to tick and to hear signals; called once the first screen is there."""
        with self._reading():
            self._revision = self.support.views.revision()
        self.set_interval(LOOK_SECONDS, self._look)
        ticks = Pace(self, lambda: self.call_later(self._tick), 0.0, lambda: self.ahead.key_at)
        self.set_interval(TICK_SECONDS, ticks.ask)
        if self._supervisor is not None:
            self.set_timer(FIRST_SCREEN_SECONDS, self._supervisor.start)
        if not self.is_headless and threading.current_thread() is threading.main_thread():
            threading.excepthook = _thread_ended
            self._hear(asyncio.get_running_loop())
        self.call_after_refresh(self._fit)

    def on_resize(self) -> None:
        """Say so where the terminal is too small."""
        self.call_later(self._fit)

    def refuse(self, error: Exception) -> None:
        """Tell the agent of what did not work out, and go on; what nobody foresaw is logged, and the log named."""
        known = explain(error, self.support.store) if isinstance(error, sqlite3.Error) else error
        words = errorlog.sentence(known, self.support.store)
        self.notify(shown_as.line(words, 600), severity="error", markup=False, timeout=12)

    def save_drafts(self) -> None:
        """Have every screen that writes save what it holds."""
        for screen in self._every_screen():
            with contextlib.suppress(Exception):
                saved = getattr(screen, "save_now", lambda: None)()
                if inspect.isawaitable(saved):
                    self._saving.append(asyncio.ensure_future(_awaited(saved)))

    async def action_suspend(self) -> None:
        """Go back to the shell, once what was begun is written."""

        async def suspend() -> None:
            self.save_drafts()
            await self.support.settled(2.0)
            self.action_suspend_process()

        self.run_worker(suspend(), exit_on_error=False)

    def action_help_quit(self) -> None:
        """Say how to leave: Ctrl-C is a habit, not a wish to lose the desk."""
        self.notify(f"{shown(keys_of('desk.quit', self.support.keymap))} leaves the console.", markup=False)

    def _look(self) -> None:
        if self.store_trouble:
            return  # the tick tries again
        with self._reading():
            revision = self.support.views.revision()
            if revision != self._revision:
                self._revision = revision
                self._tell(lambda screen: screen.store_changed())

    async def _tick(self) -> None:
        if not self.is_headless and not last_resort.has_terminal():
            self._end(signal.SIGHUP)
        if not self._replaced.look():
            self.store_trouble = ""
        self._look()
        if not self.store_trouble:
            with self._reading():
                now = self.support.now()
                self._tell(lambda screen: screen.let_pass(now))
        self._fit()
        garbage.look(self.ahead.key_at)
        TroubleLine.show(self.screen, self.store_trouble or self.worker_trouble or self._sync_trouble())

    def read_anew(self) -> None:
        """Have the screens read the store again at the next look, whatever it says of changes."""
        self._revision = -1

    def _sync_trouble(self) -> str:
        """Return what is wrong with sync until somebody acts; the worker and the store come before it."""
        sync: dict[str, Any] = {}
        with self._reading():
            sync = self.support.views.sync()
        return banner(sync)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        """Read the store; where it cannot be read now, the screens keep what they show and the tick tries again."""
        try:
            yield
        except (sqlite3.Error, StoreError) as error:
            self._revision = -1
            self.store_trouble = str(explain(error, self.support.store) if isinstance(error, sqlite3.Error) else error)

    def _tell(self, do: Callable[[DeskScreen[Any]], object]) -> None:
        """Tell the screen that is seen; those behind it catch up when they are seen again."""
        screens = [screen for screen in self.screen_stack if isinstance(screen, DeskScreen)]
        for screen in screens[:-1]:
            screen.is_behind = True
        if screens and screens[-1].is_here and not self._exit:
            do(screens[-1])

    def _every_screen(self) -> Iterator[Any]:
        with contextlib.suppress(Exception):
            yield from reversed(self.screen_stack)

    def _fit(self) -> None:
        stack, small = self.screen_stack, self.size.width < self.SMALLEST[0] or self.size.height < self.SMALLEST[1]
        if not stack or self._exit or (len(stack) == 1 and not small):
            return
        from supportterm.screens.small import SmallScreen

        if not isinstance(stack[-1], SmallScreen):
            if small:
                self.push_screen(SmallScreen())
        elif small:
            stack[-1].refresh()
        else:
            self.pop_screen()

    def _hear(self, loop: asyncio.AbstractEventLoop) -> None:
        def end(number: int, _frame: object) -> None:
            last_resort.arm(self._driver, 128 + number)
            loop.call_soon_threadsafe(self._end, number)

        signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(self.action_help_quit))
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, end)

    def _end(self, number: int) -> None:
        if not self.ended_by:
            self.ended_by = number
            last_resort.arm(self._driver, 128 + number)
            self.save_drafts()
            self._once_saved(lambda: self.exit(128 + number, 128 + number))

    def _once_saved(self, then: Callable[[], object]) -> None:
        """Go on when the drafts are saved, or when that takes too long."""

        async def wait() -> None:
            await asyncio.wait(self._saving, timeout=_SAVING_SECONDS)
            then()

        if self._saving:
            self._saving.append(asyncio.ensure_future(wait()))
        else:
            then()

    async def _dispatch_action(self, namespace: DOMNode, action_name: str, params: Any) -> bool:
        """Carry out an action; a refusal is a sentence, and the screen goes on.

        A key that comes before a screen is laid out, after it was left, or as all ends, does nothing.
        """
        is_left = isinstance(namespace, Screen) and (not namespace.is_mounted or namespace not in self.screen_stack)
        if is_left or self._exit or not self.is_running:
            return True
        task = asyncio.current_task()
        outer = task in self._acting
        self._acting.add(task)
        try:
            return await super()._dispatch_action(namespace, action_name, params)
        except _REFUSALS as error:
            self.refuse(error)
            return True
        finally:
            if not outer:
                self._acting.discard(task)

    @property
    def is_acting(self) -> bool:
        """True within an action that a key or a click carries out; actions may overlap, each in its task."""
        return asyncio.current_task() in self._acting

    def _handle_exception(self, error: Exception) -> None:
        """End the console: drafts saved, details logged, one sentence for the agent, no traceback."""
        if self._exception is None:  # Textual's own note, which makes tests fail
            self._exception = error
            self._exception_event.set()
        if self.crash is None:
            known = explain(error, self.support.store) if isinstance(error, sqlite3.Error) else error
            words = errorlog.sentence(known, self.support.store)
            self.crash = SupporttermError(f"{words} Drafts are saved; start supportterm again.")
            self.crash.exit_status = known.exit_status if isinstance(known, SupporttermError) else SOFTWARE
            self._return_code = self.crash.exit_status
            self.save_drafts()
            self._once_saved(self._close_messages_no_wait)

    def panic(self, *renderables: Any) -> None:
        """End the console where the terminal can no longer be read."""
        if last_resort.has_terminal():
            self._handle_exception(RuntimeError("the terminal cannot be read"))
        else:
            self._end(signal.SIGHUP)


def _thread_ended(args: threading.ExceptHookArgs) -> None:
    """Write down what ended a thread; that the terminal it wrote to is gone is no mistake."""
    if not (isinstance(args.exc_value, OSError) and args.exc_value.errno == errno.EIO):
        errorlog.log.error("a thread ended", exc_info=args.exc_value)


async def _awaited(saved: Awaitable[object]) -> None:
    with contextlib.suppress(Exception):
        await saved
