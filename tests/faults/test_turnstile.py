"""A verb is let through while a bulk writer commits back to back: counted in the writer's commits, not in time."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

from supportterm.store import meta
from supportterm.store.database import Database
from tests.faults.bulk_process import write_in_bulk

VERBS = 40


def test_at_most_two_bulk_commits_pass_before_a_waiting_verb(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    store = tmp_path / "store.sqlite3"
    database = Database(store)
    commits, stop = context.Value("i", 0), context.Event()
    writer = context.Process(target=write_in_bulk, args=(store, commits, stop))
    writer.start()
    passed = []
    try:
        while commits.value < 5:
            assert writer.is_alive()
        for number in range(VERBS):
            before = commits.value
            with database.write() as session:
                passed.append(commits.value - before)
                meta.put(session, "verb", str(number))
            while commits.value < before + 3:
                assert writer.is_alive()
    finally:
        stop.set()
        writer.join(20)
        database.close()
    print(f"\n{VERBS} verbs: at most {max(passed)} bulk commits passed before one, {sum(passed)} in all")
    assert writer.exitcode == 0
    assert max(passed) <= 2
