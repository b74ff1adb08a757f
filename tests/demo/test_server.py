"""The demo's mail server: real IMAP and SMTP in a process of its own, with a cable that can be pulled."""

import asyncio
import imaplib
import smtplib
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
import pytest_asyncio
from imapclient import IMAPClient

from supportterm.demo import server as demo
from supportterm.demo.server import DemoError, DemoServer

WHEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest_asyncio.fixture
async def server() -> AsyncIterator[DemoServer]:
    running = DemoServer()
    await running.start()
    yield running
    await running.stop()


def mail(number: int = 1, body: str = "Grüße, 世界") -> bytes:
    message = EmailMessage()
    message["From"] = "Customer <c@shop.example>"
    message["To"] = "support@acme.example"
    message["Subject"] = f"Mail {number}"
    message["Message-ID"] = f"<mail-{number}@shop.example>"
    message.set_content(body, cte="8bit")
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def signed_in(server: DemoServer) -> IMAPClient:
    client = IMAPClient("127.0.0.1", port=server.imap_port, ssl=False, timeout=10)
    client.login(server.user, server.password)
    return client


def send(server: DemoServer, raw: bytes, *recipients: str) -> None:
    with smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=10) as smtp:
        smtp.login(server.user, server.password)
        smtp.sendmail(server.user, recipients, raw)


async def aside(work: Callable[..., Any], *values: Any) -> Any:
    return await asyncio.to_thread(work, *values)


async def test_a_delivered_mail_is_read_back_byte_for_byte_with_its_date(server: DemoServer) -> None:
    uid = await server.deliver(mail(), when=WHEN)

    def read() -> dict[bytes, Any]:
        with signed_in(server) as client:
            client.select_folder("INBOX", readonly=True)
            return client.fetch([uid], ["BODY.PEEK[]", "INTERNALDATE", "FLAGS", "RFC822.SIZE"])[uid]

    found = await aside(read)
    assert found[b"BODY[]"] == mail()
    assert found[b"RFC822.SIZE"] == len(mail())
    assert found[b"INTERNALDATE"].astimezone(UTC) == WHEN
    assert b"\\Seen" not in found[b"FLAGS"]


async def test_a_message_is_found_by_its_id(server: DemoServer) -> None:
    for number in (1, 2, 3):
        await server.deliver(mail(number), "Sent")

    def find() -> list[int]:
        with signed_in(server) as client:
            client.select_folder("Sent")
            return client.search(["HEADER", "MESSAGE-ID", "<mail-2@shop.example>"])

    (uid,) = await aside(find)
    assert {held.uid: held.message_id for held in await server.mails("Sent")}[uid] == "mail-2@shop.example"


async def test_a_client_appends_to_sent_and_learns_the_uid(server: DemoServer) -> None:
    def append() -> tuple[list[str], bytes]:
        with signed_in(server) as client:
            assert client.has_capability("UIDPLUS")
            folders = [name for _, _, name in client.list_folders()]
            return folders, client.append("Sent", mail(7), [b"\\Seen"], WHEN)

    folders, answer = await aside(append)
    assert folders == ["INBOX", "Sent"] == await server.folders()
    (held,) = await server.mails("Sent")
    assert (held.message_id, held.flags, held.received_at) == ("mail-7@shop.example", {"\\Seen"}, WHEN)
    assert f" {held.uid}]".encode() in answer


async def test_flags_set_by_a_client_are_told(server: DemoServer) -> None:
    uid = await server.deliver(mail())

    def flag() -> None:
        with signed_in(server) as client:
            client.select_folder("INBOX")
            client.add_flags([uid], [b"\\Seen", b"\\Answered"])

    await aside(flag)
    assert [held.flags for held in await server.mails("INBOX")] == [{"\\Seen", "\\Answered"}]


async def test_idle_is_told_of_a_mail_that_came_during_it(server: DemoServer) -> None:
    with signed_in(server) as client:
        client.select_folder("INBOX")
        client.idle()
        await server.deliver(mail())
        assert (1, b"EXISTS") in await aside(client.idle_check, 10)
        client.idle_done()


async def test_idle_is_told_of_a_mail_that_came_just_before_it(server: DemoServer) -> None:
    with signed_in(server) as client:
        client.select_folder("INBOX")
        await server.deliver(mail())
        client.idle()
        assert (1, b"EXISTS") in await aside(client.idle_check, 10)
        client.idle_done()


async def test_smtp_takes_a_mail_and_tells_of_it(server: DemoServer) -> None:
    await aside(send, server, mail(1), "one@shop.example", "two@shop.example")
    await aside(send, server, mail(2), "three@shop.example")
    first, second = await server.accepted()
    assert (first.message_id, first.recipients) == (
        "mail-1@shop.example",
        ("one@shop.example", "two@shop.example"),
    )
    assert first.raw == mail(1)
    assert await server.accepted(after=1) == [second]
    assert await server.mails("INBOX") == []


async def test_mail_to_our_own_address_comes_back_into_the_inbox(server: DemoServer) -> None:
    await aside(send, server, mail(1), "Support@Acme.example", "one@shop.example")
    assert [held.message_id for held in await server.mails("INBOX")] == ["mail-1@shop.example"]


async def test_a_wrong_password_opens_neither_door(server: DemoServer) -> None:
    def try_imap() -> None:
        with IMAPClient("127.0.0.1", port=server.imap_port, ssl=False, timeout=10) as client:
            client.login(server.user, "not the password")

    def try_smtp() -> None:
        with smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=10) as smtp:
            smtp.login(server.user, "not the password")

    def send_unasked() -> None:
        with smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=10) as smtp:
            smtp.sendmail(server.user, ["one@shop.example"], mail())

    with pytest.raises(imaplib.IMAP4.error):
        await aside(try_imap)
    with pytest.raises(smtplib.SMTPAuthenticationError):
        await aside(try_smtp)
    with pytest.raises(smtplib.SMTPException):
        await aside(send_unasked)
    assert await server.accepted() == []


async def test_a_pulled_cable_cuts_and_refuses_until_it_is_plugged_in_again(server: DemoServer) -> None:
    client = signed_in(server)
    client.select_folder("INBOX")
    smtp = smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=10)
    await server.network(up=False)
    with pytest.raises((OSError, imaplib.IMAP4.abort)):
        await aside(client.noop)
    with pytest.raises((OSError, smtplib.SMTPServerDisconnected)):
        await aside(smtp.ehlo)
    with pytest.raises(ConnectionRefusedError):
        await aside(signed_in, server)
    with pytest.raises(ConnectionRefusedError):
        await aside(send, server, mail(), "one@shop.example")
    await server.deliver(mail())
    await server.network(up=False)
    await server.network(up=True)

    def count() -> int:
        with signed_in(server) as again:
            return int(again.select_folder("INBOX")[b"EXISTS"])

    assert await aside(count) == 1
    await aside(send, server, mail(2), "one@shop.example")
    assert len(await server.accepted()) == 1


async def test_a_pulled_cable_ends_an_idle(server: DemoServer) -> None:
    client = signed_in(server)
    client.select_folder("INBOX")
    client.idle()
    await server.network(up=False)

    def wait_then_leave() -> None:
        client.idle_check(10)  # IMAPClient returns empty-handed at the end of the stream
        client.idle_done()

    with pytest.raises((OSError, imaplib.IMAP4.abort)):
        await aside(wait_then_leave)


async def test_a_cancelled_question_does_not_shift_the_answers(server: DemoServer) -> None:
    asked = asyncio.create_task(server.mails("INBOX"))
    await asyncio.sleep(0)
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    assert await server.folders() == ["INBOX", "Sent"]


async def test_each_start_has_its_own_password(server: DemoServer) -> None:
    other = DemoServer()
    await other.start()
    await other.stop()
    assert other.password
    assert other.password != server.password


async def test_a_stopped_server_says_so() -> None:
    stopped = DemoServer()
    with pytest.raises(DemoError, match="not running"):
        await stopped.mails("INBOX")
    await stopped.stop()


def test_the_process_ends_when_its_parent_closes_the_pipe() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "supportterm.demo.server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert b"imap_port" in process.stdout.readline()
    process.communicate(timeout=20)
    assert process.returncode == 0


def test_a_line_that_is_no_command_is_answered_and_the_next_one_works() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "supportterm.demo.server"],
        input='{"do":"dance"}\nnot json\n{"do":"deliver"}\n{"do":"folders"}\n{"do":"stop"}\n{"do":"folders"}\n',
        capture_output=True,
        text=True,
        timeout=30,
    )
    lines = told.stdout.splitlines()
    assert ['"ok": true' in line for line in lines] == [True, False, False, False, True]
    assert told.stderr == ""


async def test_without_the_extra_one_sentence_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "find_spec", lambda name: None if name == "pymap" else object())
    with pytest.raises(DemoError, match=r"pip install 'supportterm\[demo\]'"):
        await DemoServer().start()
    assert demo.main([]) == 2
    assert capsys.readouterr().err == demo.MISSING + "\n"
