from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from supportterm.mail.imap import ImapMailbox
from tests.servers.certificate import Certificate, make_certificate
from tests.servers.dovecot import Dovecot, missing
from tests.servers.smtpd import SmtpServer

_MEMORY, _ROOM = Path("/dev/shm"), 2 << 30  # noqa: S108 pytest makes a folder of this user's own in it

if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))
    """Stores lie in memory: a killed process is as dead there, and nobody waits for a disk."""


_LONG = ("tests/screens/test_p9", "tests/screens/test_every_key", "tests/faults/", "tests/journeys/", "tests/screens/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker is left with it while the others are done."""
    items.sort(key=lambda item: next((i for i, name in enumerate(_LONG) if item.nodeid.startswith(name)), len(_LONG)))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def dovecot_server() -> Iterator[Dovecot]:
    if reason := missing():
        if os.environ.get("CI") == "true":
            pytest.fail(f"These tests need a real server: {reason}.")
        print(f"left out: {reason}")
        pytest.skip(reason)
    server = Dovecot().start()
    yield server
    server.stop()


@pytest.fixture
async def mailbox(dovecot_server: Dovecot) -> AsyncIterator[ImapMailbox]:
    """A connected mailbox on the real server."""
    found = ImapMailbox(dovecot_server.server(), dovecot_server.user, dovecot_server.password)
    await found.connect()
    yield found
    await found.close()


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    server = SmtpServer().start()
    yield server
    server.stop()
