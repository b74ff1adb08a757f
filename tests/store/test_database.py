"""The store: its shape, its counters, and what it refuses."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from supportterm.domain.errors import StoreError
from supportterm.store import backups, migrations, tables
from supportterm.store.database import Database
from supportterm.store.tables import Counter, TicketRow


def ticket(key: str, **facts: object) -> TicketRow:
    values = {"subject": "x", "status": "new", "created_at": 1, "updated_at": 1, "last_message_at": 1, **facts}
    return TicketRow(key=key, ref=f"ST-{key}", **values)


def counted(database: Database) -> dict[tuple[str, str, int], int]:
    with database.write() as session:
        rows = session.connection().exec_driver_sql("SELECT status, assignee, snoozed, n FROM counter WHERE n").all()
    return {(status, assignee, snoozed): n for status, assignee, snoozed, n in rows}


def test_the_tables_are_what_the_migrations_make(tmp_path: Path) -> None:
    Database(tmp_path / "store").close()
    connection = sqlite3.connect(tmp_path / "store")
    assert tables.Counter is Counter
    for name, table in SQLModel.metadata.tables.items():
        made = {row[1]: (row[2], row[3], row[5] > 0) for row in connection.execute(f"PRAGMA table_info({name})")}
        said = {
            column.name: (
                {"VARCHAR": "TEXT"}.get(str(column.type), str(column.type)),
                int(not column.nullable),
                column.primary_key,
            )
            for column in table.columns
        }
        assert made == said, name


def test_it_is_durable_before_a_verb_returns(tmp_path: Path) -> None:
    database = Database(tmp_path / "store")
    with database.write() as session:
        settings = [
            session.connection().exec_driver_sql(f"PRAGMA {p}").scalar() for p in ("journal_mode", "synchronous")
        ]
    assert settings == ["wal", 2]
    database.close()


def test_an_error_rolls_everything_back(tmp_path: Path) -> None:
    database = Database(tmp_path / "store")

    def half_way() -> None:
        with database.write() as session:
            session.add(ticket("A"))
            session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        half_way()
    assert counted(database) == {}
    database.close()


def test_counters_follow_every_change(tmp_path: Path) -> None:
    database = Database(tmp_path / "store")
    with database.write() as session:
        session.add_all([ticket("A"), ticket("B"), ticket("C", status="pending")])
    assert counted(database) == {("new", "", 0): 2, ("pending", "", 0): 1}
    with database.write() as session:
        row = session.get(TicketRow, "A")
        assert row
        row.assignee, row.snoozed_until = "ada", 5
        session.delete(session.get(TicketRow, "C"))
    assert counted(database) == {("new", "", 0): 1, ("new", "ada", 1): 1}
    database.close()


def test_a_newer_store_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "store"
    Database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {migrations.VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"newer supportterm.*Install"):
        Database(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_store_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "store"
    path.write_bytes(b"Dear diary, " * 1000)
    with pytest.raises(StoreError, match="damaged"):
        Database(path)
    assert path.read_bytes().startswith(b"Dear diary")


def test_a_backup_is_whole_private_and_named_in_the_advice(tmp_path: Path) -> None:
    database = Database(tmp_path / "store")
    with database.write() as session:
        session.add(ticket("A"))
    copy = database.backup()
    assert copy.stat().st_mode & 0o077 == 0
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT count(*) FROM ticket").fetchone() == (1,)
    with pytest.raises(StoreError, match="exists already"):
        database.backup(copy)
    database.close()
    assert backups.newest(tmp_path / "store") == copy


def test_an_older_store_is_backed_up_before_it_is_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(tmp_path / "store")
    with database.write() as session:
        session.connection().exec_driver_sql("INSERT INTO raw VALUES ('s', 3, x'414243')")
    database.close()
    monkeypatch.setattr(migrations, "STEPS", [*migrations.STEPS, "CREATE TABLE later (x)"])
    monkeypatch.setattr(migrations, "VERSION", migrations.VERSION + 1)
    Database(tmp_path / "store").close()
    kept = backups.newest(tmp_path / "store")
    assert kept
    with sqlite3.connect(kept) as connection:
        assert migrations.version(connection) == migrations.VERSION - 1
        assert connection.execute("SELECT data FROM raw").fetchone() == (b"ABC",)


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Database(tmp_path / "store").close()
    monkeypatch.setattr(migrations, "STEPS", [*migrations.STEPS, "CREATE TABLE half (x); CREATE TABLE half (x)"])
    monkeypatch.setattr(migrations, "VERSION", migrations.VERSION + 1)
    with pytest.raises(StoreError):
        Database(tmp_path / "store")
    with sqlite3.connect(tmp_path / "store") as connection:
        assert migrations.version(connection) == migrations.VERSION - 1
        assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").fetchone() == (0,)


def test_views_need_no_orm() -> None:
    code = (
        "import sys; import supportterm.store.views;"
        "print(sorted({'sqlmodel', 'sqlalchemy', 'pydantic'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
