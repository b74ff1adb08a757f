"""A writer in a process of its own that commits as fast as it can, counting its commits in the store itself."""

from __future__ import annotations

from multiprocessing.synchronize import Event
from pathlib import Path

from supportterm.store import meta
from supportterm.store.database import Database

COUNT = "bulk commits"


def write_in_bulk(store: Path, stop: Event) -> None:
    """Commit without a pause until told to stop."""
    database = Database(store)
    number = 0
    while not stop.is_set():
        number += 1
        with database.write(bulk=True) as session:
            for row in range(20):
                meta.put(session, f"row {row}", f"{number}" * 100)
            meta.put(session, COUNT, str(number))
    database.close()
