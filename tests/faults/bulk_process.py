"""A writer in a process of its own that commits as fast as it can."""

from __future__ import annotations

from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from pathlib import Path

from supportterm.store import meta
from supportterm.store.database import Database


def write_in_bulk(store: Path, commits: Synchronized[int], stop: Event) -> None:
    """Commit without a pause, counting."""
    database = Database(store)
    number = 0
    while not stop.is_set():
        with database.write(bulk=True) as session:
            for _ in range(20):
                number += 1
                meta.put(session, f"bulk{number % 500}", "x" * 500)
        with commits.get_lock():
            commits.value += 1
    database.close()
