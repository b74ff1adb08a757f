"""A full disk, a lock, another file in the store's place: a sentence each, and the desk goes on when it is over."""

from __future__ import annotations

import contextlib
import resource
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from supportterm import bootstrap, config
from supportterm.desk import verbs
from supportterm.store import backups, migrations
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.faults.test_store_faults import another_programs, emptied_beside_a_backup, flipped_first_page, newer
from tests.screens.terminal import Terminal, supportterm, terminal

SIZE = (190, 40)
ENV = {"THROWAWAY": "none"}


def store_of(path: Path) -> Path:
    return path.with_name("store.sqlite3")


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (newer, "written by a newer supportterm"),
        (flipped_first_page, "is damaged"),
        (emptied_beside_a_backup, "Copy its newest backup in its place"),
        (another_programs, "another program's database"),
    ],
)
def test_an_unusable_store_is_named_before_the_screen_is_taken(
    damage: Callable[[Path], None], named: str, kept: Path
) -> None:
    damage(store_of(kept))
    with terminal(kept, size=SIZE, env=ENV) as seen:
        assert seen.wait() == 4
        said = " ".join(seen.text.split())
        assert said.startswith("supportterm: ")
        assert named in said
        assert b"Traceback" not in seen.raw
        assert b"\x1b[?1049h" not in seen.raw


def test_a_read_only_store_is_named_before_the_screen_is_taken(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store_of(kept).chmod(0o400)
    script = (
        "import sys; from tests.faults.test_store_faults import without_roots_eyes; without_roots_eyes();"
        "import os; os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    )
    command = supportterm(kept)
    seen = Terminal([command[0], "-c", script, *command[1:]], SIZE, ENV)
    try:
        assert seen.wait() == 4
        assert "read-only" in seen.text
        assert b"\x1b[?1049h" not in seen.raw
    finally:
        seen.end()


def test_a_locked_store_is_named_before_the_screen_is_taken(kept: Path) -> None:
    with contextlib.closing(sqlite3.connect(store_of(kept), isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        with terminal(kept, size=SIZE, env=ENV) as seen:
            assert seen.wait() == 4
            assert "locked" in seen.text
            assert b"\x1b[?1049h" not in seen.raw


def room(pid: int, size: int) -> None:
    """Let no file of a process grow beyond a size, as on a full disk."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_on_a_full_disk_a_verb_fails_in_a_sentence_and_works_when_there_is_room(kept: Path) -> None:
    """`?` writes a long note here."""
    command = supportterm(kept)
    seen = Terminal([command[0], "-m", "tests.faults.console_process", "verb", *command[3:]], SIZE, ENV)
    try:
        seen.until("? keys")
        seen.type("?")
        seen.until_told("takes it back")
        room(seen.pid, 4096)
        seen.type("?")
        seen.until_told("Nothing")
        seen.type("E")
        seen.until(lambda text: "Someone changed" not in text)
        seen.type("escape")
        seen.until("? keys")
        room(seen.pid, resource.RLIM_INFINITY)
        before = notes(store_of(kept))
        seen.type("?")
        wait_for(lambda: notes(store_of(kept)) == before + 1)
        seen.type("ctrl+q")
        assert seen.wait() == 0
    finally:
        seen.end()
    assert before == 1


def notes(store: Path) -> int:
    with contextlib.closing(sqlite3.connect(store)) as opened:
        return int(opened.execute("SELECT count(*) FROM message WHERE kind = 'note'").fetchone()[0])


def wait_for(what: Callable[[], object]) -> None:
    ends = time.monotonic() + 20
    while not what():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.05)


def test_a_store_that_is_replaced_is_taken_up(kept: Path) -> None:
    """A restore puts another file there; the log of the file before is not played into it."""
    store = store_of(kept)
    desk = bootstrap.build_desk(config.load(kept))
    backup = desk.database.backup()
    with terminal(kept, size=SIZE, env=ENV) as seen:
        seen.until("Someone changed our bank details!!")
        seen.until("offline since")  # the worker holds the file before, too
        with reading(store) as views:
            key = views.queue(Where("t.subject LIKE 'Someone%'"))[0].key
        verbs.note(desk, key, "Written after the backup.")
        assert store.with_name("store.sqlite3-wal").stat().st_size > 0
        store.rename(store.with_name("damaged.sqlite3"))
        with contextlib.closing(sqlite3.connect(backup)) as copy:
            copy.execute("UPDATE ticket SET subject = 'From the backup' WHERE key = ?", [key])
            copy.commit()
        backup.rename(store)
        seen.until("Another file lies in the store's place")
        seen.until("From the backup")
        seen.type("ctrl+q")
        assert seen.wait() == 0
    desk.database.close()
    with contextlib.closing(sqlite3.connect(store)) as restored:
        assert restored.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert restored.execute("SELECT count(*) FROM message WHERE text LIKE 'Written after%'").fetchone() == (0,)
        assert migrations.version(restored) == migrations.VERSION
    assert backups.folder(store).exists()


def test_while_the_store_is_locked_keys_move_and_reading_goes_on_after_it(kept: Path) -> None:
    """The store that is put in place is still locked by who restores it: readers are kept out, the keys are not."""
    store = store_of(kept)
    other = shutil.copy(store, store.with_name("other.sqlite3"))
    with contextlib.closing(sqlite3.connect(other, isolation_level=None)) as restoring:
        restoring.execute("PRAGMA journal_mode = DELETE")
        restoring.execute("UPDATE ticket SET subject = 'Restored ' || subject")
        with terminal(kept, size=SIZE, env=ENV) as seen:
            seen.until("Someone changed our bank details!!")
            restoring.execute("BEGIN EXCLUSIVE")
            Path(other).rename(store)
            seen.until("is locked by another program")
            started = time.monotonic()
            for _ in range(3):
                seen.type("?")
                seen.until("Open the selected ticket.")
                seen.type("escape")
                seen.until(lambda text: "Open the selected ticket." not in text)
            assert time.monotonic() - started < 6
            assert "Someone changed our bank details!!" in seen.text
            restoring.execute("ROLLBACK")
            seen.until("Restored Someone")
            seen.until(lambda text: "is locked by another program" not in text)
            seen.type("ctrl+q")
            assert seen.wait() == 0
