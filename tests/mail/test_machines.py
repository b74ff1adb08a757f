"""Machines among the writers: automatic mail, lists, delivery reports, forms."""

from __future__ import annotations

import pytest

from supportterm.domain.mail import Address
from supportterm.mail.parse import parse

OWN = frozenset({"help@shop.example", "shop.example"})


def mail(*fields: str, body: str = "Hello", sender: str = "Kim <kim@home.example>") -> bytes:
    return "\n".join((f"From: {sender}", *fields, "", body)).encode()


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (vacation)",
        "Precedence: bulk",
        "Precedence: Junk",
        "Precedence: special\nPrecedence: list",
        "X-Autoreply: yes",
        "X-Autorespond: holiday",
        "X-Loop: help@shop.example",
        "List-Id: News <news.lists.example>",
        "List-Unsubscribe: <https://lists.example/u>",
        "Subject: Automatic reply: your request",
        "Subject: Out of Office: Kim",
        "Subject: Abwesenheitsnotiz: Anfrage",
        "Subject: Réponse automatique : Demande",
        "Subject: Автоответ: Заказ",
        "Subject: Otomatik yanıt: Sipariş",
        "Subject: =?utf-8?b?44CQ6Ieq5YuV6L+U5L+h44CRIOazqOaWhw==?=",
    ],
)
def test_machine_made_mail_is_known_and_never_acknowledged(field: str) -> None:
    read = parse(mail(field))
    assert read.is_auto
    assert read.auto_reason
    assert not read.may_acknowledge
    assert not read.is_bounce


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: no",
        "Precedence: first-class",
        "X-Autoreply: no",
        "Subject: Automatic replies do not work",
        "Subject: Out of office paper",
        "Subject: on vacation I lost my key",
        "X-Auto-Response-Suppress: None",
    ],
)
def test_a_persons_mail_is_acknowledged(field: str) -> None:
    read = parse(mail(field))
    assert not read.is_auto
    assert read.may_acknowledge


@pytest.mark.parametrize(
    ("fields", "sender"),
    [
        (("X-Auto-Response-Suppress: All",), "Kim <kim@home.example>"),
        (("Return-Path: <>",), "Kim <kim@home.example>"),
        ((), "noreply@bank.example"),
        ((), "Kim <do-not-reply@home.example>"),
        ((), "help@shop.example"),
        ((), ""),
    ],
)
def test_some_mail_is_no_machines_and_yet_gets_no_receipt(fields: tuple[str, ...], sender: str) -> None:
    read = parse(mail(*fields, sender=sender), own=OWN)
    assert not read.is_auto
    assert not read.may_acknowledge


def test_our_own_shared_list_is_how_people_write_to_us() -> None:
    raw = mail("List-Id: <help.shop.example>", "Precedence: list", "List-Post: <mailto:help@shop.example>")
    assert parse(raw).is_auto
    assert not parse(raw, own=OWN).is_auto
    assert not parse(raw, own=OWN).may_acknowledge


def report(action: str = "failed", status: str = "5.1.1", kind: str = "report; report-type=delivery-status") -> bytes:
    return f"""From: Mail Delivery System <mailer-daemon@mx.example>
Subject: Undelivered Mail
Return-Path: <>
Content-Type: multipart/{kind}; boundary=zz

--zz
Content-Type: text/plain

I am sorry.
--zz
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; Kim@Home.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no

--zz
Content-Type: message/rfc822

From: help@shop.example
Message-ID: <ours@shop.example>
Subject: Your order

Hello Kim
--zz--
""".encode()


def test_a_delivery_report_says_whom_it_missed_and_which_mail() -> None:
    read = parse(report())
    assert read.is_bounce
    assert read.is_auto
    assert read.bounce is not None
    assert (read.bounce.recipients, read.bounce.status, read.bounce.permanent) == (("kim@home.example",), "5.1.1", True)
    assert read.bounce.original_ids == ("ours@shop.example",)
    assert read.text == "I am sorry."


def test_a_delay_is_a_bounce_that_may_still_end_well() -> None:
    bounce = parse(report("delayed", "4.4.1")).bounce
    assert bounce is not None
    assert bounce.permanent is False


def test_a_report_of_success_is_no_bounce() -> None:
    read = parse(report("delivered", "2.0.0"))
    assert not read.is_bounce
    assert read.is_auto


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        (
            "failure notice",
            "Hi. This is the mail program at mx.example.\n<kim@home.example>:\nSorry, no mailbox here (#5.1.1)\n\n"
            "--- Below this line is a copy of the message.\n\nReturn-Path: <help@shop.example>\n"
            "Message-ID: <ours@shop.example>\nDate: Tue, 3 Mar 2026 10:00:00 +0000\n\nHello",
        ),
        ("Unzustellbar: Ihre Bestellung", "kim@home.example\n550 5.1.1 unbekannt"),
        ("Недоставленное сообщение", "Не удалось доставить письмо: kim@home.example"),
        ("配信できません", "kim@home.example 宛のメールは配信できませんでした。"),
    ],
)
def test_reports_in_a_systems_own_words(subject: str, body: str) -> None:
    sender, kind = "From: MAILER-DAEMON@mx.example", "Content-Type: text/plain; charset=utf-8"
    read = parse(f"{sender}\nSubject: {subject}\n{kind}\n\n{body}".encode())
    assert read.bounce is not None
    assert read.bounce.recipients == ("kim@home.example",)
    if "ours@" in body:
        assert read.bounce.original_ids == ("ours@shop.example",)
        assert read.bounce.permanent is True


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("My parcel was not delivered", "It says 550 in the tracking. Status 5.1.1?"),
        ("Re: Undelivered Mail Returned to Sender", "I get this when I write to you:\n\n550 5.1.1 user unknown"),
        ("Delivery failure again", "The courier was not here."),
    ],
)
def test_a_person_who_writes_about_delivery_is_no_machine(subject: str, body: str) -> None:
    read = parse(mail(f"Subject: {subject}", body=body))
    assert not read.is_bounce
    assert not read.is_auto


def test_a_forwarded_report_is_a_persons_mail() -> None:
    raw = report().replace(b"From: Mail Delivery System <mailer-daemon@mx.example>", b"From: kim@home.example", 1)
    raw = raw.replace(b"Return-Path: <>\n", b"").replace(b"message/delivery-status", b"text/plain")
    raw = raw.replace(b"report; report-type=delivery-status", b"mixed").replace(b"Subject: Und", b"Subject: Fwd: Und")
    assert not parse(raw).is_bounce


def test_a_read_receipt_is_automatic_but_no_bounce() -> None:
    raw = report(kind="report; report-type=disposition-notification").replace(
        b"message/delivery-status", b"message/disposition-notification"
    )
    read = parse(raw.replace(b"mailer-daemon@mx", b"kim@home").replace(b"Mail Delivery System", b"Kim"))
    assert read.is_auto
    assert not read.is_bounce


@pytest.mark.parametrize(
    ("sender", "fields", "body", "who"),
    [
        ("form@site.example", ("Reply-To: Kim <kim@home.example>",), "Hello", Address("Kim", "kim@home.example")),
        (
            "noreply@site.example",
            (),
            "Name: Kim Roe\nEmail: kim@home.example\nMessage: Hi",
            Address("Kim Roe", "kim@home.example"),
        ),
        (
            "wordpress@site.example",
            (),
            "From: Kim <kim@home.example>\nSubject: x\n\nHi",
            Address("Kim", "kim@home.example"),
        ),
        ("noreply@site.example", (), "Имя: Ким\nПочта: kim@home.example\n\nПривет", Address("Ким", "kim@home.example")),
        (
            "noreply@site.example",
            (),
            "お名前：金\nメールアドレス：kim@home.example\n",
            Address("金", "kim@home.example"),
        ),
        ("noreply@site.example", (), "Ad Soyad: Kim\nE-posta: kim@home.example\n", Address("Kim", "kim@home.example")),
        ("noreply@site.example", (), "Your order has been shipped.", None),
        ("kim@home.example", ("Reply-To: other@home.example",), "Name: A\nEmail: b@c.example", None),
        ("help@shop.example", ("Reply-To: help@shop.example",), "Hello", None),
        (
            "ana@shop.example",
            ("Subject: Fwd: Lamp",),
            "Can you?\n\n---------- Forwarded message ---------\nFrom: Kim <kim@home.example>\nDate: Tue, 3 Mar 2026\n"
            "Subject: Lamp\nTo: ana@shop.example\n\nIt is broken.",
            Address("Kim", "kim@home.example"),
        ),
        (
            "ana@shop.example",
            ("Subject: WG: Lampe",),
            "-----Ursprüngliche Nachricht-----\n"
            "Von: Kim [mailto:kim@home.example]\nGesendet: 3. März 2026\nAn: Ana\n\nKaputt.",
            Address("Kim", "kim@home.example"),
        ),
        ("ana@shop.example", ("Subject: Lamp",), "It is broken.", None),
    ],
)
def test_the_customer_behind_forms_and_forwards(
    sender: str, fields: tuple[str, ...], body: str, who: Address | None
) -> None:
    raw = mail("Content-Type: text/plain; charset=utf-8", *fields, sender=sender, body=body)
    assert parse(raw, own=OWN).original_sender == who
