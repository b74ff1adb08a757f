"""P11: the acknowledgement cannot loop, whoever answers it and however often it is provoked."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from supportterm.domain.clock import FakeClock
from supportterm.domain.receipts import sender_key
from supportterm.mail.gateway import Envelope
from tests.desk.fakes import ADDRESS, NOW, letter
from tests.desk.office import ON, Office, make_office
from tests.faults.scene import SOAK, scaled

PEER = "desk@other.example"
HOURS, STEP = 24, 900
ROUNDS = 6
"""How often mail goes to and fro within one step: a loop between two servers takes seconds."""
FLOOD = scaled(2_000, 10_000)
Post = Callable[[Envelope], bytes]

if SOAK:
    pytestmark = pytest.mark.soak


@contextmanager
def opened(*offices: Office) -> Iterator[None]:
    try:
        yield
    finally:
        for office in offices:
            office.desk.database.close()


def as_written(mail: Envelope) -> bytes:
    """Carry a mail as a mail server does: its envelope's sender goes to the top (RFC 5321 section 4.4)."""
    return b"Return-Path: <" + mail.sender.encode() + b">\r\n" + mail.raw


def stripped(mail: Envelope) -> bytes:
    """Carry a mail as the worst of gateways: nothing is left that tells a machine's mail or its thread."""
    raw = re.sub(
        rb"(?im)^(?:auto-submitted|x-auto-response-suppress|in-reply-to|references):.*\r\n(?:[ \t].*\r\n)*",
        b"",
        mail.raw,
    )
    raw = re.sub(
        rb"(?im)^message-id:.*\r\n", b"Message-ID: <" + secrets.token_hex(8).encode() + b"@gate.example>\r\n", raw
    )
    raw = re.sub(rb"(?im)^(subject:) (?:Auto: )?(.*?)(?: ?\[ST-\w+\])?\r\n", rb"\1 \2\r\n", raw)
    return re.sub(rb"ST-\w{5,10}", b"a number", raw)


def vacation(address: str, mail: Envelope, clock: FakeClock) -> bytes:
    """Answer a mail as a vacation program does that knows no headers."""
    number = secrets.token_hex(8)
    text = "I am at the sea until Monday and read no mail. Please write to my colleague."
    return letter(text, sender=address, subject="I am away", message_id=f"{number}@away.example", at=clock.now())


def moments(office: Office) -> list[tuple[str, datetime]]:
    """Return to whom receipts left, and when, by the mails' own dates."""
    return [(sender_key(mail.recipients[0]), parsedate_to_datetime(str(parse_date(mail)))) for mail in office.receipts]


def parse_date(mail: Envelope) -> str:
    found = re.search(rb"(?m)^Date: (.*)\r$", mail.raw)
    assert found
    return found[1].decode()


def most_within(times: list[datetime], window: timedelta) -> int:
    """Return the most of these instants that lie within one window."""
    ordered = sorted(times)
    return max((sum(start <= other < start + window for other in ordered) for start in ordered), default=0)


def judge(office: Office, per_hour: int = 60) -> str:
    """Assert the promise on everything an office sent, and say its counts."""
    left = moments(office)
    tickets = {mail.message_id: mail.ticket_key for mail in office.outbox(everything=True)}
    per_ticket = Counter(tickets[mail.message_id] for mail in office.receipts)
    per_sender = {who: most_within([at for to, at in left if to == who], timedelta(hours=24)) for who, _ in left}
    in_an_hour = most_within([at for _, at in left], timedelta(hours=1))
    worst = max(per_ticket.values(), default=0), max(per_sender.values(), default=0), in_an_hour
    assert worst[0] <= 1, "per ticket"
    assert worst[1] <= 3, "per sender and day"
    assert worst[2] <= per_hour, "per hour"
    return (
        f"{len(left)} receipts on {len(office.tickets())} tickets: at most {worst[0]} a ticket,"
        f" {worst[1]} a sender and day, {worst[2]} an hour"
    )


async def face_each_other(place: Path, post: Post) -> tuple[Office, Office]:
    """Let two offices write to each other for a day, a new matter every hour, all mail carried by `post`."""
    clock = FakeClock(NOW)
    pair = (make_office(place / "a", address=ADDRESS, clock=clock), make_office(place / "b", address=PEER, clock=clock))
    for office in pair:
        await office.sync()
    for step in range(HOURS * 3600 // STEP):
        clock.advance(STEP)
        if step % 4 == 0:
            for office, other in (pair, pair[::-1]):
                from_, to = other.desk.config.mailbox.address, office.desk.config.mailbox.address
                text = f"We need your help with matter {step}. When can you look at it?"
                office.put(letter(text, sender=from_, to=to, message_id=f"{step}@{from_}", at=clock.now()))
        for _ in range(ROUNDS):
            for office in pair:
                await office.sync()
            if not sum(carry(office, other, post) for office, other in (pair, pair[::-1])):
                break
    return pair


def carry(office: Office, other: Office, post: Post) -> int:
    """Bring to the other office what this one has sent since; return how many mails."""
    fresh = office.server.accepted[office.posted :]
    for mail in fresh:
        other.put(post(mail))
    office.posted += len(fresh)
    return len(fresh)


async def test_two_instances_face_each_other_for_a_day(tmp_path: Path) -> None:
    a, b = await face_each_other(tmp_path, as_written)
    with opened(a, b):
        print(f"\nheaders intact: {judge(a)}; {judge(b)}")
        assert len(a.receipts) == len(b.receipts) == 3
        assert len(a.tickets()) == len(b.tickets()) == 27, "24 matters, and a receipt on each of three of our own"


async def test_two_instances_behind_gateways_that_strip_everything(tmp_path: Path) -> None:
    a, b = await face_each_other(tmp_path, stripped)
    with opened(a, b):
        print(f"\nheaders stripped: {judge(a)}; {judge(b)}")
        assert len(a.receipts) == len(b.receipts) == 3


async def away(place: Path, sender: Callable[[int], str], per_hour: int) -> Office:
    """Let an office acknowledge a peer for a day that answers every mail at once, without headers, as `sender`."""
    clock = FakeClock(NOW)
    office = make_office(place, replace(ON, per_hour=per_hour), clock=clock)
    await office.sync()
    answered = 0
    for hour in range(HOURS):
        clock.advance(1)
        text = f"We need your help with matter {hour}."
        office.put(letter(text, sender=sender(answered), message_id=f"{hour}@first.example", at=clock.now()))
        answered += 1
        for _ in range(per_hour + 3):
            await office.sync()
            fresh = office.server.accepted[office.posted :]
            office.posted += len(fresh)
            for mail in fresh:
                answered += 1
                office.put(vacation(sender(answered), mail, clock))
            clock.advance(60)
            if not fresh:
                break
        clock.advance((NOW + timedelta(hours=hour + 1) - clock.now()).total_seconds())
    return office


async def test_a_vacation_program_without_headers_is_answered_three_times_a_day(tmp_path: Path) -> None:
    office = await away(tmp_path / "office", lambda _: "kai@away.example", per_hour=60)
    with opened(office):
        print(f"\nvacation without headers: {judge(office)}")
        assert len(office.receipts) == 3


async def test_one_that_writes_from_another_address_each_time_is_capped_by_the_hour(tmp_path: Path) -> None:
    office = await away(tmp_path / "office", lambda n: f"kai{n}@away.example", per_hour=4)
    with opened(office):
        print(f"\nanother address each time: {judge(office, per_hour=4)}")
        assert 4 <= len(office.receipts) <= 4 * HOURS


async def test_a_flood_is_capped_by_the_hour(tmp_path: Path) -> None:
    office = make_office(tmp_path / "office")
    await office.sync()
    with opened(office):
        for third in range(3):
            office.clock.advance(60)
            for number in range(third, FLOOD, 3):
                office.put(
                    letter(f"Where is parcel {number}?", sender=f"c{number}@x.example", message_id=f"{number}@x")
                )
            await office.sync()
            office.clock.advance(1800)
            await office.sync()
        print(f"\nflood of {FLOOD:,} from as many senders within the hour and a half: {judge(office)}")
        assert len(office.tickets()) == FLOOD
        assert 60 <= len(office.receipts) <= 120


async def test_a_flood_of_one_sender_is_answered_three_times(tmp_path: Path) -> None:
    office = make_office(tmp_path / "office")
    await office.sync()
    office.clock.advance(60)
    with opened(office):
        for number in range(FLOOD // 4):
            address = f"mara+{number}@lind.example"
            office.put(letter(f"Where is parcel {number}?", sender=address, message_id=f"{number}@lind.example"))
        await office.sync()
        print(f"\nflood of {FLOOD // 4:,} from one sender: {judge(office)}")
        assert len(office.receipts) == 3


async def test_lists_bounces_machines_and_our_own_addresses_get_none(tmp_path: Path) -> None:
    office = make_office(tmp_path / "office", aliases=("help@acme.example",))
    await office.sync()
    office.clock.advance(60)
    kinds: list[dict[str, str]] = [
        {"List_Id": "<news.shop.example>"},
        {"Precedence": "bulk"},
        {"Auto_Submitted": "auto-generated"},
        {"Return_Path": "<>"},
        {"X_Loop": "yes"},
        {"sender": "noreply@shop.example"},
        {"sender": "Mail Delivery Subsystem <mailer-daemon@mx.example>", "subject": "Undelivered Mail"},
        {"sender": ADDRESS},
        {"sender": "help@acme.example"},
        {"sender": "anna@acme.example"},
    ]
    with opened(office):
        for number in range(FLOOD // 4):
            headers = kinds[number % len(kinds)]
            office.put(letter(f"Number {number} for you.", message_id=f"{number}@m.example", **headers))  # type: ignore[arg-type]  # texts
        await office.sync()
        print(f"\n{FLOOD // 4:,} mails of lists, machines and ourselves: {judge(office)}")
        assert office.receipts == []
        assert len(office.why_not()) == FLOOD // 4


async def test_a_thread_that_many_write_on_has_one(tmp_path: Path) -> None:
    office = make_office(tmp_path / "office")
    await office.sync()
    office.clock.advance(60)
    with opened(office):
        for number in range(FLOOD // 20):
            refs = ("0@x.example",) if number else ()
            mail = letter(
                f"And what of parcel {number}?",
                sender=f"c{number}@x.example",
                message_id=f"{number}@x.example",
                refs=refs,
            )
            office.put(mail)
            if number % 10 == 0:
                await office.sync()
                office.clock.advance(60)
        await office.sync()
        print(f"\n{FLOOD // 20} people on one thread: {judge(office)}")
        assert len(office.tickets()) == len(office.receipts) == 1
