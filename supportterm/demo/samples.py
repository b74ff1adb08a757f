"""The sample mailbox: every conversation as raw mails, dated back from now."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import parseaddr

from supportterm.demo.conversation import Conversation, Written, arrivals, conversations
from supportterm.demo.letter import Letter, delivery_report, encode
from supportterm.demo.quoting import AGENTS, quoted
from supportterm.domain.mail import Address

OUR_NAME = "Acme Support"


@dataclass(frozen=True, slots=True)
class Sample:
    """One mail of the sample mailbox; `flags` are what it carries on the server."""

    folder: str
    raw: bytes
    received_at: datetime
    conversation: str
    flags: tuple[str, ...] = ()


def load(now: datetime, address: str) -> list[Sample]:
    """Return the sample mailbox of the shared address, oldest mail first; every date lies before `now`."""
    samples = [sample for conversation in conversations() for sample in _samples(conversation, now, address)]
    return sorted(samples, key=lambda sample: (sample.received_at, sample.raw))


def arriving(number: int, now: datetime, address: str) -> Sample | None:
    """Return the mail that comes as the so-many-th (from 0) while somebody works in the demo, or None past the last."""
    waiting = arrivals()
    return _samples(waiting[number], now, address)[0] if number < len(waiting) else None


def _samples(conversation: Conversation, now: datetime, address: str) -> list[Sample]:
    letters: list[Letter] = []
    samples: list[Sample] = []
    for number, mail in enumerate(conversation.mails):
        letter = _letter(conversation, mail, letters, now, address)
        if mail.bounce:
            failed = letters[-1]
            raw = delivery_report(letter, encode(failed), failed.to.address, **mail.bounce)
        else:
            raw = encode(letter)
        letters.append(letter)
        answered = any(later.is_ours for later in conversation.mails[number:])
        flags = ("\\Seen",) if mail.is_ours else ("\\Answered", "\\Seen") if answered else ()
        samples.append(Sample("Sent" if mail.is_ours else "INBOX", raw, now - mail.age, conversation.name, flags))
    return samples


def _letter(conversation: Conversation, mail: Written, before: list[Letter], now: datetime, address: str) -> Letter:
    customer = conversation.customer
    us, them = Address(OUR_NAME, address), Address(customer.name, customer.address)
    filled = {"{address}": address, "{domain}": address.rpartition("@")[2]}
    sender = us if mail.is_ours else Address(*parseaddr(_fill(mail.sender, filled))) if mail.sender else them
    zone = timezone(timedelta(hours=0 if mail.is_ours else customer.zone))
    text, marked = _fill(mail.text, filled), _fill(mail.html, filled)
    if before and mail.quote:
        program = "thunderbird" if mail.is_ours else customer.program
        last = before[-1]
        quote = quoted(
            last.text, last.sender, last.to, last.subject, last.date.astimezone(zone), program, customer.lang
        )
        text = f"{text.rstrip()}\n\n{quote}"
        above, _, words = quote.partition("\n")
        marked = marked.replace("{quote}", _gmail_quote(above, words))
    return Letter(
        sender,
        them if mail.is_ours else us,
        mail.subject,
        (now - mail.age).astimezone(zone).replace(microsecond=0),
        f"{conversation.token}.{len(before) + 1}@{sender.address.rpartition('@')[2]}",
        () if mail.bounce else tuple(letter.message_id for letter in before),
        text,
        marked,
        "utf-8" if mail.is_ours else customer.charset,
        "quoted-printable" if mail.is_ours else customer.transfer,
        _headers(conversation, mail, sender, filled),
        mail.attachments,
    )


def _headers(conversation: Conversation, mail: Written, sender: Address, filled: dict[str, str]) -> dict[str, str]:
    headers = {} if mail.is_ours else {"Return-Path": f"<{sender.address}>"}
    agent = AGENTS.get(conversation.customer.program)
    if agent and not mail.is_ours and not mail.sender:
        headers["X-Mailer"] = agent
    return headers | {name: _fill(value, filled) for name, value in mail.headers.items()}


def _gmail_quote(above: str, words: str) -> str:
    shown = "<br>\n".join(html.escape(line.removeprefix("> ").removeprefix(">")) for line in words.splitlines())
    return (
        f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{html.escape(above)}<br></div>'
        f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex">'
        f"{shown}</blockquote></div>"
    )


def _fill(text: str, filled: dict[str, str]) -> str:
    for blank, value in filled.items():
        text = text.replace(blank, value)
    return text
