"""No byte of mail acts on the terminal or the console: every screen, every payload, in a real terminal (SAFETY: P9)."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supportterm.desk import verbs
from supportterm.desk.replying import reply
from supportterm.desk.synclock import SyncLock
from supportterm.store.views import reading
from tests.desk.fakes import letter, make_world
from tests.screens.payloads import CANARY, PAYLOADS, infect, macros
from tests.screens.stream import foreign
from tests.screens.terminal import Terminal, configure

SIZE = (120, 36)
COPIED = "Copied "
ESCAPE = 0.25
"""Seconds an Esc has to be answered: with a key right behind it, it would be that key with Alt."""
NAKED = """
import re, sys
import supportterm.domain.text as text
import supportterm.screens.gate as gate
text.clean = lambda text, limit=2000: text[:limit]
text.clean_body = lambda text, limit=1000000: text[:limit]
gate.Gate.apply = lambda self, segments, background: segments
from supportterm.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
"""The console with every door open: what the test must notice."""


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Path]:
    """A store in which every foreign field of every ticket holds a payload; nobody syncs it."""
    world = make_world(tmp_path, undo_seconds=600)
    now = time.time() - world.clock.now().timestamp()
    world.clock.advance(now - 300)
    for number in range(len(PAYLOADS)):
        raw = letter(
            f"Hello {number}\n\n> quoted\n\n-- \nsignature",
            sender=f"kim{number}@bad.example",
            subject=f"Number {number}",
            message_id=f"{number}@bad.example",
            at=world.clock.now(),
        )
        world.server.put(raw, at=world.clock.now())
    asyncio.run(world.sync())
    store = world.desk.database.path
    with reading(store) as views:
        refs = [row[0] for row in views._connection.execute("SELECT ref FROM ticket")]
    for ref in refs:
        verbs.note(world.desk, ref, "a note")
        verbs.change(world.desk, ref, verbs.Change(add_tags=frozenset({"parcel"})))
        reply(world.desk, ref, "an answer", status=verbs.Status.OPEN)
    world.desk.database.close()
    infect(store)
    with contextlib.closing(sqlite3.connect(store)) as connection:
        states = ("uncertain", "refused", "review", "queued")
        for number, state in enumerate(states):
            connection.execute("UPDATE operation SET state = ? WHERE id % 4 = ?", [state, number])
        connection.commit()
    macros(tmp_path)
    lock = SyncLock(store)
    yield configure(tmp_path)
    lock.release()


class Walker:
    """An agent who looks at everything and types what is on the screen's keys."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def press(self, *keys: str, quiet: float = 0.02) -> None:
        """Press keys one after the other, each answered before the next."""
        for key in keys:
            self.terminal.type(key)
            self.terminal.look(ESCAPE if key == "escape" else quiet)
            self.settle(quiet)
            if self.terminal.process.poll() is not None:
                raise AssertionError(f"the console ended on {key!r}: {self.terminal.text}")

    def settle(self, quiet: float) -> None:
        seen = -1
        while seen != len(self.terminal.raw):
            seen = len(self.terminal.raw)
            self.terminal.look(quiet)

    def rest(self, words: str, toast: str = "? keys") -> None:
        """See that the frame stands: the last line is the footer of the screen it should be, or a toast that passes."""
        self.terminal.until(lambda text: words in text.splitlines()[-1] or toast in text.splitlines()[-1], 15)

    def home(self) -> None:
        """Go back to the queue by Esc, as often as it takes, and see that it stands whole."""
        for _ in range(8):
            if "x mark" in self.terminal.lines[-1]:
                break
            self.press("escape", quiet=0.15)
        self.rest("x mark")


def glance(walker: Walker) -> None:
    """Go along the queue."""
    walker.terminal.until("? keys")
    walker.settle(0.5)
    walker.press("v", "v", *"1234567809")
    for _ in PAYLOADS:
        walker.press("j")


def walk(walker: Walker) -> None:
    """Go through every screen; on every ticket open all there is to open."""
    glance(walker)
    walker.rest("? keys")
    walker.press("g", "/", "tag:", "tab", "escape")
    for opens in ("t", "a", "s", "y", "b", "w", "!", "P", "M"):
        walker.press(opens, "down", "escape")
    walker.rest("? keys")
    walker.press("enter")
    walker.rest("Esc back")
    for _ in PAYLOADS:
        walker.press('"', "h")
        walker.rest("? keys", COPIED)
        walker.press("h", "H", "escape", "d", "down", "escape", "o", "down", "escape", "w", "escape")
        walker.press("y", "down", "enter")
        walker.rest("? keys", COPIED)
        walker.press("J")
    walker.press("r", "ctrl+y", "ctrl+o", *["down"] * len(PAYLOADS), "enter", "f5", "f5", "f8", "down")
    walker.home()
    walker.press("O", *["j", "enter", "escape"] * len(PAYLOADS), "a")
    walker.home()
    walker.press("E", "G")
    walker.home()
    walker.press("ctrl+f", *"hello", *["down"] * len(PAYLOADS))
    walker.home()
    walker.press("?", "G", "escape", "ctrl+p", *"sync", "escape", ":", "t", "tab")
    walker.home()


def test_nothing_of_a_stranger_reaches_the_terminal(config: Path) -> None:
    leaks = visit([sys.executable, "-m", "supportterm", "--config", str(config)], walk)
    assert leaks == Counter()


def test_the_walk_notices_when_the_doors_are_open(config: Path) -> None:
    leaks = visit([sys.executable, "-c", NAKED, "--config", str(config)], glance)
    print(sum(leaks.values()), "leaks of", len(leaks), "kinds with the doors open")
    assert sum(leaks.values()) > len(PAYLOADS)


def visit(command: list[str], way: Callable[[Walker], None]) -> Counter[str]:
    """Go a way through the console and return what was foreign in all it wrote."""
    terminal = Terminal(command, SIZE)
    try:
        way(Walker(terminal))
        assert CANARY in terminal.raw.decode()
        return foreign(terminal.raw, SIZE, CANARY)
    finally:
        terminal.end()
