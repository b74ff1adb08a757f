"""Keeps a draft while one types: soon after each key, one write at a time, and never in a key's way."""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from supportterm.desk import drafts
from supportterm.domain.drafts import Draft, Why
from supportterm.domain.errors import SupporttermError
from supportterm.screens.console import Console

SOON = 0.25
"""Seconds from a key to its write; keys in between go with it."""
SLOW = 1.0
"""Seconds a write may take before it is mentioned."""
LATER = 5.0
"""Seconds until a write that was refused is tried again."""
_SHARE = 10
"""A draft whose reading takes long is written more rarely: at most this share of the time goes into it."""


class Keeper:
    """Writes what `take` gives through the console; `told` hears `saved`, `saving` if that takes long, or a problem."""

    def __init__(self, console: Console, take: Callable[[], Draft], told: Callable[[str, str], None]) -> None:
        self._console = console
        self._take = take
        self._told = told
        self._timer: asyncio.TimerHandle | None = None
        self._slow: asyncio.TimerHandle | None = None
        self._writing: Future[None] | None = None
        self._is_dirty = False
        self._is_over = self._is_taken = False
        self._delay = SOON
        self._known: frozenset[str] = frozenset()

    def knows(self, text: str) -> None:
        """Note the text that the store has now; another one that comes there from elsewhere is not written over."""
        self._known |= {text}

    def touch(self) -> None:
        """Note that something was written."""
        if self._is_over:
            return
        if not self._is_dirty:
            self._is_dirty = True
            self._slow = self._slow or asyncio.get_running_loop().call_later(SLOW, self._told, "saving", "")
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._delay, self._fire)

    def now(self, why: Why | None = None, files: Sequence[drafts.Packed] = ()) -> None:
        """Write at once, with a version where there is a reason for one; returns before it is done."""
        if self._is_over or not (self._is_dirty or why or files):
            return
        self._cancel()
        self._write(why, files)

    def stop(self) -> None:
        """Write no more: a verb has taken the draft."""
        self.leave()
        self._is_taken = True

    def leave(self) -> None:
        """Begin no other write: the screen goes. Where the last one fails, `told` still hears of it."""
        self._cancel()
        self._not_slow()
        self._is_over = True

    def go_on(self) -> None:
        """Write again after a `stop`: the draft is still there."""
        self._is_over = self._is_taken = False
        self._is_dirty = False
        self.touch()

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _not_slow(self) -> None:
        if self._slow is not None:
            self._slow.cancel()
            self._slow = None

    def _fire(self) -> None:
        self._timer = None
        if self._is_dirty and not self._is_over and (self._writing is None or self._writing.done()):
            self._write(None, ())

    def _write(self, why: Why | None, files: Sequence[drafts.Packed]) -> None:
        began = time.perf_counter()
        draft = self._take()
        self._delay = max(SOON, _SHARE * (time.perf_counter() - began))
        self._is_dirty = False
        known = self._known
        self._known |= {draft.text}
        self._writing = writing = self._console.begin(
            lambda desk: drafts.save(desk, draft, why=why, files=files, known=known)
        )
        loop, context = asyncio.get_running_loop(), contextvars.copy_context()

        def done(_: Future[None]) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._written, writing, draft.text, context=context)

        writing.add_done_callback(done)

    def _written(self, writing: Future[None], text: str) -> None:
        error = None if writing.cancelled() else writing.exception()
        if error is None and not writing.cancelled():
            self._known = frozenset({text}) if writing is self._writing else self._known
        if writing is not self._writing or self._is_taken:
            return
        self._not_slow()
        if error is not None:
            self._is_dirty = True
            self._told("NOT SAVED", str(error) if isinstance(error, SupporttermError) else "The draft was not saved.")
            self._cancel()
            if not self._is_over:
                self._timer = asyncio.get_running_loop().call_later(LATER, self._fire)
        elif self._is_over:
            return
        elif self._is_dirty:
            self._cancel()
            self._timer = asyncio.get_running_loop().call_later(self._delay, self._fire)
        else:
            self._told("saved", "")
