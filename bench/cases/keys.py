"""S5: from a key to its complete frame, moving, scrolling and writing, idle and while mail comes in."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import quantiles

from bench import big_store
from bench.contenders import CHECKOUT, OURS, write_config
from bench.registry import DATA, BenchError, Row, Session, bench
from bench.terminal import Terminal

ROUNDS, KEYS_IN_A_ROW, LETTERS = 10, 12, 120
EDITOR_MS = {200: 16.0, 2_000: 30.0}
ARRIVING = 1 << 20
"""Bytes of the write-ahead log that show that mail is being stored."""
DOWN, PAGE_DOWN = b"j", b"\x04"
SENTENCE = "Thank you for writing, we have looked at your order and found where it stopped. "


@bench("S5")
def keys(session: Session) -> Iterator[Row]:
    """Press keys one at a time, ours and Textual's own table on the same number of rows."""
    rows = 10 * session.messages
    table = _table(rows)
    with session.scratch() as folder:
        config = big_store.copy(big_store.big_store(DATA, rows), folder)
        with _console(config) as terminal:
            terminal.settle(1.0)
            idle = _pressed(terminal)
            yield Row("S5", f"moving in {rows:,}, p95", idle[0], "DataTable", table[0], 0.5, unit="ms")
            yield Row("S5", f"scrolling in {rows:,}, p95", idle[1], "DataTable", table[1], 0.5, unit="ms")
            terminal.press(b"r")
            for length, limit in EDITOR_MS.items():
                typed = _typing(terminal, length)
                yield Row("S5", f"writing a reply of {length:,} words, p95", typed, limit=limit, unit="ms")
    try:
        busy = _while_syncing(session, rows)
        note = ""
    except BenchError as error:
        busy, note = None, str(error)
    for work, at, seen in (("moving", 0, idle[0]), ("scrolling", 1, idle[1])):
        words = f"{work} during a first sync of {session.messages:,}, p95"
        yield Row("S5", words, busy[at] if busy else None, "idle", seen, 1.5, unit="ms", note=note)


def _console(config: Path) -> Terminal:
    return Terminal((*OURS, "--config", str(config)), CHECKOUT)


def _table(rows: int) -> tuple[float, float]:
    with Terminal((sys.executable, "-m", "bench.table_app", str(rows)), CHECKOUT) as terminal:
        terminal.until(lambda _: b"row-000000" in terminal.output)
        terminal.settle(1.0)
        return _pressed(terminal)


def _pressed(terminal: Terminal, going: Callable[[], bool] = lambda: True) -> tuple[float, float]:
    """Return the 95th percentiles of moving and of scrolling, in milliseconds; a few of each in turns."""
    taken: dict[bytes, list[float]] = {DOWN: [], PAGE_DOWN: []}
    for key in (DOWN, PAGE_DOWN) * ROUNDS:
        for _ in range(KEYS_IN_A_ROW):
            if going() and (milliseconds := terminal.paint(key)) is not None:
                taken[key].append(milliseconds)
    if min(map(len, taken.values())) < 2 * KEYS_IN_A_ROW:
        raise BenchError("too few keys were answered to speak of: take more messages")
    return _p95(taken[DOWN]), _p95(taken[PAGE_DOWN])


def _typing(terminal: Terminal, words: int) -> float:
    """Write some words more into the reply that is open, and return the 95th percentile of a letter behind them."""
    terminal.settle(1.0)
    text = " ".join((SENTENCE * (words // 10)).split()[:words])
    terminal.press(b"\x1b[200~" + text.encode() + b"\x1b[201~")
    terminal.settle(2.0)
    taken = [terminal.paint(b"x" if at % 6 else b" ") for at in range(LETTERS)]
    found = [milliseconds for milliseconds in taken if milliseconds is not None]
    if len(found) < LETTERS * 0.9:
        raise BenchError("the editor did not show what was typed")
    return _p95(found)


def _while_syncing(session: Session, rows: int) -> tuple[float, float]:
    """Measure while `sync --once` fetches a mailbox for the first time into the same store."""
    with session.server() as server, session.scratch() as folder:
        store = big_store.copy(big_store.big_store(DATA, rows), folder).with_name("store.sqlite3")
        config = write_config(server, folder)
        command = [*OURS, "--config", str(config), "sync", "--once"]
        log = store.with_name(store.name + "-wal")
        nowhere = subprocess.DEVNULL
        worker = subprocess.Popen(  # in a session of its own, as a console starts it
            command, cwd=CHECKOUT, stdout=nowhere, stderr=nowhere, start_new_session=True
        )
        try:
            while worker.poll() is None and not (log.exists() and log.stat().st_size > ARRIVING):
                time.sleep(0.02)
            with _console(config) as terminal:
                terminal.settle(0.5, patience=1.5)
                return _pressed(terminal, lambda: worker.poll() is None)
        finally:
            worker.kill()
            worker.wait()


def _p95(milliseconds: list[float]) -> float:
    return quantiles(milliseconds, n=20)[-1]
