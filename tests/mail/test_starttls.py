"""Whatever a man in the middle does to STARTTLS: no password and no mail ever goes in clear."""

from __future__ import annotations

import asyncio
import base64
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from supportterm.config import Server
from supportterm.mail.errors import MailError
from supportterm.mail.gateway import Envelope
from supportterm.mail.imap import ImapMailbox
from supportterm.mail.smtp import SmtpTransport
from tests.servers.certificate import Certificate, make_certificate
from tests.servers.scripted import GREETING, Peer, Reply, Script, imap, scripted, smtp
from tests.servers.smtpd import SmtpServer

TIMEOUT = 0.6
PASSWORD = "canary-90210"
OFFERED = b"* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\n<tag> OK done\r\n"
SMTP_OFFERED = b"250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n"
SMTP_BARE = b"250-here\r\n250 AUTH PLAIN LOGIN\r\n"


@dataclass(frozen=True)
class Case:
    name: str
    kind: Literal["imap", "smtp"]
    capable: bool = True
    reply: bytes = b""
    certificate: str = "good"
    trusted: str = "good"
    then: Literal["tls", "", "close", "hang", "garbage", "plain"] = "tls"


GO = {"imap": b"<tag> OK go\r\n", "smtp": b"220 go\r\n"}
NO = {"imap": b"<tag> NO not here\r\n", "smtp": b"454 not here\r\n"}
BAD = {"imap": b"<tag> BAD what\r\n", "smtp": b"500 what\r\n"}
MORE = {"imap": b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nS1 OK in\r\n", "smtp": b"250 AUTH PLAIN\r\n235 in\r\n"}

KINDS: tuple[Literal["imap", "smtp"], ...] = ("imap", "smtp")
CASES = [
    case
    for kind in KINDS
    for case in (
        Case("not offered", kind, capable=False),
        Case("refused", kind, reply=NO[kind], then=""),
        Case("not understood", kind, reply=BAD[kind], then=""),
        Case("agreed and then in clear", kind, reply=GO[kind], then="plain"),
        Case("agreed and closed", kind, reply=GO[kind], then="close"),
        Case("agreed and silent", kind, reply=GO[kind], then="hang"),
        Case("agreed and then nonsense", kind, reply=GO[kind], then="garbage"),
        Case("no answer", kind, then="hang"),
        Case("another's name", kind, reply=GO[kind], certificate="name", trusted="name"),
        Case("another's authority", kind, reply=GO[kind], certificate="authority"),
        Case("run out", kind, reply=GO[kind], certificate="old", trusted="old"),
        Case("answers ahead, then an unknown authority", kind, reply=GO[kind] + MORE[kind], certificate="authority"),
    )
]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory, certificate: Certificate) -> dict[str, Certificate]:
    folder = tmp_path_factory.mktemp("certificates")
    return {
        "good": certificate,
        "authority": make_certificate(folder, stem="authority"),
        "name": make_certificate(folder, "DNS:elsewhere.example", stem="name"),
        "old": make_certificate(folder, stem="old", expired=True),
    }


def hostile(case: Case, certificate: Certificate) -> Script:
    async def upgrade(peer: Peer, tag: str, _: str) -> bytes | None:
        await peer.say(case.reply.replace(b"<tag>", tag.encode()))
        if case.then == "tls":
            await peer.start_tls(certificate.server_context())
        elif case.then == "close":
            peer.hang_up()
        elif case.then == "hang":
            await peer.hang()
        elif case.then == "garbage":
            await peer.say(b"\x16\x03\x01 not a handshake" * 100)
            await peer.hang()
        return None

    if case.kind == "imap":
        offered = OFFERED if case.capable else OFFERED.replace(b" STARTTLS", b"")
        return imap({"CAPABILITY": offered, "STARTTLS": upgrade})
    return smtp({"EHLO": SMTP_OFFERED if case.capable else SMTP_BARE, "STARTTLS": upgrade, "AUTH": b"235 in\r\n"})


def server(port: int, ca_file: Path) -> Server:
    return Server("127.0.0.1", port, "starttls", "desk", ca_file=ca_file, timeout_seconds=TIMEOUT)


async def use(kind: str, where: Server) -> None:
    """Sign in, and send a mail where that is what the server is for."""
    if kind == "imap":
        mailbox = ImapMailbox(where, "desk", PASSWORD)
        try:
            await mailbox.connect()
            await mailbox.open("INBOX")
        finally:
            await mailbox.close()
    else:
        transport = SmtpTransport(where, "desk", PASSWORD)
        try:
            await transport.deliver(Envelope("me@example.com", ("you@example.com",), b"Secret: mail\r\n", "x"), nothing)
        finally:
            await transport.close()


async def nothing() -> None:
    """The hook before DATA has nothing to do."""


def secrets_in(data: bytes) -> list[bytes]:
    encoded = base64.b64encode(b"\0desk\0" + PASSWORD.encode())
    known = (PASSWORD.encode(), encoded, base64.b64encode(PASSWORD.encode()), b"desk", b"Secret", b"@example.com")
    return [secret for secret in known if secret in data]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}: {case.name}")
async def test_a_connection_that_cannot_be_secured_carries_nothing(
    case: Case, certificates: dict[str, Certificate], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with scripted(hostile(case, certificates[case.certificate])) as fake:
        async with asyncio.timeout(TIMEOUT + 2):
            with pytest.raises(MailError) as caught:
                await use(case.kind, server(fake.port, certificates[case.trusted].cert))
        assert secrets_in(fake.clear) == []
        assert secrets_in(fake.heard) == []
    assert PASSWORD not in caplog.text + str(caught.value)


async def test_what_was_said_before_tls_is_forgotten(certificate: Certificate) -> None:
    async def upgrade(peer: Peer, tag: str, _: str) -> None:
        ahead = b'* LIST () "/" Injected\r\n* 99 EXISTS\r\n' + tag.encode() + b' OK go\r\n* LIST () "/" Behind\r\n'
        await peer.say(ahead + b"S1 OK in\r\nS2 OK in\r\n")
        await peer.start_tls(certificate.server_context())

    answers: dict[str, Reply] = {"CAPABILITY": OFFERED, "STARTTLS": upgrade}
    async with scripted(imap(answers)) as fake:
        mailbox = ImapMailbox(server(fake.port, certificate.cert), "desk", PASSWORD)
        await mailbox.connect()
        assert [folder.name for folder in await mailbox.folders()] == ["INBOX"]
        assert (await mailbox.open("INBOX")).exists == 3
        await mailbox.close()
        assert secrets_in(fake.clear) == []
        assert PASSWORD.encode() in fake.heard


async def test_an_early_sign_in_is_no_way_round_tls(certificate: Certificate) -> None:
    async with scripted(imap({GREETING: b"* PREAUTH in\r\n", "CAPABILITY": OFFERED})) as fake:
        with pytest.raises(MailError):
            await use("imap", server(fake.port, certificate.cert))
        assert secrets_in(fake.heard) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_a_plain_server_on_a_tls_port_hears_nothing(kind: str, certificate: Certificate) -> None:
    async with scripted(imap() if kind == "imap" else smtp()) as fake:
        where = Server("127.0.0.1", fake.port, "tls", "desk", ca_file=certificate.cert, timeout_seconds=TIMEOUT)
        with pytest.raises(MailError):
            await use(kind, where)
        assert secrets_in(fake.heard) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_an_honest_server_is_spoken_to_behind_tls_only(kind: str, certificate: Certificate) -> None:
    case = Case("honest", "imap" if kind == "imap" else "smtp", reply=GO["imap" if kind == "imap" else "smtp"])
    async with scripted(hostile(case, certificate)) as fake:
        await use(kind, server(fake.port, certificate.cert))
        assert secrets_in(fake.clear) == []
        assert secrets_in(fake.heard) != []


async def test_a_real_server_with_starttls_takes_the_mail(certificate: Certificate) -> None:
    real = SmtpServer(user="desk", password=PASSWORD, certificate=certificate).start()
    try:
        await use("smtp", real.server())
        assert [mail.recipients for mail in real.taken] == [["you@example.com"]]
    finally:
        real.stop()
