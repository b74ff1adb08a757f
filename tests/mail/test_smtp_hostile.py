"""An SMTP server that is broken, slow or hostile: every case ends in time, and what it means is never guessed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from supportterm.config import Server
from supportterm.mail.errors import ConnectionFailedError, MailError, ProtocolError, SignInError
from supportterm.mail.gateway import Envelope
from supportterm.mail.smtp import SmtpTransport
from tests.servers.scripted import GREETING, Peer, Reply, scripted, smtp

TIMEOUT = 0.6
PASSWORD = "canary-90210"
LOST, NONSENSE = ConnectionFailedError, ProtocolError


def says(data: bytes, then: str = "") -> Reply:
    """Say something, then go on ("hang": no more; "close"; "reset"; "flood": without end; "drip": slowly)."""

    async def reply(peer: Peer, _: str, __: str) -> bytes | None:
        if then == "flood":
            await peer.flood(data)
        elif then == "drip":
            await peer.drip(data)
        else:
            await peer.say(data)
        if then == "hang":
            await peer.hang()
        elif then in ("close", "reset"):
            peer.hang_up(reset=then == "reset")
        return None

    return reply


@dataclass(frozen=True)
class Case:
    name: str
    answers: Mapping[str, Reply]
    outcome: type[MailError] | str
    """The error before DATA, else the answer for the recipient."""
    user: str = ""


AUTH = b"250-here\r\n250 AUTH PLAIN LOGIN\r\n"
CASES = [
    Case("silent greeting", {GREETING: says(b"", "hang")}, LOST),
    Case("closed before the greeting", {GREETING: says(b"", "close")}, LOST),
    Case("reset before the greeting", {GREETING: says(b"", "reset")}, LOST),
    Case("greeting 554", {GREETING: b"554 no mail here\r\n"}, LOST),
    Case("greeting 421", {GREETING: says(b"421 busy\r\n", "close")}, LOST),
    Case("greeting nonsense", {GREETING: b"* OK IMAP\r\n"}, NONSENSE),
    Case("greeting byte by byte", {GREETING: says(b"220 " + b"x" * 900, "drip")}, LOST),
    Case("greeting without end", {GREETING: says(b"220-more\r\n", "flood")}, MailError),
    Case("greeting without line end", {GREETING: says(b"x" * 100, "flood")}, MailError),
    Case("hello silent", {"EHLO": says(b"", "hang")}, LOST),
    Case("hello refused twice", {"EHLO": b"500 what\r\n", "HELO": b"500 what\r\n"}, MailError),
    Case("hello without end", {"EHLO": says(b"250-more\r\n", "flood")}, MailError),
    Case("hello of one huge line", {"EHLO": says(b"250 " + b"x" * 100_000 + b"\r\n")}, MailError),
    Case("hello with an absurd size", {"EHLO": b"250-here\r\n250 SIZE " + b"9" * 400 + b"\r\n"}, "accepted"),
    Case("hello with no number for a size", {"EHLO": b"250-here\r\n250 SIZE -1x\r\n"}, "accepted"),
    Case("old server without EHLO", {"EHLO": b"502 what\r\n"}, "accepted"),
    Case("no sign-in offered", {}, SignInError, "desk"),
    Case("sign-in refused", {"EHLO": AUTH, "AUTH": b"535 " + PASSWORD.encode() + b" no\r\n"}, SignInError, "desk"),
    Case("sign-in not now", {"EHLO": AUTH, "AUTH": b"454 later\r\n"}, LOST, "desk"),
    Case("sign-in silent", {"EHLO": AUTH, "AUTH": says(b"", "hang")}, LOST, "desk"),
    Case("sign-in closed", {"EHLO": AUTH, "AUTH": says(b"", "close")}, LOST, "desk"),
    Case("sender silent", {"MAIL": says(b"", "hang")}, LOST),
    Case("sender closed", {"MAIL": says(b"", "close")}, LOST),
    Case("sender reset", {"MAIL": says(b"", "reset")}, LOST),
    Case("sender nonsense", {"MAIL": b"what?\r\n"}, NONSENSE),
    Case("sender without end", {"MAIL": says(b"250-more\r\n", "flood")}, MailError),
    Case("sender wants a sign-in", {"MAIL": b"530 5.7.0 sign in first\r\n"}, SignInError),
    Case("recipient silent", {"RCPT": says(b"", "hang")}, LOST),
    Case("recipient closed", {"RCPT": says(b"", "close")}, LOST),
    Case("recipient refused", {"RCPT": b"550 no\r\n"}, "refused"),
    Case("recipient later", {"RCPT": b"450 later\r\n"}, "later"),
    Case("recipient refused and closed", {"RCPT": says(b"550 no\r\n", "close")}, "refused"),
    Case("data silent", {"DATA": says(b"", "hang")}, "later"),
    Case("data closed", {"DATA": says(b"", "close")}, "later"),
    Case("data refused", {"DATA": b"554 no\r\n"}, "refused"),
    Case("data 250", {"DATA": b"250 fine\r\n"}, "later"),
    Case("data nonsense", {"DATA": b"what?\r\n"}, "later"),
    Case("data agreed and closed", {"DATA": says(b"354 go\r\n", "close")}, "later or uncertain"),
    Case("data agreed and reset", {"DATA": says(b"354 go\r\n", "reset")}, "later or uncertain"),
    Case("end silent", {".": says(b"", "hang")}, "uncertain"),
    Case("end closed", {".": says(b"", "close")}, "uncertain"),
    Case("end reset", {".": says(b"", "reset")}, "uncertain"),
    Case("end cut", {".": says(b"25", "close")}, "uncertain"),
    Case("end nonsense", {".": b"what?\r\n"}, "uncertain"),
    Case("end 354", {".": b"354 more\r\n"}, "uncertain"),
    Case("end byte by byte", {".": says(b"250 " + b"x" * 900, "drip")}, "uncertain"),
    Case("end without end", {".": says(b"250-more\r\n", "flood")}, "uncertain"),
    Case("end refused", {".": b"554 spam\r\n"}, "refused"),
    Case("end later", {".": b"451 greylisted\r\n"}, "later"),
    Case("end with an escape", {".": b"554 \x1b]52;c;aGk=\x07 \x9b2J\r\n"}, "refused"),
    Case("goodbye silent", {"QUIT": says(b"", "hang")}, "accepted"),
    Case("goodbye closed", {"QUIT": says(b"", "close")}, "accepted"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_every_case_ends_in_time_and_means_what_it_says(case: Case) -> None:
    calls = 0

    async def hook() -> None:
        nonlocal calls
        calls += 1

    async with scripted(smtp(case.answers)) as fake:
        where = Server("127.0.0.1", fake.port, "plaintext-on-loopback", case.user, timeout_seconds=TIMEOUT)
        transport = SmtpTransport(where, case.user, PASSWORD)
        mail = Envelope("me@example.com", ("you@example.com",), b"Subject: x\r\n\r\nx\r\n", "m@example.com")
        # The deadline is the promise: the timeout and two seconds.
        async with asyncio.timeout(TIMEOUT + 2):
            if isinstance(case.outcome, str):
                answer, _, text = (await transport.deliver(mail, hook)).answers["you@example.com"]
                assert answer.value in case.outcome.split(" or ")
            else:
                with pytest.raises(case.outcome) as caught:
                    await transport.deliver(mail, hook)
                assert calls == 0
                text = str(caught.value)
        async with asyncio.timeout(2):
            await transport.close()
    assert text.isprintable()
    assert PASSWORD not in text
    assert len(text) < 600


async def test_being_given_up_in_the_midst_leaves_no_half_mail_behind() -> None:
    async with scripted(smtp({"RCPT": says(b"", "hang")})) as fake:
        where = Server("127.0.0.1", fake.port, "plaintext-on-loopback", timeout_seconds=30)
        transport = SmtpTransport(where, "", "")
        mail = Envelope("me@example.com", ("you@example.com",), b"Subject: x\r\n\r\nx\r\n", "m@example.com")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await transport.deliver(mail, _nothing)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await transport.deliver(mail, _nothing)
        assert fake.connections == 2
        assert b"DATA" not in fake.heard
        await transport.close()


async def _nothing() -> None:
    """The hook before DATA has nothing to do."""
