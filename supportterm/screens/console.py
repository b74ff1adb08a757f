"""What every screen works with: the store to read, the desk to act, the keys, the signs, the time."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import sqlite3
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Lock, get_native_id
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from supportterm.config import shelf
from supportterm.desk.config_watch import ConfigWatch
from supportterm.domain import query
from supportterm.domain.clock import Clock, SystemClock
from supportterm.screens import garbage
from supportterm.screens.glyphs import Glyphs, named
from supportterm.screens.keys import Keymap
from supportterm.store.database import BUSY_SECONDS, connect, is_current
from supportterm.store.filters import Where, compile_query
from supportterm.store.place import Place
from supportterm.store.views import Views

if TYPE_CHECKING:
    from supportterm.config import Config
    from supportterm.desk.context import Desk
    from supportterm.desk.house_hints import HouseHints
    from supportterm.desk.macros import MacroLibrary, MacroWatch
    from supportterm.desk.spelling import Spelling

T = TypeVar("T")
PATIENCE = 0.05
"""Seconds a reading on the UI's thread waits for a lock; then it is "not now", and tried again at the next tick."""

NICENESS = 5
"""How far the reading of orders and counts stands behind the keys; a worker stands farther."""


class Console:
    """One agent's desk as the screens see it.

    Reading is plain SQL and needs no ORM: short questions go to `views` at
    once, long ones through `ask`, in a thread of its own. Acting goes through
    `do`, one verb after the other in the store's thread, so that no key waits.
    """

    def __init__(
        self,
        config: Config,
        store: Path,
        build_desk: Callable[[], Desk],
        watch_macros: Callable[[], MacroWatch],
        keymap: Keymap | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Open the store for reading; the desk is built in the background, on its first use.

        Raises:
            StoreError: there is no store, or it cannot be read.
        """
        self.config = config
        self.store = store
        self.keymap: Keymap = keymap or {}
        self.clock: Clock = clock or SystemClock()
        self.glyphs: Glyphs = named(config.console.glyphs)
        self.views = Views(_connected(store, PATIENCE))
        self.shelf = shelf(config)
        """The queue's views: those every desk has, and this one's own."""
        self._place = Place(store)
        self.is_ringing = False
        """Reminders or warnings are being told."""
        self.asked_for_notices = False
        """Whether desktop notices are wanted was asked since the console began."""
        self.later_forms: set[str] = set()
        self.passed: dict[str, datetime] = {}
        """Tickets gone past with `next`, and when each had last changed."""
        self.recent: list[str] = []
        """The commands last chosen from the palette, the latest first."""
        self._watch = ConfigWatch(config)
        self._watch_macros = watch_macros
        self._macros: MacroWatch | None = None
        self._reading_macros = Lock()
        self._house_hints: HouseHints | None = None
        self._reading_hints = Lock()
        self._spelling: Spelling | None = None
        self._build_desk = build_desk
        self._desk: Future[Desk] | None = None
        self._acting = ThreadPoolExecutor(1, "store")
        self._asking = ThreadPoolExecutor(1, "reading", _step_back)
        self._elsewhere: Views | None = None

    @property
    def me(self) -> str:
        """The agent's id."""
        return self.config.agent.id

    @property
    def macros(self) -> MacroLibrary:
        """The snippets and macros, read on first use; `macro_files` looks whether they changed."""
        return self.macro_files.library

    @property
    def macro_files(self) -> MacroWatch:
        """What reads the macros' files."""
        with self._reading_macros:
            if self._macros is None:
                self._macros = self._watch_macros()
            return self._macros

    @property
    def spelling(self) -> Spelling | None:
        """What knows which words are misspelt, its process begun with the first word; None where nobody wants it."""
        if self._spelling is None and self.config.spelling.enabled:
            from supportterm.desk.spelling import Spelling

            self._spelling = Spelling(self.config)
        return self._spelling

    @property
    def house_hints(self) -> HouseHints:
        """The hints with what this house adds to them, read with the first text; any thread may ask."""
        with self._reading_hints:
            if self._house_hints is None:
                from supportterm.desk import house_hints

                self._house_hints = house_hints.of(self.config)
            return self._house_hints

    def now(self) -> datetime:
        """Return the current instant in UTC."""
        return self.clock.now()

    def where(self, text: str) -> Where:
        """Translate a query for this agent and instant.

        Raises:
            QueryError: it cannot be read, or asks for what is not recorded.
        """
        return self.compiled(query.parse(text))

    def compiled(self, wanted: query.Query) -> Where:
        """Translate a query that was read already.

        Raises:
            QueryError: it asks for what is not recorded.
        """
        zone = ZoneInfo(self.config.policy.time_zone)
        return compile_query(wanted, me=self.me, now_ms=int(self.now().timestamp() * 1000), zone=zone)

    def warm(self) -> None:
        """Begin to load what the first verb needs; garbage is looked for once that is there, and not in it."""
        if self._desk is None:
            self._desk = self._acting.submit(self._build_desk)
        self._desk.add_done_callback(_loaded)

    async def do(self, verb: Callable[[Desk], T]) -> T:
        """Carry out a verb in the store's thread; it is carried out even where nobody waits for it any more.

        Raises:
            SupporttermError: it was refused, or the store cannot be used.
        """
        return await asyncio.shield(asyncio.wrap_future(self.begin(verb)))

    def begin(self, verb: Callable[[Desk], T]) -> Future[T]:
        """Hand a verb to the store's thread and return at once, for those who cannot wait; `close` waits for it."""
        return self._acting.submit(self._act, verb)

    def follow_policies(self) -> None:
        """Let the policies of a file that was written to count; nothing else is looked at than when it was."""
        if self._watch.is_written():
            self.begin(lambda _desk: None)

    async def ask(self, question: Callable[[Views], T]) -> T:
        """Put a question to the store that may take long, on a connection of its own."""
        return await asyncio.shield(asyncio.wrap_future(self._asking.submit(self._answer, question)))

    def is_replaced(self) -> bool:
        """Tell whether another file lies in the store's place: a restore puts one there."""
        return self._place.is_taken_by_another()

    async def reopen(self) -> None:
        """Let go of the file that was the store, and work on the one that lies in its place now.

        Raises:
            StoreError: it cannot be used; until it can, every reading fails.
        """
        await asyncio.wrap_future(self._asking.submit(self._let_go_of_reading))
        await asyncio.wrap_future(self._acting.submit(self._let_go_of_desk))
        self.views.close()  # last: a verb under way may take its time, and until then there is something to show
        self._place.set_aside()
        if not await asyncio.to_thread(is_current, self.store, PATIENCE):
            await self.do(lambda desk: None)  # brings a store of an older version up to date
        self.views.turn_to(_connected(self.store, PATIENCE))
        self._place = Place(self.store)

    async def settled(self, patience: float) -> None:
        """Wait until the verbs under way are done, at most so many seconds."""
        done = asyncio.wrap_future(self._acting.submit(lambda: None))
        await asyncio.wait([done], timeout=patience)

    def close(self) -> None:
        """Finish what was begun and let go of the store."""
        if self._spelling is not None:
            self._spelling.close()
        self._acting.shutdown(wait=True)
        self._asking.shutdown(wait=True, cancel_futures=True)
        if self._desk is not None and self._desk.exception() is None:
            self._desk.result().database.close()

    def _act(self, verb: Callable[[Desk], T]) -> T:
        if self._desk is None or (self._desk.done() and self._desk.exception() is not None):
            self._desk = Future()
            try:
                self._desk.set_result(self._build_desk())
            except BaseException as error:
                self._desk.set_exception(error)
                raise
        desk = self._desk.result()
        if self._watch.look():
            now = self._watch.config
            self.config = dataclasses.replace(self.config, policy=now.policy, policies=now.policies)
            desk.ranking.follow(self.config)
            desk = dataclasses.replace(desk, config=self.config)
            self._desk = Future()
            self._desk.set_result(desk)
        desk.ranking.follow_packs()
        return verb(desk)

    def _let_go_of_desk(self) -> None:
        desk, self._desk = self._desk, None
        if desk is not None and desk.done() and desk.exception() is None:
            desk.result().database.close()

    def _let_go_of_reading(self) -> None:
        reading, self._elsewhere = self._elsewhere, None
        if reading is not None:
            reading.close()

    def _answer(self, question: Callable[[Views], T]) -> T:
        if self._elsewhere is None:
            self._elsewhere = Views(_connected(self.store, BUSY_SECONDS))
        return question(self._elsewhere)


def _step_back() -> None:
    """Leave the processor to the thread that answers keys; where a thread's priority is its own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, get_native_id(), NICENESS)


def _loaded(_: object) -> None:
    """Begin to look for garbage: to go through all that was loaded, time and again, would hold up keys."""
    garbage.begin()


def _connected(store: Path, patience: float) -> sqlite3.Connection:
    """Open the store for reading with a small cache of its own: the system keeps the file in memory already."""
    connection = connect(store, readonly=True, patience=patience)
    connection.execute("PRAGMA cache_size = -2000")
    return connection
