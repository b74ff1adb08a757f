"""No byte of a mail acts on the terminal: what commands print holds no control character and no bidi override."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from pathlib import Path

import pytest

from supportterm.__main__ import main
from supportterm.desk import verbs
from supportterm.desk.replying import reply
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import NOW, World

PAYLOADS = (
    "\x1b]52;c;ZXZpbA==\x07", "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\", "\x1b]0;owned\x07",
    "\x1b[2J\x1b[H", "\x1b[6n", "\x1bP$q\x1b\\", "\x1b_apc\x1b\\", "\x1b]unterminated", "\x9b31m\x9d0;x\x9c",
    "a\x00b\x0e\x0f\x7f\x08\x08c", "one\rtwo", "\x85next\u2028line", "\u202egpj.exe\u202c", "\u2066x\u2069",
    "\u200b\u200d\u2060", "\U000e0041\U000e0042", "e" + "\u0301" * 60, "[/red][@click=app.quit]x[/]",
)  # fmt: skip
ACTIVE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def hostile(payload: str, number: int) -> bytes:
    """Write a mail that carries the payload in every field, encoded as mail programs encode."""
    word = f"=?utf-8?b?{base64.b64encode(payload.encode()).decode()}?="
    body = base64.encodebytes(f"Look: {payload} parcel\n".encode()).decode()
    return (
        f"From: {word} <evil{number}@bad.example>\nTo: support@acme.example\nSubject: {word}\n"
        f"Message-ID: <{number}@bad.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{body}\n--b\n"
        f'Content-Type: text/plain\nContent-Disposition: attachment; filename="{word}"\n\nx\n--b--\n'
    ).encode()


@pytest.fixture
def config(world: World, tmp_path: Path) -> Path:
    for number, payload in enumerate(PAYLOADS):
        world.server.put(hostile(payload, number), at=NOW)
    asyncio.run(world.sync())
    with reading(world.desk.database.path) as views:
        for ticket, payload in zip(views.queue(Where("1"), 100), PAYLOADS, strict=False):
            verbs.note(world.desk, ticket.ref, f"note {payload}")
            reply(world.desk, ticket.ref, f"answer {payload}")
    path = tmp_path / "config.toml"
    server = 'host = "127.0.0.1"\nport = 1\nsecurity = "plaintext-on-loopback"\n'
    path.write_text(
        f'store = "{world.desk.database.path}"\n[agent]\nid = "ada"\n[mailbox]\naddress = "support@acme.example"\n'
        f"[mailbox.imap]\n{server}[mailbox.smtp]\n{server}"
    )
    return path


def test_no_command_prints_what_acts_on_a_terminal(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*words: str) -> str:
        capsys.readouterr()
        assert main(["--config", str(config), *words]) in (0, 1)
        told = capsys.readouterr()
        return told.out + told.err

    lines = run("queue", "status:pending", "--limit", "100", "--json").splitlines()
    refs = [json.loads(line)["ref"] for line in lines]
    assert len(refs) == len(PAYLOADS)
    printed = [run("queue", "waiting"), run("search", "parcel"), run("outbox", "list"), run("outbox", "list", "--json")]
    for ref in refs:
        printed += [run("show", ref, "--all", "--journal"), run("show", ref, "--json"), run("why", ref)]
    assert [found.group() for text in printed if (found := ACTIVE.search(text))] == []
    assert sum("parcel" in text for text in printed) > len(PAYLOADS)
