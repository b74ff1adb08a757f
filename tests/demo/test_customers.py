"""The demo's people: customers who answer in character, and a colleague who is faster."""

import asyncio
import email
import re
import smtplib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportterm.demo import customers
from supportterm.demo.conversation import Conversation, conversations
from supportterm.demo.customers import Customers, answer, colleague_answer, delay
from supportterm.demo.samples import load
from supportterm.demo.server import DemoServer

NOW = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)
OURS = "help@tiny.example"
TALKATIVE = [conversation for conversation in conversations() if conversation.customer.answers]
SILENT = [conversation for conversation in conversations() if not conversation.customer.answers]
NAME = {"ids": lambda conversation: conversation.name}


def read(raw: bytes) -> EmailMessage:
    return cast(EmailMessage, email.message_from_bytes(raw, policy=default))


def ids(message: EmailMessage, name: str) -> list[str]:
    return re.findall(r"<([^>]+)>", str(message.get(name, "")))


def last_mail(conversation: Conversation) -> EmailMessage:
    of_it = [sample for sample in load(NOW, OURS) if sample.conversation == conversation.name]
    return read([sample for sample in of_it if sample.folder == "INBOX"][-1].raw)


def reply_to(
    original: EmailMessage, whom: str, text: str = "We have fixed it.\nAnything else?", number: int = 1
) -> bytes:
    reply = EmailMessage(policy=SMTP)
    reply["From"] = f"Tiny Support <{OURS}>"
    reply["To"] = whom
    reply["Subject"] = f"Re: {original['Subject']}"
    reply["Date"] = format_datetime(NOW)
    reply["Message-ID"] = f"<ours-{number}@tiny.example>"
    reply["In-Reply-To"] = str(original["Message-ID"])
    reply["References"] = f"{original.get('References', '')} {original['Message-ID']}".strip()
    reply.set_content(text)
    return reply.as_bytes()


def text_of(message: EmailMessage) -> str:
    return str(cast(EmailMessage, message.get_body(("plain",))).get_content()).replace("\r\n", "\n")


async def eventually(look: Callable[[], Awaitable[list[Any]]], count: int) -> list[Any]:
    async with asyncio.timeout(20):
        while True:
            if len(found := await look()) >= count:
                return found
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("conversation", TALKATIVE, **NAME)
def test_a_customer_answers_in_the_same_thread_and_quotes_us(conversation: Conversation) -> None:
    original = last_mail(conversation)
    reply = reply_to(original, conversation.customer.address)
    raw = answer(reply, NOW + timedelta(minutes=2))
    assert raw is not None
    said = read(raw)
    assert said["From"].addresses[0].addr_spec == conversation.customer.address
    assert said["To"].addresses[0].addr_spec == OURS
    assert ids(said, "In-Reply-To") == ["ours-1@tiny.example"]
    assert ids(said, "References") == [*ids(read(reply), "References"), "ours-1@tiny.example"]
    assert said["Date"].datetime == NOW + timedelta(minutes=2)
    assert said["Date"].datetime.utcoffset() == timedelta(hours=conversation.customer.zone)
    assert said["Subject"] == read(reply)["Subject"]
    own, _, quote = text_of(said).partition("We have fixed it.")
    assert own.startswith(conversation.customer.answers[0].strip())
    assert "Anything else?" in quote
    assert said.defects == []


@pytest.mark.parametrize("conversation", TALKATIVE, **NAME)
def test_a_customer_runs_out_of_things_to_say(conversation: Conversation) -> None:
    said, heard = last_mail(conversation), []
    for number in range(1, 10):
        raw = answer(reply_to(said, conversation.customer.address, number=number), NOW)
        if raw is None:
            break
        said = read(raw)
        heard.append(said)
    assert len(heard) == len(conversation.customer.answers)
    assert len({str(mail["Message-ID"]) for mail in heard}) == len(heard)
    own = [text_of(mail) for mail in heard]
    assert all(text.startswith(words.strip()) for text, words in zip(own, conversation.customer.answers, strict=True))


@pytest.mark.parametrize("conversation", SILENT, **NAME)
def test_some_stay_silent(conversation: Conversation) -> None:
    assert answer(reply_to(last_mail(conversation), conversation.customer.address), NOW) is None


@pytest.mark.parametrize("conversation", TALKATIVE, **NAME)
def test_whatever_we_write_can_be_quoted(conversation: Conversation) -> None:
    ours = "Ünal ve Şule, здравствуйте — 髙橋様 ☕ \U0001f408"
    raw = answer(reply_to(last_mail(conversation), conversation.customer.address, ours), NOW)
    assert raw is not None
    assert ours in text_of(read(raw))


def test_the_same_reply_gets_the_same_answer() -> None:
    reply = reply_to(last_mail(TALKATIVE[0]), TALKATIVE[0].customer.address)
    assert answer(reply, NOW) == answer(reply, NOW)


def test_automatic_mail_other_people_and_unknown_threads_are_not_answered() -> None:
    conversation = TALKATIVE[0]
    original = last_mail(conversation)
    reply = reply_to(original, conversation.customer.address)
    assert answer(reply, NOW) is not None
    assert answer(b"Auto-Submitted: auto-replied\r\n" + reply, NOW) is None
    assert answer(reply_to(original, "developers@tiny.example"), NOW) is None
    assert answer(re.sub(rb"(?m)^(References|In-Reply-To):.*(\r\n .*)*\r\n", b"", reply), NOW) is None


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.text(max_size=60))
def test_no_mail_breaks_them(body: bytes, subject: str) -> None:
    thread = f"{TALKATIVE[0].token}.1@x.example"
    head = f"To: {TALKATIVE[0].customer.address}\r\nReferences: <{thread}>\r\nSubject: {subject}\r\n"
    assert answer(body, NOW) is None
    colleague_answer(body, NOW)
    answer(head.encode("utf-8", "replace") + b"Content-Type: text/plain; charset=nonesuch\r\n\r\n" + body, NOW)


@pytest.mark.parametrize("conversation", TALKATIVE, **NAME)
def test_a_colleague_answers_the_customer_from_the_shared_mailbox(conversation: Conversation) -> None:
    original = last_mail(conversation)
    said = read(colleague_answer(original.as_bytes(), NOW, "Ada"))
    assert said["From"].addresses[0].addr_spec == OURS
    assert ids(said, "In-Reply-To") == ids(original, "Message-ID")
    assert ids(said, "References") == [*ids(original, "References"), *ids(original, "Message-ID")]
    assert said["To"].addresses == (original["Reply-To"] or original["From"]).addresses
    assert "Ada" in text_of(said)
    assert said["Date"].datetime == NOW


def test_a_colleague_writes_in_the_customers_language() -> None:
    def said(text: str) -> str:
        mail = EmailMessage()
        mail["From"] = "Someone <someone@new.example>"
        mail["To"] = OURS
        mail.set_content(text)
        return text_of(read(colleague_answer(mail.as_bytes(), NOW, "Kai")))

    assert said("Nothing works.").startswith("Hello Someone,")
    assert said("Ничего не работает.").startswith("Здравствуйте, Someone!")
    assert said("Hiçbir şey çalışmıyor.").startswith("Merhaba Someone,")
    assert said("何も動きません。").startswith("Someone 様")


async def test_customers_answer_what_the_server_accepted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customers, "delay", lambda message_id: 0.01)
    people = TALKATIVE[:3]
    replies = [
        reply_to(last_mail(conversation), conversation.customer.address, number=number)
        for number, conversation in enumerate(people)
    ]
    server = DemoServer(OURS)
    await server.start()
    watching = asyncio.create_task(Customers(server, now=lambda: NOW).run())

    def send(*mails: bytes) -> None:
        with smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=10) as smtp:
            smtp.login(server.user, server.password)
            for raw in mails:
                smtp.sendmail(OURS, ["whoever@x.example"], raw)

    async def inbox() -> list[Any]:
        return await server.mails("INBOX")

    try:
        await asyncio.to_thread(send, replies[0], replies[0], replies[1])
        await eventually(inbox, 2)
        await asyncio.to_thread(send, replies[0], replies[2])
        held = await eventually(inbox, 3)
        assert sorted(mail.message_id.partition(".")[0] for mail in held) == sorted(who.token for who in people)
        assert {mail.received_at for mail in held} == {NOW}
        await server.stop()
        await asyncio.wait_for(watching, 20)
    finally:
        watching.cancel()
        await server.stop()


@pytest.mark.parametrize("conversation", TALKATIVE, **NAME)
def test_a_customer_takes_one_to_three_seconds(conversation: Conversation) -> None:
    assert 1.0 <= delay(f"{conversation.token}.answer-1@x.example") <= 3.0
