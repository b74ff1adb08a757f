from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens.terminal import end_worker, keep


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration of a store that is not to be changed."""
    return keep(tmp_path_factory.mktemp("seeded"))


@pytest.fixture
def kept(seeded: Path, tmp_path: Path) -> Iterator[Path]:
    """A store of one's own with its configuration; a worker that holds it is ended at the end."""
    store = tmp_path / "store.sqlite3"
    shutil.copy(seeded.with_name("store.sqlite3"), store)
    path = tmp_path / "config.toml"
    path.write_text(seeded.read_text().replace(str(seeded.parent), str(tmp_path)))
    yield path
    end_worker(store)
