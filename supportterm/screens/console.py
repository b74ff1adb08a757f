"""What every screen works with: the store to read, the desk to act, the keys, the signs, the time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from supportterm.config import Config
from supportterm.desk.context import Desk
from supportterm.desk.macros import MacroLibrary
from supportterm.domain import query
from supportterm.domain.clock import Clock, SystemClock
from supportterm.screens.glyphs import Glyphs, named
from supportterm.screens.keys import Keymap
from supportterm.store.database import connect
from supportterm.store.filters import Where, compile_query
from supportterm.store.views import Views

T = TypeVar("T")


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
        build_macros: Callable[[], MacroLibrary],
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
        self.views = _reader(store)
        self.passed: dict[str, datetime] = {}
        """Tickets gone past with `next`, and when each had last changed."""
        self._build_macros = build_macros
        self._macros: MacroLibrary | None = None
        self._build_desk = build_desk
        self._desk: Future[Desk] | None = None
        self._acting = ThreadPoolExecutor(1, "store")
        self._asking = ThreadPoolExecutor(1, "reading")
        self._elsewhere: Views | None = None

    @property
    def me(self) -> str:
        """The agent's id."""
        return self.config.agent.id

    @property
    def macros(self) -> MacroLibrary:
        """The snippets and macros, read on first use."""
        if self._macros is None:
            self._macros = self._build_macros()
        return self._macros

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
        """Begin to load what the first verb needs."""
        if self._desk is None:
            self._desk = self._acting.submit(self._build_desk)

    async def do(self, verb: Callable[[Desk], T]) -> T:
        """Carry out a verb in the store's thread; it is carried out even where nobody waits for it any more.

        Raises:
            SupporttermError: it was refused, or the store cannot be used.
        """
        return await asyncio.shield(asyncio.wrap_future(self._acting.submit(self._act, verb)))

    async def ask(self, question: Callable[[Views], T]) -> T:
        """Put a question to the store that may take long, on a connection of its own."""
        return await asyncio.shield(asyncio.wrap_future(self._asking.submit(self._answer, question)))

    def close(self) -> None:
        """Finish what was begun and let go of the store."""
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
        return verb(self._desk.result())

    def _answer(self, question: Callable[[Views], T]) -> T:
        if self._elsewhere is None:
            self._elsewhere = _reader(self.store)
        return question(self._elsewhere)


def _reader(store: Path) -> Views:
    """Open the store for reading with a small cache of its own: the system keeps the file in memory already."""
    connection = connect(store, readonly=True)
    connection.execute("PRAGMA cache_size = -2000")
    return Views(connection)
