"""The acknowledgement: who gets one, when, what it says, and that it means nothing for the ticket."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from supportterm.config import Policy, Receipt
from supportterm.desk import sync_wish, verbs
from supportterm.desk.replying import reply
from supportterm.domain.drafts import Draft, Mode
from supportterm.domain.events import EventKind
from supportterm.domain.message import Message
from supportterm.domain.operations import State
from supportterm.domain.ticket import MessageKind, Status
from supportterm.mail import parse
from supportterm.mail.gateway import Answer
from supportterm.store import drafts
from tests.desk.fakes import ADDRESS, NOW, letter
from tests.desk.office import ON, Office, make_office, open_office
from tests.desk.test_config_watch import at_work, save, told

MARA = "mara@lind.example"
HOUR = 3600


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    found = await open_office(tmp_path / "office", aliases=("help@acme.example",), team=("petra@freelance.example",))
    yield found
    found.desk.database.close()


async def test_a_new_mail_is_acknowledged_once_and_nothing_else_follows(office: Office) -> None:
    await office.gets(message_id="m1@lind.example", subject="Parcel 12")
    await office.sync()
    office.clock.advance(10)
    await office.sync()
    (mail,) = office.receipts
    (ticket,) = office.tickets()
    said = parse.parse(mail.raw)
    assert (mail.sender, mail.recipients) == ("", (MARA,)), "a receipt that cannot be delivered returns to nobody"
    assert said.auto_reason == "Auto-Submitted: auto-replied"
    assert b"X-Auto-Response-Suppress: All" in mail.raw
    assert said.references == said.in_reply_to == ("m1@lind.example",)
    assert said.subject == f"Auto: Parcel 12 [{ticket.ref}]"
    assert "by tomorrow, Tuesday, 12:01 (UTC)" in said.text
    assert ticket.ref in said.text
    assert (ticket.status, ticket.first_replied_at, ticket.last_reply_at) == (Status.NEW, None, None)
    assert ticket.waiting_since is not None
    assert ticket.due_at == ticket.waiting_since + timedelta(hours=24)
    (shown,) = office.messages(ticket)
    assert shown.to[0].address == MARA
    assert [event.kind for event in office.events(ticket)] == [EventKind.RECEIPT_QUEUED, EventKind.RECEIPT_SENT]
    assert office.outbox() == []
    assert len(office.server.folders["Sent"]) == 1
    assert not any("\\Answered" in mail.flags for mail in office.server.folders["INBOX"].values())


@pytest.mark.parametrize(
    ("to", "sender"),
    [
        ("help@acme.example", "help@acme.example"),
        ("Help <HELP@acme.example>", "help@acme.example"),
        (f"{ADDRESS}, help@acme.example", ADDRESS),
        ("support+orders@acme.example", ADDRESS),
    ],
)
async def test_it_comes_from_the_address_the_customer_wrote_to(office: Office, to: str, sender: str) -> None:
    await office.gets(to=to)
    (mail,) = office.receipts
    assert parse.parse(mail.raw).sender.address == sender


async def test_more_mail_on_the_ticket_brings_no_second_one(office: Office) -> None:
    await office.gets(message_id="m1@lind.example")
    office.clock.advance(HOUR)
    await office.gets("And my invoice?", message_id="m2@lind.example", refs=("m1@lind.example",))
    receipt = parse.parse(office.receipts[0].raw).message_id or ""
    await office.gets("Still waiting for it.", message_id="m3@lind.example", refs=(receipt,))
    assert len(office.receipts) == 1
    assert office.why_not() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (rejected)"},
        {"Precedence": "bulk"},
        {"Precedence": "junk"},
        {"Precedence": "list"},
        {"List_Id": "<news.shop.example>"},
        {"List_Unsubscribe": "<mailto:off@shop.example>"},
        {"X_Loop": "shop"},
        {"Return_Path": "<>"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Auto_Response_Suppress": "OOF, AutoReply"},
        {"X_Autoreply": "yes"},
        {"sender": "noreply@shop.example"},
        {"sender": "Shop <do-not-reply@shop.example>"},
        {"sender": "MAILER-DAEMON@mx.shop.example"},
        {"sender": "owner-news@shop.example"},
        {"sender": "news-request@shop.example"},
        {"sender": ADDRESS},
        {"sender": "help@acme.example"},
        {"sender": "anna@acme.example"},
        {"sender": "petra@freelance.example"},
        {"sender": "webform@shop.example", "Reply_To": "kai@lad.example"},
        {"sender": MARA, "Reply_To": "kai@lad.example"},
        {"sender": "anna@acme.example", "Reply_To": "kai@lad.example"},
        {"to": "someone@else.example"},
        {"subject": "Automatic reply: A question"},
        {"subject": "Auto: A question"},
    ],
    ids=lambda headers: " ".join(headers.values()),
)
async def test_machines_lists_and_ourselves_get_none_and_the_journal_says_why(
    office: Office, headers: dict[str, str]
) -> None:
    await office.gets(**headers)
    await office.sync()
    assert office.receipts == []
    assert len(office.why_not()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "no"},
        {"X_Auto_Response_Suppress": "None"},
        {"Return_Path": f"<{MARA}>"},
        {"Reply_To": f"Mara <{MARA}>"},
        {"to": "help@acme.example"},
        {"to": "kai@lad.example", "cc": ADDRESS},
        {"to": "support+shop@acme.example"},
    ],
    ids=lambda headers: " ".join(headers.values()),
)
async def test_people_get_theirs(office: Office, headers: dict[str, str]) -> None:
    await office.gets(**headers)
    assert len(office.receipts) == 1


async def test_thanks_ask_for_none(office: Office) -> None:
    await office.gets("Thank you very much!")
    assert office.receipts == []
    assert office.why_not() == ["it asks for no answer"]


async def test_off_until_switched_on(tmp_path: Path) -> None:
    office = await open_office(tmp_path / "office", Receipt())
    await office.gets()
    assert office.receipts == []
    assert office.why_not() == []
    office.configure(dataclasses.replace(office.desk.config, receipt=ON))
    await office.sync()
    assert office.receipts == [], "what came while they were off is not acknowledged later"
    office.desk.database.close()


async def test_never_for_mail_older_than_the_day_they_were_switched_on(tmp_path: Path) -> None:
    office = await open_office(tmp_path / "office", Receipt(date(2026, 3, 3)))
    office.clock.advance(11 * HOUR)
    await office.gets(message_id="early@lind.example")
    assert office.receipts == []
    office.clock.advance(HOUR)
    await office.gets(message_id="late@lind.example")
    assert len(office.receipts) == 1
    office.desk.database.close()


async def test_the_day_begins_in_the_policys_time_zone(tmp_path: Path) -> None:
    office = await open_office(tmp_path / "o", Receipt(date(2026, 3, 3)), policy=Policy(time_zone="Asia/Tokyo"))
    office.clock.advance(3 * HOUR)
    await office.gets()
    assert len(office.receipts) == 1, "at 15:01 UTC it is the third of March in Tokyo"
    office.desk.database.close()


async def test_after_offline_time_only_what_is_under_24_hours_old(office: Office) -> None:
    office.clock.advance(72 * HOUR)
    for hours in (70, 30, 24.1, 23.9, 5, 1):
        sent = office.clock.now() - timedelta(hours=hours)
        raw = letter("Where is it?", sender=f"c{hours}@x.example", message_id=f"{hours}@x.example", at=sent)
        office.put(raw, timedelta(hours=hours))
    await office.sync()
    assert [mail.recipients[0] for mail in office.receipts] == ["c23.9@x.example", "c5@x.example", "c1@x.example"]


async def test_old_mail_that_is_copied_in_today_is_not_acknowledged(office: Office) -> None:
    office.clock.advance(72 * HOUR)
    office.put(letter("Where is it?", at=office.clock.now() - timedelta(days=2)))
    await office.sync()
    assert office.receipts == []


async def test_what_the_first_sync_finds_was_seen_to_elsewhere(tmp_path: Path) -> None:
    office = await open_office(tmp_path / "office")
    await office.gets(message_id="m1@lind.example")
    office.desk.database.close()
    again = make_office(tmp_path / "new store", clock=office.clock)
    again.server = office.server
    again.clock.advance(HOUR)
    await again.sync()
    await again.sync()
    assert len(again.tickets()) == len(again.receipts) == 1
    again.desk.database.close()


async def test_another_uidvalidity_acknowledges_nothing_again(office: Office) -> None:
    await office.gets()
    office.server.validity += 1
    await office.sync()
    assert len(office.receipts) == 1


async def test_a_reply_that_is_being_written_comes_first(office: Office) -> None:
    office.server.answers[MARA] = (Answer.LATER, 451, "later")
    await office.gets()
    (ticket,) = office.tickets()
    draft = Draft(ticket.key, office.desk.me, Mode.REPLY, text="Hello Mara,", updated_at=office.clock.now())
    with office.desk.database.write() as session:
        drafts.save(session, draft)
    office.server.answers.clear()
    office.clock.advance(60)
    await office.sync()
    assert office.receipts == []
    assert office.messages(ticket) == [], "what never left is not shown as if it had"
    assert office.events(ticket)[-1].payload["why"] == "a reply is being written"


async def test_a_reply_that_was_faster_makes_it_needless(office: Office) -> None:
    office.server.answers[MARA] = (Answer.LATER, 451, "later")
    await office.gets()
    (ticket,) = office.tickets()
    reply(office.desk, ticket.ref, "Hello Mara, it comes today.")
    office.server.answers.clear()
    office.clock.advance(60)
    await office.sync()
    assert office.receipts == []
    assert len(office.server.accepted) == 1
    assert office.tickets()[0].first_replied_at is not None


@pytest.mark.parametrize("status", [Status.SPAM, Status.CLOSED, Status.SOLVED, Status.PENDING, Status.ON_HOLD])
async def test_a_ticket_that_is_settled_meanwhile_needs_none(office: Office, status: Status) -> None:
    office.server.answers[MARA] = (Answer.LATER, 451, "later")
    await office.gets()
    verbs.change(office.desk, office.tickets()[0].ref, verbs.Change(status=status))
    office.server.answers.clear()
    office.clock.advance(60)
    await office.sync()
    assert office.receipts == []


async def test_one_that_could_not_leave_for_a_day_stays(office: Office) -> None:
    office.server.answers[MARA] = (Answer.LATER, 451, "later")
    await office.gets()
    office.server.answers.clear()
    office.clock.advance(24 * HOUR + 1)
    await office.sync()
    assert office.receipts == []
    assert office.outbox() == []


async def test_what_people_wrote_leaves_before(office: Office) -> None:
    await office.gets("Where is it?", sender="kai@lad.example", message_id="k@lad.example")
    (ticket,) = office.tickets()
    office.server.answers[MARA] = (Answer.LATER, 451, "later")
    await office.gets(message_id="m1@lind.example")
    reply(office.desk, ticket.ref, "Hello Kai, it comes today.")
    office.server.answers.clear()
    office.clock.advance(60)
    await office.sync()
    assert [mail.recipients[0] for mail in office.server.accepted] == ["kai@lad.example", "kai@lad.example", MARA]


async def test_merged_tickets_count_as_one(office: Office) -> None:
    await office.gets("Where is it?", message_id="a@lind.example")
    await office.gets("Thank you!", message_id="b@lind.example")
    both = ("a@lind.example", "b@lind.example")
    await office.gets("Both are one matter, please look.", message_id="c@lind.example", refs=both)
    assert len(office.tickets()) == 1
    assert len(office.receipts) == 1


async def test_another_machine_on_the_mailbox_finds_it_in_sent(office: Office, tmp_path: Path) -> None:
    colleague = make_office(tmp_path / "colleague", clock=office.clock)
    colleague.server = office.server
    await colleague.sync()
    office.clock.advance(60)
    await office.gets()
    office.clock.advance(10)
    await office.sync()
    await colleague.sync()
    assert len(office.receipts) == 1
    assert len(colleague.tickets()) == 1
    assert len(colleague.messages(colleague.tickets()[0])) == 1
    colleague.desk.database.close()


async def test_three_a_day_for_one_sender_whatever_stands_behind_the_plus(office: Office) -> None:
    for number in range(6):
        await office.gets(sender=f"mara+{number}@Lind.example", message_id=f"{number}@lind.example")
        office.clock.advance(HOUR)
    assert len(office.receipts) == 3
    assert office.why_not() == ["its sender has had 3 in 24 hours"] * 3
    office.clock.advance(24 * HOUR)
    await office.gets(message_id="next@lind.example")
    assert len(office.receipts) == 4


async def test_a_backlog_that_could_not_leave_keeps_to_the_hour_too(tmp_path: Path) -> None:
    office = await open_office(tmp_path / "office", dataclasses.replace(ON, per_hour=5))
    for number in range(12):
        office.server.answers[f"c{number}@x.example"] = (Answer.LATER, 451, "later")
        await office.gets(sender=f"c{number}@x.example", message_id=f"{number}@x.example")
        office.clock.advance(HOUR / 3)
    office.server.answers.clear()
    office.clock.advance(HOUR / 2)
    await office.sync()
    assert len(office.receipts) == 5
    office.desk.database.close()


async def test_a_running_worker_heeds_the_file(office: Office, tmp_path: Path) -> None:
    path = save(tmp_path / "config.toml", "")
    office.configure(dataclasses.replace(office.desk.config, receipt=Receipt()))
    async with at_work(office, path) as until:

        async def comes(number: int) -> None:
            office.put(letter("Where is it?", sender=f"c{number}@x.example", message_id=f"{number}@x.example"))
            office.clock.advance(1)
            sync_wish.ask(office.desk)
            await until(lambda: len(office.tickets()) == number)

        async def heeds(text: str) -> None:
            save(path, "nonsense = 1\n")
            await until(lambda: told(office).get("config"))
            save(path, text)
            await until(lambda: not told(office).get("config"))

        await comes(1)
        await heeds("[receipt]\nenabled_since = 2026-03-02\n")
        await comes(2)
        await until(lambda: office.receipts)
        await heeds("")
        await comes(3)
        await heeds("")
    assert [mail.recipients[0] for mail in office.receipts] == ["c2@x.example"]


# -- what comes back


def bounce(receipt: bytes) -> bytes:
    """Return a delivery report about a receipt."""
    return (
        b"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.lind.example\r\nTo: support@acme.example\r\n"
        b"Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <dsn@mx.lind.example>\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.lind.example\r\n\r\n"
        b"Final-Recipient: rfc822; mara@lind.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + receipt + b"\r\n--b--\r\n"
    )


async def test_a_bounce_of_the_receipt_is_met_with_silence(office: Office) -> None:
    await office.gets()
    (ticket,) = office.tickets()
    reply(office.desk, ticket.ref, "Hello Mara, it comes today.")
    office.clock.advance(60)
    await office.sync()
    office.put(bounce(office.receipts[0].raw))
    await office.sync()
    (ticket,) = office.tickets()
    assert ticket.status is Status.PENDING
    assert not ticket.undelivered
    assert len(office.messages(ticket, MessageKind.AUTOMATIC)) == 1
    assert len(office.receipts) == 1


async def test_a_bounce_of_the_reply_still_opens_the_ticket(office: Office) -> None:
    await office.gets()
    (ticket,) = office.tickets()
    reply(office.desk, ticket.ref, "Hello Mara, it comes today.")
    office.clock.advance(60)
    await office.sync()
    office.put(bounce(office.server.accepted[-1].raw))
    await office.sync()
    assert office.tickets()[0].undelivered


async def test_a_server_that_refuses_the_null_sender_gets_our_address(office: Office) -> None:
    office.server.answers[MARA] = (Answer.REFUSED, 550, "a sender is needed")
    await office.gets()
    office.server.answers.clear()
    await office.sync()
    (mail,) = office.receipts
    assert mail.sender == ADDRESS


@pytest.mark.parametrize("answer", [Answer.REFUSED, Answer.UNCERTAIN])
async def test_one_that_does_not_arrive_troubles_nobody(office: Office, answer: Answer) -> None:
    office.server.answers[MARA] = (answer, 550, "unknown here")
    await office.gets()
    for _ in range(3):
        office.clock.advance(HOUR)
        await office.sync()
    (ticket,) = office.tickets()
    (mail,) = office.outbox(everything=True)
    assert office.receipts == []
    assert office.outbox() == []
    assert mail.state is State(answer.value)
    assert ticket.status is Status.NEW
    assert office.events(ticket)[-1].kind is EventKind.RECEIPT_STOPPED


# -- what it says


async def said_to(office: Office, text: str, **headers: str) -> Message:
    await office.gets(text, **headers)
    ticket = max(office.tickets(), key=lambda ticket: ticket.created_at)
    return office.messages(ticket)[0]


@pytest.mark.parametrize(
    ("text", "lang", "words"),
    [
        ("Where is my parcel? I have been waiting for it since Monday.", "en", "by tomorrow, Tuesday, 12:01 (UTC)"),
        ("Где моя посылка? Жду её с понедельника.", "ru", "не позднее чем завтра, во вторник, в 12:01 (UTC)"),
        ("荷物がまだ届きません。月曜日から待っています。", "ja", "明日 3月3日（火）12:01 (UTC)までに"),
        ("Siparişim gelmedi, lütfen yardım edin.", "tr", "en geç yarın, Salı, saat 12:01 (UTC)"),
        ("Wo bleibt mein Paket? Ich warte seit Montag darauf.", "de", "by tomorrow, Tuesday, 12:01 (UTC)"),
    ],
)
async def test_it_speaks_the_customers_language_and_names_the_clocks_time(
    office: Office, text: str, lang: str, words: str
) -> None:
    message = await said_to(office, text)
    assert words in message.text
    assert message.lang == lang


async def test_the_time_is_told_in_the_zone_of_the_customers_mail(office: Office) -> None:
    raw = letter("Where is my parcel?").replace(
        b"Date: Mon, 02 Mar 2026 11:59:55 +0000", b"Date: Mon, 02 Mar 2026 21:00 +0900"
    )
    office.put(raw)
    await office.sync()
    assert "by tomorrow, Tuesday, 21:01 (UTC+9)" in office.messages(office.tickets()[0])[0].text


async def test_else_in_the_policys_and_its_holidays_count(tmp_path: Path) -> None:
    policy = Policy(time_zone="Europe/Helsinki", holidays=("2026-03-03",))
    office = await open_office(tmp_path / "office", policy=policy)
    message = await said_to(office, "Where is my parcel?")
    assert "by Wednesday, 4 March, 14:01 (UTC+2)" in message.text
    office.desk.database.close()


async def test_what_a_stranger_wrote_is_never_read_as_a_text_of_ours(office: Office) -> None:
    message = await said_to(
        office,
        "Where is it, {{agent.name}}? ${1:blank} \x1b[2J",
        sender='"{{mailbox.address}} ${2:x} Buy now http://evil.example" <mara@lind.example>',
        subject="{{ticket.ref}} ${1|a,b|} \x1b]0;x\x07 https://evil.example",
    )
    (mail,) = office.receipts
    assert "evil" not in message.text
    assert "{{" not in message.text
    assert "{{ticket.ref}} ${1|a,b|}" in parse.parse(mail.raw).subject
    assert b"\x1b" not in mail.raw
    assert b"Buy now" not in mail.raw


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("Hello, we look at ${1:[what]} now.", "the macro `mine` has blanks that only a person can fill"),
        ("Hello {{ticket.requester.first_name}}, by {{reply_by}}.", ""),
        ("Hello {{agent.name}}, by {{reply_by}}.", "the macro `mine` has blanks that only a person can fill"),
        (None, "there is no macro `mine`"),
        ("", "the macro `mine` is empty"),
    ],
)
async def test_a_macro_of_the_teams_own(tmp_path: Path, body: str | None, why: str) -> None:
    folder = tmp_path / "macros"
    folder.mkdir()
    if body is not None:
        (folder / "mine.md").write_text(f"+++\n+++\n{body}\n")
    office = await open_office(tmp_path / "office", dataclasses.replace(ON, macro="mine"))
    office.configure(dataclasses.replace(office.desk.config, macros=(folder,)))
    await office.gets()
    assert office.why_not() == ([why] if why else [])
    assert len(office.receipts) == (not why)
    office.desk.database.close()


def test_the_day_of_the_office_is_the_day_receipts_are_on() -> None:
    assert ON.enabled_since == NOW.date()


async def test_too_few_words_take_the_customers_language_from_their_earlier_mail_else_from_their_country(
    office: Office,
) -> None:
    await office.gets("Здравствуйте, где мой заказ?", message_id="r1@lind.example")
    office.clock.advance(HOUR)
    await office.gets("4711", message_id="r2@lind.example", subject="4711")
    await office.gets("4711", message_id="k1@kaya.example", subject="4711", sender="Kaya <kaya@magaza.com.tr>")
    await office.gets("Where is my parcel?", message_id="k2@x.example", subject="Parcel", sender="Jo <jo@firma.com.tr>")
    await office.gets("4711", message_id="k3@x.example", subject="4711", sender="Jo <jo@shop.example>")
    await office.sync()
    said = [parse.parse(mail.raw).lang for mail in office.receipts]
    assert said == ["ru", "ru", "tr", "en", "en"]
