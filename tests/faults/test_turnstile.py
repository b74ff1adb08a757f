"""A verb is let through while a bulk writer commits back to back: counted in the writer's commits, not in time."""

from __future__ import annotations

import contextlib
import multiprocessing
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from supportterm.store import meta
from supportterm.store.database import Database, connect
from supportterm.store.turnstile import Turnstile
from tests.faults.bulk_process import COUNT, write_in_bulk

VERBS = 40


def committed(reader: sqlite3.Connection) -> int:
    row = reader.execute("SELECT value FROM meta WHERE name = ?", [COUNT]).fetchone()
    return int(row[0]) if row else 0


def test_a_waiting_verb_goes_before_the_next_bulk_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At most the commit under way is ended before a verb that holds the turnstile; to get there takes about as long.

    From its request on a verb lets two pass on average at most: how long the
    system lets this process wait before it even asks is not ours.
    """
    context = multiprocessing.get_context("spawn")
    store = tmp_path / "store.sqlite3"
    database = Database(store)
    with database.write() as session:  # loads the libraries, which is not waiting
        meta.put(session, "verb", "first")
    reader = connect(store, readonly=True)
    held: list[int] = []
    hold = Turnstile.hold

    @contextlib.contextmanager
    def counted(self: Turnstile) -> Iterator[None]:
        with hold(self):
            held.append(committed(reader))
            yield

    monkeypatch.setattr(Turnstile, "hold", counted)
    stop = context.Event()
    writer = context.Process(target=write_in_bulk, args=(store, stop))
    writer.start()
    since_held, since_asked = [], []
    try:
        while committed(reader) < 5:
            assert writer.is_alive()
        for number in range(VERBS):
            asked = committed(reader)
            with database.write() as session:
                now = int(meta.get(session, COUNT) or 0)
                since_held.append(now - held[-1])
                since_asked.append(now - asked)
                meta.put(session, "verb", str(number))
            while committed(reader) < now + 3:
                assert writer.is_alive()
    finally:
        stop.set()
        writer.join(20)
        reader.close()
        database.close()
    print(f"\n{VERBS} verbs: {max(since_held)} bulk commits at most before one, {sum(since_asked)} since all asked")
    assert writer.exitcode == 0
    assert max(since_held) <= 1
    assert sum(since_asked) <= 2 * VERBS
