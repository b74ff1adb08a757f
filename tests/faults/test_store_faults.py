"""P8: a store that cannot be used is refused in one sentence, and what was acknowledged can be read again."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import hashlib
import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from supportterm.__main__ import main
from supportterm.desk import verbs
from supportterm.domain.errors import StoreError
from supportterm.store import backups, database, migrations
from tests.faults.mailbox import deliver
from tests.faults.scene import NOW, Scene, letter

CONFIG = """
store = "{store}"

[mailbox]
address = "desk@shop.example"

[mailbox.imap]
host = "127.0.0.1"
port = 9
security = "plaintext-on-loopback"
password_command = ["echo", "none"]

[mailbox.smtp]
host = "127.0.0.1"
port = 9
security = "plaintext-on-loopback"
password_command = ["echo", "none"]
"""
COMMANDS = {
    "queue": ["queue"],
    "note": ["note", "{ref}", "Something to keep."],
    "set": ["set", "{ref}", "--assignee", "me"],
    "sync": ["sync", "--once"],
    "backup": ["backup"],
}


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A desk with 30 tickets, a configuration, and nothing open."""
    made = Scene(tmp_path)
    for number in range(30):
        mail = letter(
            f"Buyer <buyer{number}@buyer.example>",
            f"Matter {number}",
            "Words. " * 200,
            message_id=f"<{number}@b.example>",
        )
        deliver(made.root, mail, NOW - timedelta(hours=5))
    asyncio.run(made.sync())
    (tmp_path / "config.toml").write_text(CONFIG.format(store=made.store))
    return made


def arguments(scene: Scene, command: str, ref: str = "ST-2") -> list[str]:
    return ["--config", str(scene.place / "config.toml"), *(part.format(ref=ref) for part in COMMANDS[command])]


def digest(scene: Scene) -> dict[str, str]:
    return {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in scene.place.glob("store.sqlite3") if p.is_file()
    }


def newer(store: Path) -> None:
    with contextlib.closing(sqlite3.connect(store)) as open_store:
        open_store.execute(f"PRAGMA user_version = {migrations.VERSION + 1}")


def flipped_header(store: Path) -> None:
    data = bytearray(store.read_bytes())
    data[:16] = bytes(byte ^ 0xFF for byte in data[:16])
    store.write_bytes(data)


def flipped_first_page(store: Path) -> None:
    data = bytearray(store.read_bytes())
    data[100:140] = bytes(byte ^ 0xFF for byte in data[100:140])
    store.write_bytes(data)


def halved(store: Path) -> None:
    os.truncate(store, store.stat().st_size // 2)


def beheaded(store: Path) -> None:
    os.truncate(store, 50)


def emptied_beside_a_backup(store: Path) -> None:
    with contextlib.closing(sqlite3.connect(store)) as whole:
        backups.make(whole, backups.folder(store), "backup")
    os.truncate(store, 0)


def text_instead(store: Path) -> None:
    store.write_text("Dear diary, this is no database at all.\n" * 100)


def another_programs(store: Path) -> None:
    store.unlink()
    with contextlib.closing(sqlite3.connect(store)) as other:
        other.execute("CREATE TABLE songs (title TEXT)")


def folder_instead(store: Path) -> None:
    store.unlink()
    store.mkdir()


DAMAGE: list[Callable[[Path], None]] = [
    newer,
    flipped_header,
    flipped_first_page,
    halved,
    beheaded,
    emptied_beside_a_backup,
    text_instead,
    another_programs,
    folder_instead,
]


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the one sentence a command wrote, and see that it is one."""
    written = capsys.readouterr()
    assert written.out == ""
    assert "Traceback" not in written.err
    lines = written.err.strip().splitlines()
    assert len(lines) == 1, written.err
    assert lines[0].startswith("supportterm: ")
    assert lines[0].endswith(".")
    return lines[0]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_an_unusable_store_is_refused_in_one_sentence_and_left_alone(
    damage: Callable[[Path], None], command: str, scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    ref = next(iter(scene.refs().values()))
    damage(scene.store)
    before = digest(scene)
    assert main(arguments(scene, command, ref)) == 4
    print(said(capsys))
    assert digest(scene) == before


def test_an_empty_file_without_a_backup_becomes_a_store(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    """It is what a first start that was killed leaves."""
    os.truncate(scene.store, 0)
    assert main(arguments(scene, "queue")) == 4
    assert "no store" in said(capsys)
    assert asyncio.run(scene.sync()) == 30
    assert main(arguments(scene, "queue")) == 0


def test_the_backup_of_one_store_is_not_offered_for_another(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    with scene.desk() as desk:
        made = desk.database.backup()
    other = scene.store.with_name("other.sqlite3")
    text_instead(other)
    (scene.place / "config.toml").write_text(CONFIG.format(store=other))
    assert main(arguments(scene, "queue")) == 4
    assert made.name not in said(capsys)
    text_instead(scene.store)
    (scene.place / "config.toml").write_text(CONFIG.format(store=scene.store))
    assert main(arguments(scene, "queue")) == 4
    assert str(made) in said(capsys)


@pytest.mark.parametrize("command", ["note", "set", "sync"])
def test_a_locked_store_is_refused_after_a_while(
    command: str, scene: Scene, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    ref = next(iter(scene.refs().values()))
    with contextlib.closing(sqlite3.connect(scene.store, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert main(arguments(scene, command, ref)) == 4
        assert "locked" in said(capsys)
    assert main(arguments(scene, "note", ref)) == 0


def in_child(scene: Scene, command: str, ref: str, limit: Callable[[], None]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "supportterm", *arguments(scene, command, ref)],
        capture_output=True,
        text=True,
        preexec_fn=limit,
        check=False,
        timeout=60,
    )


def without_roots_eyes() -> None:
    """Give up root's right to pass over file modes (CAP_DAC_OVERRIDE, capabilities(7)) in the program to come."""
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)


@pytest.mark.parametrize("command", ["note", "sync"])
def test_a_read_only_store_is_refused(command: str, scene: Scene) -> None:
    ref = next(iter(scene.refs().values()))
    scene.store.chmod(0o400)
    before = digest(scene)
    run = in_child(scene, command, ref, without_roots_eyes)
    assert (run.returncode, run.stdout) == (4, "")
    assert "read-only" in run.stderr
    assert run.stderr.count("\n") == 1
    assert digest(scene) == before
    scene.store.chmod(0o600)


def small_files() -> None:
    """Let no file grow beyond 1 MB, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))


NOTES_UNTIL_FULL = """
import sys
from pathlib import Path
from supportterm.desk import verbs
from supportterm.domain.errors import StoreError
from tests.faults.scene import Scene

with Scene(Path(sys.argv[1])).desk() as desk:
    for number in range(100_000):
        try:
            verbs.note(desk, sys.argv[2], f"note {number} " + "word " * 2000)
        except StoreError as error:
            print(error, file=sys.stderr)
            break
        print(number, flush=True)
"""


def test_on_a_full_disk_what_was_acknowledged_can_be_read(scene: Scene) -> None:
    ref = next(iter(scene.refs().values()))
    run = subprocess.run(
        [sys.executable, "-c", NOTES_UNTIL_FULL, str(scene.place), ref],
        capture_output=True,
        text=True,
        preexec_fn=small_files,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert run.stderr.count("\n") == 1, run.stderr
    assert "disk" in run.stderr
    acknowledged = {int(line) for line in run.stdout.split()}
    with contextlib.closing(sqlite3.connect(scene.store)) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = {int(text.split()[1]) for (text,) in store.execute("SELECT text FROM message WHERE kind = 'note'")}
    print(f"\ndisk full: {len(acknowledged)} notes acknowledged, {len(acknowledged - kept)} of them lost")
    assert len(acknowledged) > 5
    assert acknowledged == kept
    with scene.desk() as desk:
        assert verbs.note(desk, ref, "There is room again.").ref == ref


def test_an_older_store_is_backed_up_whole_before_it_is_migrated(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "STEPS", [*migrations.STEPS, "ALTER TABLE ticket ADD COLUMN mood TEXT;"])
    monkeypatch.setattr(migrations, "VERSION", migrations.VERSION + 1)
    with scene.desk():
        pass
    (backup,) = backups.folder(scene.store).glob("*.sqlite3")
    with contextlib.closing(sqlite3.connect(backup)) as old, contextlib.closing(sqlite3.connect(scene.store)) as new:
        assert migrations.version(old) == migrations.VERSION - 1
        assert migrations.version(new) == migrations.VERSION
        assert "mood" in {row[1] for row in new.execute("PRAGMA table_info(ticket)")}
        assert "mood" not in {row[1] for row in old.execute("PRAGMA table_info(ticket)")}
        for table in ("ticket", "message", "location", "event"):
            query = f"SELECT count(*) FROM {table}"  # noqa: S608 - four fixed names
            assert old.execute(query).fetchone() == new.execute(query).fetchone()
        sources = "SELECT sha, data FROM raw ORDER BY sha"
        assert old.execute(sources).fetchall() == new.execute(sources).fetchall()
        assert len(old.execute(sources).fetchall()) == 30
    assert backup.stat().st_mode & 0o077 == 0


def test_a_migration_that_fails_leaves_the_store_as_it_was(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.closing(sqlite3.connect(scene.store)) as store:
        before = list(store.iterdump())
    broken = "ALTER TABLE ticket ADD COLUMN mood TEXT; INSERT INTO nowhere VALUES (1);"
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "STEPS", [*migrations.STEPS, broken])
        patched.setattr(migrations, "VERSION", migrations.VERSION + 1)
        with pytest.raises(StoreError), scene.desk():
            pass
    with contextlib.closing(sqlite3.connect(scene.store)) as store:
        assert list(store.iterdump()) == before
        assert migrations.version(store) == migrations.VERSION
