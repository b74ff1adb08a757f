"""The agent's phone: the one call under way, wherever the agent is in the console."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from supportterm.domain.calls import Call, Ending, State, Turn
from supportterm.domain.errors import RefusedError
from supportterm.screens.base import DeskScreen
from supportterm.screens.widgets.call_dock import CallDock

if TYPE_CHECKING:
    from textual.timer import Timer

    from supportterm.desk.context import Desk
    from supportterm.desk.verbs import Done
    from supportterm.screens.call_keys import Calls

SOON = 0.25
"""Seconds from a key in the notes to its write."""
STIRS = timedelta(minutes=1)
"""How often the store hears that the call is still under way."""


class Phone:
    """What is known of the call, kept in the store by verbs; a key's effect is seen at once, before its write."""

    def __init__(self, app: Calls) -> None:
        self._app = app
        self.call: Call | None = None
        self.notes = ""
        self.left_at: datetime | None = None
        """Until when the call was known to be under way, where the console closed during it and nobody said yet what
        becomes of it."""
        self.writes = False
        """The notes are open."""
        self._looked = self._is_dirty = False
        self._writing: Timer | None = None
        self._under_way = 0
        """Verbs begun that are not yet in the store."""
        self._rung = 0

    @property
    def is_left(self) -> bool:
        """True while a call stands there that the console closed during."""
        return self.left_at is not None

    # What the screens show

    def see(self, screen: DeskScreen[Any], call: Call | None, now: datetime) -> None:
        """Take the call as the store has it, ring where they wait too long, and show it on a screen."""
        self._find(call)
        if not self._under_way:
            self._take(call)
        self._ring(now)
        self._stir(now)
        CallDock.seat(screen, self, now)

    def _find(self, call: Call | None) -> None:
        """Tell a call that was there before this console looked from one that begins while it is open."""
        if not self._looked:
            self._looked = True
            self.left_at = call.updated_at if call is not None else None

    def _take(self, call: Call | None) -> None:
        if call is None or self.call is None or call.id != self.call.id:
            self._is_dirty, self._rung, self.writes = False, 0, self.writes and call is not None
            self.left_at = self.left_at if call is not None else None
        self.call = call
        if not self._is_dirty:
            self.notes = call.notes if call is not None else ""

    def _ring(self, now: datetime) -> None:
        bells = self.call.sign(now).bells if self.call is not None else 0
        if bells > self._rung:
            self._app.bell()
        self._rung = bells

    def _stir(self, now: datetime) -> None:
        call = self.call
        if call is not None and not self.is_left and not self._under_way and now - call.updated_at >= STIRS:
            self._verb(lambda calling, desk: calling.stirs(desk, call.id))

    def show(self) -> None:
        """Show how it stands on the screen that is seen."""
        screen = self._app.desk_screen
        if screen is not None and screen.is_here:
            CallDock.seat(screen, self, self._app.support.now())

    # What the keys do

    def talk(self) -> None:
        """Begin a call; on the line end it; asked to hold, they do not want to; on hold they were told."""
        self._look()
        if self.call is None:
            from supportterm.screens import calling

            self._screen().in_background(calling.begin(self, self._screen()))
        elif self.is_left or self.call.state is State.LINE:
            self.end()
        else:
            self._turn(Turn.REFUSED if self.call.state is State.ASKING else Turn.TOLD)

    def hold(self) -> None:
        """Ask whether they can hold; hold; go back on the line. A call left behind goes on."""
        self._look()
        call = self._current()
        if self.is_left:
            self.left_at = None
            self._verb(lambda calling, desk: calling.stirs(desk, call.id))
            self._screen().say(f"The call with {call.who} goes on.")
            self.show()
            return
        self._turn({State.LINE: Turn.ASKED, State.ASKING: Turn.AGREED}.get(call.state, Turn.BACK))

    def call_back(self, typed: str = "") -> None:
        """Ask when to call back, or take it as it was typed."""
        from supportterm.screens import calling

        self._look()
        self._screen().in_background(calling.call_back(self, self._screen(), typed))

    def write(self) -> None:
        """Open the notes, or go back to where one was."""
        self._look()
        self._current()
        self.writes = not self.writes
        self.show()

    def end(self) -> None:
        """Read the summary back, and end the call."""
        from supportterm.screens import calling

        self._look()
        self._current()
        self._screen().in_background(calling.end(self, self._screen()))

    def begin(self, typed: str) -> None:
        """Begin a call with whom was typed: a ticket's reference, else a name, a number, an address."""
        from supportterm.screens import calling

        named, caller = calling.meant(self._app.support.views, typed)
        self.perform(lambda verbs, desk: verbs.begin(desk, named, caller), offers_undo=False)

    def finish(self, ending: Ending) -> None:
        """End the call so, with the notes as they are."""
        call, notes = self._current(), self.notes
        self._cancel()
        self.perform(lambda verbs, desk: verbs.end(desk, call.id, ending, notes))

    def drop(self) -> None:
        """Say that there was no call."""
        call = self._current()
        self._cancel()
        self.perform(lambda verbs, desk: verbs.drop(desk, call.id), offers_undo=False)

    def perform(self, verb: Callable[[Any, Desk], Done], *, offers_undo: bool = True) -> None:
        """Carry out a verb of calls, say what it did, and show how the call stands then."""

        def carried_out(desk: Desk) -> Done:
            from supportterm.desk import calling

            return verb(calling, desk)

        self._screen().perform(carried_out, lambda _done: self._again(), offers_undo=offers_undo)

    # Notes

    def typed(self, text: str) -> None:
        """Keep the notes, soon."""
        if self.call is None or text == self.notes:
            return
        self.notes, self._is_dirty = text, True
        if self._writing is None:
            self._writing = self._app.set_timer(SOON, self._write)

    def save_now(self) -> None:
        """Write what is not yet written; returns before it is done, the console's close waits for it."""
        call, notes = self.call, self.notes
        if call is not None and self._is_dirty:
            from supportterm.desk import calling

            self._cancel()
            self._app.support.begin(lambda desk: calling.write(desk, call.id, notes))

    def _write(self) -> None:
        call, notes = self.call, self.notes
        self._cancel()
        if call is not None:
            self._verb(lambda calling, desk: calling.write(desk, call.id, notes))

    def _cancel(self) -> None:
        if self._writing is not None:
            self._writing.stop()
        self._writing, self._is_dirty = None, False

    # The store

    def _turn(self, turn: Turn) -> None:
        call, now = self._current(), self._app.support.now()
        self.call = call.turned(turn, now)
        self._rung = 0
        self._verb(lambda calling, desk: calling.turn(desk, call.id, turn, now))
        self.show()

    def _verb(self, verb: Callable[[Any, Desk], object]) -> None:
        """Carry out a small verb in the background; until it is done the store's word is not taken."""
        self._under_way += 1

        def carried_out(desk: Desk) -> object:
            from supportterm.desk import calling

            return verb(calling, desk)

        async def carry_out() -> None:
            try:
                await self._app.support.do(carried_out)
            finally:
                self._under_way -= 1
                self._again()

        self._screen().in_background(carry_out(), opens=False)

    def _again(self) -> None:
        if self._app.is_running and not self._under_way:
            screen, console = self._app.desk_screen, self._app.support
            if screen is not None and screen.is_here:
                self.see(screen, console.views.call(console.me), console.now())

    def _look(self) -> None:
        """See whether a call is under way that this console does not know of yet."""
        if self.call is None:
            console = self._app.support
            call = console.views.call(console.me)
            self._find(call)
            self._take(call)

    def _current(self) -> Call:
        if self.call is None:
            raise RefusedError(f"No call is under way. {self._screen().key_of('call.call')} begins one.")
        return self.call

    def _screen(self) -> DeskScreen[Any]:
        screen = self._app.desk_screen
        if screen is None:
            raise RefusedError("There is no screen to do that on.")
        return screen
