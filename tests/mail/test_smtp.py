"""What a transport promises, against a real SMTP server with faults."""

from __future__ import annotations

import asyncio
import logging

import pytest

from supportterm.config import Server
from supportterm.mail.errors import ConnectionFailedError, SignInError, UnsafeTextError
from supportterm.mail.gateway import Answer, Envelope
from supportterm.mail.smtp import SmtpTransport
from supportterm.mail.smtp.transport import dot_stuffed
from tests.servers.scripted import Peer, scripted, smtp
from tests.servers.smtpd import Faults, SmtpServer

RAW = b"From: me@example.com\r\nSubject: hello\r\n\r\n.one\r\n..two\r\nthree\r\n"


def envelope(*recipients: str, raw: bytes = RAW, sender: str = "me@example.com") -> Envelope:
    return Envelope(sender, recipients or ("you@example.com",), raw, "m1@example.com")


class Hook:
    """A hook before the end of DATA that counts, and may fail."""

    def __init__(self, error: Exception | None = None) -> None:
        self.calls = 0
        self._error = error

    async def __call__(self) -> None:
        self.calls += 1
        if self._error is not None:
            raise self._error


@pytest.fixture
async def transport(smtp_server: SmtpServer):
    found = SmtpTransport(smtp_server.server(timeout=1.0), "", "")
    yield found
    await found.close()


def kinds(answers: dict[str, tuple[Answer, int, str]]) -> dict[str, tuple[str, int]]:
    return {address: (answer.value, code) for address, (answer, code, _) in answers.items()}


async def test_mails_arrive_as_they_were_given_over_one_connection(
    smtp_server: SmtpServer, transport: SmtpTransport
) -> None:
    hook = Hook()
    for number in range(3):
        delivery = await transport.deliver(envelope(f"you{number}@example.com"), hook)
        assert kinds(delivery.answers) == {f"you{number}@example.com": ("accepted", 250)}
    assert [mail.raw for mail in smtp_server.taken] == [RAW] * 3
    assert hook.calls == 3
    assert smtp_server.connections == 1


async def test_a_refused_recipient_is_told_beside_those_taken(
    smtp_server: SmtpServer, transport: SmtpTransport
) -> None:
    smtp_server.faults = Faults(
        recipients={"b@example.com": "550 5.1.1 no such user", "c@example.com": "451 4.7.1 later"}
    )
    hook = Hook()
    delivery = await transport.deliver(envelope("a@example.com", "b@example.com", "c@example.com"), hook)
    assert kinds(delivery.answers) == {
        "a@example.com": ("accepted", 250),
        "b@example.com": ("refused", 550),
        "c@example.com": ("later", 451),
    }
    assert "no such user" in delivery.answers["b@example.com"][2]
    assert [mail.recipients for mail in smtp_server.taken] == [["a@example.com"]]
    assert hook.calls == 1


async def test_with_every_recipient_refused_data_is_not_said(smtp_server: SmtpServer, transport: SmtpTransport) -> None:
    smtp_server.faults = Faults(recipients={"you@example.com": "550 no"})
    hook = Hook()
    assert kinds((await transport.deliver(envelope(), hook)).answers) == {"you@example.com": ("refused", 550)}
    assert hook.calls == 0
    smtp_server.faults = Faults()
    assert kinds((await transport.deliver(envelope(), hook)).answers) == {"you@example.com": ("accepted", 250)}
    assert smtp_server.connections == 1


async def test_a_server_that_leaves_amid_the_recipients_takes_nothing(
    smtp_server: SmtpServer, transport: SmtpTransport
) -> None:
    smtp_server.faults = Faults(recipients={"b@example.com": "421 closing"})
    hook = Hook()
    delivery = await transport.deliver(envelope("a@example.com", "b@example.com", "c@example.com"), hook)
    assert {answer.value for answer, _, _ in delivery.answers.values()} == {"later"}
    assert (hook.calls, smtp_server.taken) == (0, [])


@pytest.mark.parametrize(
    ("reply", "expected"), [("550 no", "refused"), ("451 later", "later"), ("421 closing", "later")]
)
async def test_a_refused_sender_is_an_answer_for_all(
    smtp_server: SmtpServer, transport: SmtpTransport, reply: str, expected: str
) -> None:
    smtp_server.faults = Faults(sender=reply)
    hook = Hook()
    delivery = await transport.deliver(envelope("a@example.com", "b@example.com"), hook)
    assert {answer.value for answer, _, _ in delivery.answers.values()} == {expected}
    assert hook.calls == 0


@pytest.mark.parametrize(
    ("faults", "expected", "taken"),
    [
        (Faults(data="554 no data"), ("refused", 554), 0),
        (Faults(data="451 not now"), ("later", 451), 0),
        (Faults(data="421 closing"), ("later", 421), 0),
        (Faults(end="drop at data"), ("later", 0), 0),
        (Faults(after_data="554 spam"), ("refused", 554), 0),
        (Faults(after_data="452 full"), ("later", 452), 0),
        (Faults(after_data="421 closing"), ("later", 421), 0),
        (Faults(end="drop before dot"), ("uncertain", 0), 0),
        (Faults(end="drop after dot"), ("uncertain", 0), 1),
        (Faults(end="hang after dot"), ("uncertain", 0), 1),
    ],
    ids=lambda value: str(value) if isinstance(value, Faults) else "",
)
async def test_from_data_on_the_answer_says_what_is_known(
    smtp_server: SmtpServer, transport: SmtpTransport, faults: Faults, expected: tuple[str, int], taken: int
) -> None:
    smtp_server.faults = faults
    hook = Hook()
    async with asyncio.timeout(3):
        delivery = await transport.deliver(envelope("a@example.com", "b@example.com"), hook)
    assert set(kinds(delivery.answers).values()) == {expected}
    assert all(text for _, _, text in delivery.answers.values())
    assert (hook.calls, len(smtp_server.taken)) == (0 if faults.data or faults.end == "drop at data" else 1, taken)
    smtp_server.faults = Faults()
    assert set(kinds((await transport.deliver(envelope(), hook)).answers).values()) == {("accepted", 250)}


async def test_a_failing_hook_sends_nothing(smtp_server: SmtpServer, transport: SmtpTransport) -> None:
    with pytest.raises(LookupError):
        await transport.deliver(envelope(), Hook(LookupError("crossed")))
    assert smtp_server.taken == []
    await transport.deliver(envelope("next@example.com"), Hook())
    assert [mail.recipients for mail in smtp_server.taken] == [["next@example.com"]]


@pytest.mark.parametrize("farewell", [b"", b"421 idle too long\r\n"])
async def test_a_connection_lost_while_idle_is_replaced_unnoticed(farewell: bytes) -> None:
    mails = 0

    async def second_fails(peer: Peer, _: str, __: str) -> bytes | None:
        nonlocal mails
        mails += 1
        if mails == 2:
            await peer.say(farewell)
            peer.hang_up()
        return b"250 ok\r\n"

    async with scripted(smtp({"MAIL": second_fails})) as fake:
        transport = SmtpTransport(Server("127.0.0.1", fake.port, "plaintext-on-loopback", timeout_seconds=1), "", "")
        hook = Hook()
        for _ in range(2):
            delivery = await transport.deliver(envelope(), hook)
            assert kinds(delivery.answers) == {"you@example.com": ("accepted", 250)}
        assert (hook.calls, fake.connections) == (2, 2)
        await transport.close()


async def test_a_server_that_is_gone_is_a_lost_connection_until_it_is_back(smtp_server: SmtpServer) -> None:
    transport = SmtpTransport(smtp_server.server(), "", "")
    await transport.deliver(envelope(), Hook())
    port = smtp_server.port
    smtp_server.stop()
    hook = Hook()
    with pytest.raises(ConnectionFailedError):
        await transport.deliver(envelope(), hook)
    again = SmtpServer(port=port).start()
    try:
        assert kinds((await transport.deliver(envelope(), hook)).answers) == {"you@example.com": ("accepted", 250)}
        assert hook.calls == 1
        await transport.close()
        await transport.close()
    finally:
        again.stop()


@pytest.mark.parametrize(
    "address",
    ["почта@example.com", "a\r\nRCPT TO:<x@example.com>", "a b@example.com", "a>@example.com", "", "a\udc80@x"],
)
async def test_an_address_that_cannot_be_said_is_refused_and_the_others_served(
    smtp_server: SmtpServer, transport: SmtpTransport, address: str
) -> None:
    delivery = await transport.deliver(envelope(address, "you@example.com"), Hook())
    answer, code, text = delivery.answers[address]
    assert (answer, code) == (Answer.REFUSED, 0)
    assert text.isprintable()
    assert delivery.answers["you@example.com"][0] is Answer.ACCEPTED
    assert [mail.recipients for mail in smtp_server.taken] == [["you@example.com"]]
    alone = await transport.deliver(envelope(address), Hook())
    assert alone.answers[address][0] is Answer.REFUSED


@pytest.mark.parametrize("sender", ["почта@example.com", "a\r\nRCPT TO:<x@example.com>", "a b", "a>"])
async def test_a_sender_that_cannot_be_said_sends_nothing(
    smtp_server: SmtpServer, transport: SmtpTransport, sender: str
) -> None:
    with pytest.raises(UnsafeTextError):
        await transport.deliver(envelope(sender=sender), Hook())
    assert smtp_server.taken == []


async def test_an_automatic_mail_may_have_no_sender(smtp_server: SmtpServer, transport: SmtpTransport) -> None:
    await transport.deliver(envelope(sender=""), Hook())
    assert [mail.sender.strip("<>") for mail in smtp_server.taken] == [""]


@pytest.mark.parametrize(("sender", "asked"), [("", " NOTIFY=NEVER"), ("me@example.com", "")])
async def test_what_has_no_sender_asks_for_no_report(sender: str, asked: str) -> None:
    heard: list[str] = []

    async def hears(_: Peer, __: str, line: str) -> bytes | None:
        heard.append(line)
        return b"250 ok\r\n"

    async with scripted(smtp({"EHLO": b"250-here\r\n250 DSN\r\n", "RCPT": hears})) as fake:
        transport = SmtpTransport(Server("127.0.0.1", fake.port, "plaintext-on-loopback", timeout_seconds=1), "", "")
        await transport.deliver(envelope(sender=sender), Hook())
        await transport.close()
    assert [line.upper() for line in heard] == [f"RCPT TO:<YOU@EXAMPLE.COM>{asked}"]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("password", ["right", "wrong"])
async def test_signing_in_is_tried_once(password: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server = SmtpServer(user="desk", password="canary-right").start()
    transport = SmtpTransport(server.server(), "desk", f"canary-{password}")
    try:
        if password == "right":
            await transport.deliver(envelope(), Hook())
            assert len(server.taken) == 1
        else:
            with pytest.raises(SignInError) as caught:
                await transport.deliver(envelope(), Hook())
            assert "canary" not in str(caught.value)
            assert server.attempts == 1
    finally:
        await transport.close()
        server.stop()
    assert "canary" not in "".join(
        record.getMessage() for record in caplog.records if "aiosmtpd" not in record.pathname
    )


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_a_server_that_wants_a_sign_in_says_so_when_there_is_none() -> None:
    server = SmtpServer(user="desk", password="x").start()
    transport = SmtpTransport(server.server(), "", "")
    try:
        with pytest.raises(SignInError, match="user"):
            await transport.deliver(envelope(), Hook())
    finally:
        await transport.close()
        server.stop()


async def test_a_large_mail_goes_whole_and_one_too_large_is_refused_before(
    smtp_server: SmtpServer, transport: SmtpTransport
) -> None:
    large = b"Subject: x\r\n\r\n" + b"0123456789abcdef\r\n" * 200_000
    await transport.deliver(envelope(raw=large), Hook())
    assert smtp_server.taken[0].raw == large
    hook = Hook()
    answers = (await transport.deliver(envelope(raw=large * 10), hook)).answers
    assert answers["you@example.com"][0] is Answer.REFUSED
    assert hook.calls == 0


@pytest.mark.parametrize(
    ("raw", "wire"),
    [
        (b"", b"\r\n.\r\n"),
        (b"a", b"a\r\n.\r\n"),
        (b".a\r\n.\r\n..b", b"..a\r\n..\r\n...b\r\n.\r\n"),
        (b"a\n.b\rc\r\n", b"a\r\n..b\r\nc\r\n.\r\n"),
        (b"a\r.\r\nQUIT\r\n", b"a\r\n..\r\nQUIT\r\n.\r\n"),
    ],
)
def test_no_line_of_a_mail_can_end_it(raw: bytes, wire: bytes) -> None:
    assert dot_stuffed(raw) == wire


@pytest.mark.parametrize(
    ("hello", "limit"),
    [
        (b"250-here\r\n250 SIZE 10000000\r\n", 10_000_000),
        (b"250-here\r\n250 SIZE 0\r\n", 0),
        (b"250-here\r\n250 SIZE\r\n", 0),
        (b"250-here\r\n250 SIZE -1x\r\n", 0),
        (b"250-here\r\n250 SIZE \xd9\xa1\r\n", 0),
        (b"250 here\r\n", None),
        (b"500 what\r\n", None),
    ],
)
async def test_how_large_a_mail_it_takes_is_asked_at_the_sign_in_and_told_with_each_mail(
    hello: bytes, limit: int | None
) -> None:
    async with scripted(smtp({"EHLO": hello})) as fake:
        transport = SmtpTransport(Server("127.0.0.1", fake.port, "plaintext-on-loopback", timeout_seconds=1), "", "")
        assert await transport.size_limit() == limit
        delivery = await transport.deliver(envelope(), Hook())
        assert (delivery.size_limit, fake.connections) == (limit, 1)
        await transport.close()


async def test_a_mail_larger_than_it_takes_is_refused_before_it_is_said() -> None:
    async with scripted(smtp({"EHLO": b"250-here\r\n250 SIZE 2000\r\n"})) as fake:
        transport = SmtpTransport(Server("127.0.0.1", fake.port, "plaintext-on-loopback", timeout_seconds=1), "", "")
        delivery = await transport.deliver(envelope(raw=RAW + b"x" * 3000), Hook())
        assert kinds(delivery.answers) == {"you@example.com": ("refused", 0)}
        assert "3 KB of 2 KB the server takes" in delivery.answers["you@example.com"][2]
        await transport.close()


async def test_a_server_that_cannot_be_reached_is_a_sentence_when_it_is_asked(smtp_server: SmtpServer) -> None:
    transport = SmtpTransport(smtp_server.server(timeout=1.0), "", "")
    smtp_server.stop()
    with pytest.raises(ConnectionFailedError):
        await transport.size_limit()
    await transport.close()
