import dataclasses
import email
import email.policy
from datetime import UTC, datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.domain.mail import Address
from supportterm.mail.compose import (
    ComposeError,
    Enclosure,
    Outgoing,
    compose,
    make_message_id,
    quote,
    reply_subject,
    wire_address,
)

DATE = datetime(2026, 11, 22, 11, 20, tzinfo=timezone(timedelta(hours=2)))
MAIL = Outgoing(
    sender=Address("Help Desk", "help@example.com"),
    to=(Address("Mara Lind", "mara@example.org"),),
    subject="Re: Blender [ST-7KQ2F]",
    text="Hello Mara,\nit leaves today.\n",
    message_id="0a1b@example.com",
    date=DATE,
)
FIELDS = ["From", "To", "Subject", "Date", "Message-ID", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"]


def mail(**changes: object) -> bytes:
    return compose(dataclasses.replace(MAIL, **changes))  # type: ignore[arg-type]  # any field may be changed


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def bare(raw: bytes) -> Message:
    return email.message_from_bytes(raw)


def body(raw: bytes) -> str:
    part = read(raw).get_body()
    assert part is not None
    text: str = part.get_content()
    assert "\n" not in text.replace("\r\n", "")
    return text.replace("\r\n", "\n")


def is_fit_for_the_wire(raw: bytes) -> bool:
    raw.decode("ascii")
    lines = raw.split(b"\r\n")
    return not any(b"\r" in line or b"\n" in line or b"\0" in line or len(line) > 998 for line in lines)


def test_a_plain_reply() -> None:
    raw = mail(in_reply_to="q@example.org", references=("root@example.org",), cc=(Address("", "ann@example.org"),))
    message = read(raw)
    assert message["From"] == "Help Desk <help@example.com>"
    assert message["To"] == "Mara Lind <mara@example.org>"
    assert message["Cc"] == "ann@example.org"
    assert message["Subject"] == MAIL.subject
    assert message["Message-ID"] == "<0a1b@example.com>"
    assert message["In-Reply-To"] == "<q@example.org>"
    assert message["References"] == "<root@example.org> <q@example.org>"
    assert message["Date"].datetime == DATE
    assert message.get_content_type() == "text/plain"
    assert body(raw) == MAIL.text
    assert is_fit_for_the_wire(raw)
    assert "Auto-Submitted" not in message


def test_an_acknowledgement_says_it_is_automatic() -> None:
    message = read(mail(auto_submitted=True))
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"


@pytest.mark.parametrize(
    "subject",
    [
        "two\r\nBcc: spy@example.net",
        "two\nlines",
        "=?utf-8?q?a=0D=0ABcc:_spy@example.net?=",
        "tab\tand\x00nul\x1b[2J",
        "Заявка " * 60,
        "消費税の計算" * 60,
        "x" * 3000,
        "",
        " ",
        "half \ud83d emoji",
        "a\u2028b\x85c",
    ],
)
def test_no_subject_adds_a_header_or_breaks_the_wire(subject: str) -> None:
    raw = mail(subject=subject)
    assert is_fit_for_the_wire(raw)
    assert set(bare(raw).keys()) | {"Subject"} == set(FIELDS)
    shown = " ".join(str(read(raw)["Subject"] or "").split())
    assert shown.startswith(" ".join(subject.replace("\x00", " ").split())[:3].strip("\ud83d"))


@pytest.mark.parametrize(
    "name",
    [
        "Lind, Mara",
        'Mara "M" Lind\\',
        "Мара Линд, отдел по работе с обращениями покупателей и партнёров",
        "田中 太郎（サポート窓口・返品受付担当）" * 4,
        "=?utf-8?q?Mara=0D=0A?=",
        "<evil@example.net>",
        "x\r\nBcc: spy@example.net",
        "mara@example.org",
        "a" * 2000,
    ],
)
def test_any_name_keeps_the_one_address(name: str) -> None:
    raw = mail(to=(Address(name, "mara@example.org"), Address("Ann", "ann@example.org")))
    assert is_fit_for_the_wire(raw)
    assert set(bare(raw).keys()) == set(FIELDS)
    addresses = read(raw)["To"].addresses
    assert [each.addr_spec for each in addresses] == ["mara@example.org", "ann@example.org"]
    if "=?" not in name:
        shown, _ = parseaddr(bare(raw)["To"].partition(",\r\n Ann")[0])
        assert str(make_header(decode_header(shown))) == " ".join(name.split())


@pytest.mark.parametrize(
    "address",
    [
        "",
        "mara",
        "@example.org",
        "mara@",
        "mara@exam ple.org",
        "mara@example.org\r\nBcc: x@example.net",
        "mara\n@example.org",
        "mara@example.org>",
        "mara@example.org> <x@example.net",
        "a,b@example.org",
        "mára@example.org",
        "mara@a..b",
        "mara@\x00.org",
        "mara@" + "ä" * 300,
        "x@y@z",
        '"a>b"@example.org',
    ],
)
def test_what_is_no_address_is_refused_in_words(address: str) -> None:
    for field in ("to", "cc"):
        with pytest.raises(ComposeError) as caught:
            mail(**{field: (Address("", address),)})
        assert "\n" not in str(caught.value)
    with pytest.raises(ComposeError):
        mail(sender=Address("", address))


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("mara+x@example.org", "mara+x@example.org"),
        ("mara..lind.@example.jp", "mara..lind.@example.jp"),
        ("mara@bücher.example", "mara@xn--bcher-kva.example"),
        ("mara@пример.example", "mara@xn--e1afmkfd.example"),
        ('"mara lind"@example.org', '"mara lind"@example.org'),
        ("mara@localhost", "mara@localhost"),
    ],
)
def test_unusual_addresses_stand(address: str, wire: str) -> None:
    assert wire_address(address) == wire
    assert wire in str(bare(mail(to=(Address("", address),)))["To"])


def test_broken_ids_are_left_out_and_long_ones_stay_whole() -> None:
    long_id = "x" * 300 + "@example.org"
    references = (
        "a@b\r\nBcc: x@example.net",
        "has space@b",
        "<c@d>",
        "",
        "é@b",
        long_id,
        "x" * 1000,
        "root@example.org",
    )
    raw = mail(references=references, in_reply_to="bad\nid")
    message = bare(raw)
    assert "In-Reply-To" not in message
    assert message["References"].split() == [f"<{long_id}>", "<root@example.org>"]
    assert is_fit_for_the_wire(raw)


def test_a_long_thread_keeps_its_root_and_its_end() -> None:
    chain = tuple(f"{number}@example.org" for number in range(500))
    kept = bare(mail(references=chain, in_reply_to="499@example.org"))["References"].split()
    assert (kept[0], kept[-1], len(kept)) == ("<0@example.org>", "<499@example.org>", 40)


@pytest.mark.parametrize("bad", [{"message_id": "a\r\nb@c"}, {"message_id": ""}, {"to": ()}])
def test_our_own_part_must_be_right(bad: dict[str, object]) -> None:
    with pytest.raises(ComposeError):
        mail(**bad)


def test_a_date_without_a_zone_is_refused() -> None:
    with pytest.raises(ComposeError, match="time zone"):
        mail(date=DATE.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("text", "arrives"),
    [
        ("a\rb\nc\r\nd", "a\nb\nc\nd\n"),
        (".\r\n..\n.dot", ".\n..\n.dot\n"),
        ("From here on", "From here on\n"),
        ("ещё не пришёл\n" * 30, "ещё не пришёл\n" * 30),
        ("消費税" * 400, "消費税" * 400 + "\n"),
        ("x" * 5000, "x" * 5000 + "\n"),
        ("esc\x1b[2J nul\x00", "esc[2J nul\n"),
        ("half \ud83d", "half \ufffd\n"),
        ("trailing  \nblanks\t\n", "trailing  \nblanks\t\n"),
        ("", "\n"),
    ],
)
def test_bodies_arrive_as_written(text: str, arrives: str) -> None:
    raw = mail(text=text)
    assert body(raw) == arrives
    assert is_fit_for_the_wire(raw)


@given(st.text(), st.text(), st.text())
def test_whatever_is_said_the_mail_holds(subject: str, name: str, text: str) -> None:
    raw = mail(subject=subject, sender=Address(name, "help@example.com"), text=text)
    assert is_fit_for_the_wire(raw)
    assert set(bare(raw).keys()) | {"Subject"} == set(FIELDS)
    assert [each.addr_spec for each in read(raw)["From"].addresses] == ["help@example.com"]


def test_attachments_arrive_whole_under_a_safe_name() -> None:
    enclosures = (
        Enclosure("счёт за октябрь.pdf", "application/pdf", b"%PDF-1.7\x00\xff"),
        Enclosure("../../etc/pass\r\nX: y", "text/plain", b"a\nb\r\nc"),
        Enclosure("mail.eml", "message/rfc822", b"Subject: x\n\ny"),
        Enclosure("", "text/plain\r\nX-Evil: 1", b""),
        Enclosure("領収書" * 60 + ".png", "image/png", bytes(range(256)) * 20),
    )
    raw = mail(attachments=enclosures)
    message = read(raw)
    parts = list(message.iter_attachments())
    assert [part.get_payload(decode=True) for part in parts] == [each.content for each in enclosures]
    assert [part.get_content_type() for part in parts] == [
        "application/pdf", "text/plain", "application/octet-stream", "application/octet-stream", "image/png",
    ]  # fmt: skip
    names = [part.get_filename() for part in parts]
    assert names[:4] == ["счёт за октябрь.pdf", "pass X: y", "mail.eml", "attachment"]
    assert str(names[4]).startswith("領収書")
    assert body(raw) == MAIL.text
    assert is_fit_for_the_wire(raw)
    assert all(set(part.keys()) <= {*FIELDS, "Content-Disposition"} for part in parts)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Blender", "Re: Blender [ST-7KQ2F]"),
        ("Re: Blender", "Re: Blender [ST-7KQ2F]"),
        ("RE: AW: re[2]: Blender [ST-7KQ2F]", "Re: Blender [ST-7KQ2F]"),
        ("[ST-7KQ2F] Re: Blender", "Re: Blender [ST-7KQ2F]"),
        ("Ynt: SV: Отв: Blender", "Re: Blender [ST-7KQ2F]"),
        ("回复：领收书", "Re: 领收书 [ST-7KQ2F]"),
        ("Re: other [st-00000]", "Re: other [ST-7KQ2F]"),
        ("Fwd: Blender", "Re: Fwd: Blender [ST-7KQ2F]"),
        ("Refund: when?", "Re: Refund: when? [ST-7KQ2F]"),
        ("Return of order: 5", "Re: Return of order: 5 [ST-7KQ2F]"),
        ("", "Re: [ST-7KQ2F]"),
        ("a\r\nb", "Re: a b [ST-7KQ2F]"),
    ],
)
def test_the_subject_of_a_reply(subject: str, expected: str) -> None:
    assert reply_subject(subject, "ST-7KQ2F") == expected


@given(st.text(alphabet="Rre: AW[]ST-7KQ2Fx：é", max_size=30) | st.text(max_size=400))
def test_answering_an_answer_changes_nothing_more(subject: str) -> None:
    once = reply_subject(subject, "ST-7KQ2F")
    assert reply_subject(once, "ST-7KQ2F") == once
    assert once.count("[ST-7KQ2F]") == 1


@pytest.mark.parametrize(
    ("lang", "name", "introduction"),
    [
        ("en", "Mara", "On Sun, 22 Nov 2026 at 11:20, Mara wrote:"),
        ("ru", "Мара", "вс, 22 нояб. 2026 г. в 11:20, Мара пишет:"),
        ("ja", "田中", "2026年11月22日(日) 11:20 田中 さん:"),
        ("tr", "İrem", "İrem, 22 Kas 2026 Paz, 11:20 tarihinde şunu yazdı:"),
        ("fi", "Mara", "On Sun, 22 Nov 2026 at 11:20, Mara wrote:"),
        ("en", "", "On Sun, 22 Nov 2026 at 11:20, you wrote:"),
        ("ja", "", "2026年11月22日(日) 11:20:"),
        ("tr", "", "22 Kas 2026 Paz, 11:20 tarihinde şunu yazdınız:"),
        ("en", "two\nlines", "On Sun, 22 Nov 2026 at 11:20, two lines wrote:"),
    ],
)
def test_quoting(lang: str, name: str, introduction: str) -> None:
    assert quote("one\r\n\r\n> older\n", name, DATE, lang) == f"{introduction}\n> one\n>\n>> older"


def test_message_ids() -> None:
    assert make_message_id("example.com", "0a1b") == "0a1b@example.com"
    assert make_message_id("bücher.example", "0a1b") == "0a1b@xn--bcher-kva.example"
    for domain, digits in (("exam\r\nple", "0a"), ("", "0a"), ("example.com", "0a\n")):
        with pytest.raises(ComposeError):
            make_message_id(domain, digits)
    assert compose(dataclasses.replace(MAIL, date=DATE.astimezone(UTC)))
