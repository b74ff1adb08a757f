"""Opening the store for reading: what is not there yet is said so, however early one looks."""

from pathlib import Path

import pytest

from supportterm.domain.errors import StoreError
from supportterm.store.database import Database
from supportterm.store.views import reading


def test_a_store_another_process_has_only_begun_to_make_is_no_store_yet(tmp_path: Path) -> None:
    """The worker makes the file before its tables: who looks in between is told to fetch mail, not of SQL."""
    begun = tmp_path / "store.sqlite3"
    begun.touch()
    with pytest.raises(StoreError, match=r"no store .* yet"), reading(begun) as views:
        views.sync()


def test_a_store_without_mail_can_be_read(tmp_path: Path) -> None:
    Database(tmp_path / "store.sqlite3").close()
    with reading(tmp_path / "store.sqlite3") as views:
        assert views.sync() == {}
        assert views.outbox() == []
