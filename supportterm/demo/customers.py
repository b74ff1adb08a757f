"""The demo's people: customers who answer what reaches them, and a colleague who sometimes is faster."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from supportterm.demo.conversation import Conversation, conversation_of
from supportterm.demo.host import Host
from supportterm.demo.letter import Letter, encode
from supportterm.demo.quoting import AGENTS, quoted
from supportterm.demo.samples import OUR_NAME
from supportterm.demo.server import DemoError
from supportterm.domain.mail import Address

POLL_SECONDS = 0.25
_COLLEAGUE = {
    "en": "Hello {name},\n\nI have your mail in front of me and am looking into it right now. You hear from me again "
    "today, with an answer or with where things stand.\n\nBest wishes\n{colleague}\n{team}",
    "ru": "Здравствуйте, {name}!\n\nВаше письмо у меня, уже разбираюсь. Сегодня же напишу ещё раз: "
    "с ответом или с тем, что успели выяснить.\n\nС уважением,\n{colleague}\n{team}",
    "tr": "Merhaba {name},\n\nE-postanız bende, şu anda inceliyorum. Bugün içinde ya yanıtla ya da son durumla size "
    "tekrar yazacağım.\n\nSevgiler\n{colleague}\n{team}",
    "ja": "{name} 様\n\nお世話になっております。ご連絡の件、ただいま確認しております。"
    "本日中に、回答または状況を改めてご連絡いたします。\n\n{team}\n{colleague}",
}


def answer(reply_raw: bytes, now: datetime) -> bytes | None:
    """Return what the customer writes back to a mail of ours, or None where they stay silent.

    The answer belongs to the conversation and to how often its customer has
    answered before, so the same reply always gets the same one. Automatic mail
    and mail that does not go to the customer is not answered.
    """
    reply = message_from_bytes(reply_raw)
    thread = _ids(reply, "References") or _ids(reply, "In-Reply-To")
    conversation = conversation_of(thread)
    if conversation is None or _is_automatic(reply) or not _reaches(reply, conversation):
        return None
    told = sum(1 for message_id in thread if message_id.startswith(f"{conversation.token}.answer-"))
    if told >= len(conversation.customer.answers):
        return None
    return _answer(conversation, told, reply, thread, now)


def colleague_answer(original_raw: bytes, now: datetime, name: str = "Ada") -> bytes:
    """Return what a colleague answers a customer's mail from the shared mailbox; it belongs into Sent."""
    original = message_from_bytes(original_raw)
    thread = (*(_ids(original, "References") or _ids(original, "In-Reply-To")), *_ids(original, "Message-ID"))
    text, conversation = plain_text(original), conversation_of(thread)
    lang = conversation.customer.lang if conversation else _lang(text)
    to = next(iter(_addresses(original, "Reply-To") or _addresses(original, "From")), Address("", ""))
    us = next(iter(_addresses(original, "To")), Address("", ""))
    given = to.name if lang == "ja" else to.name.split(" ")[0]
    words = _COLLEAGUE[lang].format(name=given or to.address, colleague=name, team=OUR_NAME)
    if conversation and conversation.colleague:
        words = conversation.colleague.rstrip().replace("{colleague}", name)
    about = _subject(original)
    quote = quoted(text, to, us, about, _date(original, now), "thunderbird", lang)
    host = us.address.rpartition("@")[2] or "localhost"
    seed = thread[-1].partition("@")[0] if thread else "mail"
    return encode(
        Letter(
            Address(OUR_NAME, us.address),
            to,
            _re(about),
            now.astimezone(UTC).replace(microsecond=0),
            f"{seed}.{name.casefold()}-{int(now.timestamp())}@{host}",
            thread,
            f"{words}\n\n{quote}",
        )
    )


class Customers:
    """Watches what the demo's server accepts and lets the customers answer, each after their own 1 to 3 seconds."""

    def __init__(self, server: Host, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._server = server
        self._now = now
        self._read = 0
        self._answered: set[str] = set()

    async def run(self) -> None:
        """Watch until cancelled, or until the server has ended."""
        async with asyncio.TaskGroup() as answering:
            with suppress(DemoError):
                while True:
                    for mail in await self._server.accepted(after=self._read):
                        self._read += 1
                        if raw := answer(mail.raw, self._now()):
                            answering.create_task(self._deliver(raw))
                    await asyncio.sleep(POLL_SECONDS)

    async def _deliver(self, raw: bytes) -> None:
        (message_id,) = _ids(message_from_bytes(raw), "Message-ID")
        if message_id not in self._answered:
            self._answered.add(message_id)
            await asyncio.sleep(delay(message_id))
            with suppress(DemoError):
                await self._server.deliver(raw, when=self._now())


def delay(message_id: str) -> float:
    """Return how many seconds (1 to 3) a customer takes for this answer."""
    return 1.0 + sum(message_id.encode()) % 21 / 10


def plain_text(message: Message) -> str:
    """Return a mail's plain text, or nothing where it has none."""
    for part in message.walk():
        payload = part.get_payload(decode=True)
        if part.get_content_type() == "text/plain" and isinstance(payload, bytes):
            try:
                return payload.decode(part.get_content_charset() or "utf-8", "replace").replace("\r\n", "\n")
            except LookupError:
                return payload.decode("utf-8", "replace").replace("\r\n", "\n")
    return ""


def _answer(conversation: Conversation, told: int, reply: Message, thread: tuple[str, ...], now: datetime) -> bytes:
    customer = conversation.customer
    us = next(iter(_addresses(reply, "Reply-To") or _addresses(reply, "From")), Address("", ""))
    them = Address(customer.name, customer.address)
    when = now.astimezone(timezone(timedelta(hours=customer.zone))).replace(microsecond=0)
    sent = _date(reply, now).astimezone(when.tzinfo)
    about = _subject(reply)
    quote = quoted(plain_text(reply), us, them, about, sent, customer.program, customer.lang)
    agent = AGENTS.get(customer.program)
    return encode(
        Letter(
            them,
            us,
            _re(about),
            when,
            f"{conversation.token}.answer-{told + 1}@{customer.address.rpartition('@')[2]}",
            (*thread, *_ids(reply, "Message-ID")),
            f"{customer.answers[told].strip()}\n\n{quote}",
            "",
            customer.charset,
            customer.transfer,
            {"Return-Path": f"<{customer.address}>"} | ({"X-Mailer": agent} if agent else {}),
        )
    )


def _is_automatic(mail: Message) -> bool:
    return str(mail.get("Auto-Submitted", "no")).strip().casefold() != "no"


def _reaches(mail: Message, conversation: Conversation) -> bool:
    reached = {address.address.casefold() for name in ("To", "Cc") for address in _addresses(mail, name)}
    return conversation.customer.address.casefold() in reached


def _ids(mail: Message, name: str) -> tuple[str, ...]:
    return tuple(re.findall(r"<([^<>\s]+)>", str(mail.get(name, ""))))


def _addresses(mail: Message, name: str) -> list[Address]:
    fields = [str(value) for value in mail.get_all(name, [])]
    return [Address(_decoded(shown), address) for shown, address in getaddresses(fields) if "@" in address]


def _subject(mail: Message) -> str:
    return re.sub(r"\s+", " ", _decoded(str(mail.get("Subject", "")))).strip()


def _re(subject: str) -> str:
    return subject if subject.casefold().startswith("re:") else f"Re: {subject}"


def _decoded(text: str) -> str:
    try:
        return str(make_header(decode_header(text)))
    except (LookupError, ValueError, HeaderParseError):
        return text


def _date(mail: Message, otherwise: datetime) -> datetime:
    try:
        return parsedate_to_datetime(str(mail.get("Date", ""))).astimezone(UTC)
    except (ValueError, OverflowError):
        return otherwise


def _lang(text: str) -> str:
    if re.search(r"[぀-ヿ一-鿿]", text):
        return "ja"
    if re.search(r"[а-яё]", text, re.IGNORECASE):
        return "ru"
    return "tr" if re.search(r"[ğışĞİŞ]", text) else "en"
