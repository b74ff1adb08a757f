from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.smtpd import SmtpServer


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    server = SmtpServer().start()
    yield server
    server.stop()
