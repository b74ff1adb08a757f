"""Bad input gets one clear sentence that says what to do, an exit status, and loses nothing."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desk.fakes import World, letter
from tests.servers.dovecot import Dovecot
from tests.servers.smtpd import SmtpServer

CONFIG = """
store = "{store}"
[agent]
id = "ada"
[mailbox]
address = "support@acme.example"
[mailbox.imap]
host = "{host}"
port = {port}
security = "{security}"
user = "{user}"
password_command = ["printenv", "TEST_PASSWORD"]
timeout_seconds = 5
{ca}
[mailbox.smtp]
host = "127.0.0.1"
port = {smtp_port}
security = "plaintext-on-loopback"
password_command = ["printenv", "TEST_PASSWORD"]
timeout_seconds = 5
"""


def configured(folder: Path, **facts: object) -> Path:
    values = {
        "store": folder / "store.sqlite3", "host": "127.0.0.1", "port": 1, "security": "plaintext-on-loopback",
        "user": "support", "ca": "", "smtp_port": 1,
    }  # fmt: skip
    path = folder / "config.toml"
    path.write_text(CONFIG.format(**values | facts))
    return path


def run(
    config: Path | None, *words: str, password: str = "nonsense", limit: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    pointed = ["--config", str(config)] if config else []
    return subprocess.run(
        [sys.executable, "-m", "supportterm", *pointed, *words],
        capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, preexec_fn=limit,
        env={**os.environ, "TEST_PASSWORD": password},
    )  # fmt: skip


def one_sentence(result: subprocess.CompletedProcess[str], status: int, *parts: str) -> None:
    said = result.stderr.strip()
    assert result.returncode == status, said
    assert "Traceback" not in said
    assert len(said.splitlines()) == 1, said
    for part in parts:
        assert part in said


@pytest.mark.dovecot
def test_a_wrong_password(dovecot_server: Dovecot, tmp_path: Path) -> None:
    config = configured(tmp_path, port=dovecot_server.port, user=dovecot_server.user)
    result = run(config, "sync", "--once")
    one_sentence(result, 3, "password")
    assert "nonsense" not in result.stderr


@pytest.mark.dovecot
def test_a_certificate_nobody_vouches_for(dovecot_server: Dovecot, tmp_path: Path) -> None:
    config = configured(tmp_path, port=dovecot_server.tls_port, user=dovecot_server.user, security="tls")
    one_sentence(run(config, "sync", "--once", password=dovecot_server.password), 3, "certificate")


def test_an_unknown_host(tmp_path: Path) -> None:
    config = configured(tmp_path, host="imap.nowhere.invalid", security="tls", port=993)
    one_sentence(run(config, "sync", "--once"), 3, "imap.nowhere.invalid")


def test_a_port_where_nobody_listens(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        config = configured(tmp_path, port=taken.getsockname()[1])
        one_sentence(run(config, "sync", "--once"), 3, "127.0.0.1")


@pytest.mark.parametrize(
    ("mistake", "parts"),
    [
        ('pasword_command = ["pass"]', ("line", "password_command")),
        ('password = "hunter2"', ("passwords do not belong", "password_command")),
        ("timeout_seconds = true", ("line", "a number")),
        ('security = "plain"', ("line", "must be one of")),
        ("port = 993\nport = 994", ("not valid TOML", "line")),
    ],
)
def test_a_mistake_in_the_configuration(tmp_path: Path, mistake: str, parts: tuple[str, ...]) -> None:
    config = configured(tmp_path)
    text = config.read_text().replace("timeout_seconds = 5\n\n[mailbox.smtp]", f"{mistake}\n\n[mailbox.smtp]")
    config.write_text(text.replace('security = "plaintext-on-loopback"\n', "", 1) if "security" in mistake else text)
    result = run(config, "config", "check")
    one_sentence(result, 2, *parts)
    assert "hunter2" not in result.stderr


def test_clear_text_is_for_this_machine_only(tmp_path: Path) -> None:
    config = configured(tmp_path, host="imap.acme.example")
    one_sentence(run(config, "config", "check"), 2, "plaintext-on-loopback", "tls", "line")


def test_no_configuration_yet(tmp_path: Path) -> None:
    one_sentence(run(tmp_path / "none.toml", "queue"), 2, "none.toml", "supportterm demo")


def test_no_store_yet(tmp_path: Path) -> None:
    one_sentence(run(configured(tmp_path), "queue"), 4, "supportterm sync")


def test_a_snippet_with_a_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_text('+++\ntitle = "Bad"\n+++\nHello {{ticket.nmae}}\n${1|a,b\n')
    result = run(None, "macro", "check", str(tmp_path))
    assert result.returncode == 2
    assert "bad.md, line" in result.stdout
    assert "Traceback" not in result.stderr


def test_a_query_that_cannot_be_read_points_at_the_word(world: World, tmp_path: Path) -> None:
    config = configured(tmp_path, store=world.desk.database.path)
    result = run(config, "queue", "tag:税", "staus:open")
    assert result.returncode == 2
    assert "staus" in result.stderr
    assert "`status`" in result.stderr
    assert result.stderr.splitlines()[1:] == ["  tag:税 staus:open", "         ^^^^^"]
    one_sentence(run(config, "queue", "--view", "noww"), 2, "now")


def test_an_unknown_ticket(world: World, tmp_path: Path) -> None:
    config = configured(tmp_path, store=world.desk.database.path)
    for words in (["show", "ST-NOPE0"], ["reply", "ST-NOPE0", "hello"], ["why", "'"], ["set", "x", "--status", "open"]):
        one_sentence(run(config, *words), 2, "no ticket")


def test_a_mail_no_parser_likes_is_told_and_the_rest_read(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.eml", tmp_path / "bad.eml"
    good.write_bytes(letter("Hello"))
    bad.write_bytes(b"Content-Type: multipart/mixed; boundary=x\r\n" + b"\xff\x00" * 5000 + b"--x\r\n" * 2000)
    result = run(None, "parse", str(bad), str(tmp_path / "missing.eml"), str(good), "--json")
    assert result.stdout.count("\n") == 3
    assert '"error"' in result.stdout
    assert "Hello" in result.stdout
    assert "Traceback" not in result.stderr


async def test_a_full_disk_loses_nothing(world: World, tmp_path: Path) -> None:
    await world.sync()
    world.server.put(letter("Where is my parcel?", message_id="q@x"), at=world.clock.now())
    await world.sync()
    path = world.desk.database.path
    world.desk.database.close()
    config = configured(tmp_path, store=path)
    ref = run(config, "queue", "is:open", "--json").stdout.split('"ref": "')[1][:8]
    assert run(config, "note", ref, "before").returncode == 0
    room = path.with_name(path.name + "-wal")
    size = max(path.stat().st_size, room.stat().st_size if room.exists() else 0)

    def full() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, size // 2))

    failed = run(config, "note", ref, "x" * 100_000, limit=full)
    assert failed.returncode == 4, failed.stderr
    assert "Traceback" not in failed.stderr
    shown = run(config, "show", ref)
    assert "before" in shown.stdout
    assert run(config, "note", ref, "after").returncode == 0


@pytest.mark.dovecot
def test_nothing_of_the_password_is_left_behind(dovecot_server: Dovecot, tmp_path: Path) -> None:
    smtp = SmtpServer().start()
    try:
        config = configured(tmp_path, port=dovecot_server.port, user=dovecot_server.user, smtp_port=smtp.port)
        result = run(config, "sync", "--once", password=dovecot_server.password)
        assert result.returncode == 0, result.stderr
    finally:
        smtp.stop()
    secret = dovecot_server.password.encode()
    assert secret not in (result.stdout + result.stderr).encode()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if secret in path.read_bytes()] == []
