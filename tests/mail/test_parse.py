"""What one message says: headers, bodies, charsets, attachments."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage

import pytest

from supportterm.domain.mail import Address
from supportterm.mail import parts
from supportterm.mail.parse import attachment, body_hash, parse


def mail(*fields: str, body: str = "Hello", charset: str = "utf-8") -> bytes:
    head = "".join(f"{field}\r\n" for field in ("From: Kim <kim@home.example>", *fields))
    return head.encode("utf-8", "surrogateescape") + b"\r\n" + body.encode(charset)


def test_the_plain_fields() -> None:
    read = parse(
        mail(
            "To: Help <help@shop.example>, plain@shop.example",
            "Cc: friend@home.example",
            "Reply-To: desk@home.example",
            "Subject: Where is it?",
            "Date: Tue, 3 Mar 2026 10:05:00 +0300",
            "Message-ID: <three@home.example>",
            "In-Reply-To: <two@shop.example>",
            "References: <one@home.example>\r\n <two@shop.example>",
        )
    )
    assert read.sender == Address("Kim", "kim@home.example")
    assert read.to == (Address("Help", "help@shop.example"), Address("", "plain@shop.example"))
    assert [one.address for one in (*read.cc, *read.reply_to)] == ["friend@home.example", "desk@home.example"]
    assert read.subject == "Where is it?"
    assert read.date == datetime(2026, 3, 3, 10, 5, tzinfo=timezone(timedelta(hours=3)))
    assert (read.message_id, read.in_reply_to) == ("three@home.example", ("two@shop.example",))
    assert read.references == ("one@home.example", "two@shop.example")
    assert (read.text, read.defects) == ("Hello", ())


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("=?utf-8?q?Caf=C3=A9_am_Eck?=", "Café am Eck"),
        ("=?UTF-8?B?44GC44GE?=\r\n =?UTF-8?B?44GG?=", "あいう"),
        ("=?utf-8?B?44GC44E=?= =?utf-8?B?hA==?=", "あい"),
        ("=?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?=", "こんにちは"),
        ("=?koi8-r?B?8NLJ18XU?=", "Привет"),
        ("=?windows-1254?Q?=DEikayet?=", "Şikayet"),
        ("=?utf-8?q?what=3F??=", "what??"),
        ("Re: =?utf-8?q?a?= b =?utf-8?q?c?=", "Re: a b c"),
        ("=?utf-8?q?not closed", "=?utf-8?q?not closed"),
        ("plain =?= text", "plain =?= text"),
    ],
)
def test_encoded_subjects(written: str, read: str) -> None:
    assert parse(mail(f"Subject: {written}")).subject == read


SENTENCES = {
    "koi8-r": "Здравствуйте! Заказ не пришёл, а деньги списали. Помогите, пожалуйста.",
    "cp1251": "Добрый день, почему не работает вход в личный кабинет?",
    "cp1254": "Merhaba, siparişim hâlâ gelmedi. Kargo şirketi adresi bulamadığını söylüyor, yardımcı olur musunuz?",
    "iso-2022-jp": "注文した商品がまだ届きません。確認をお願いします。",
    "shift_jis": "お世話になっております。ログインできません。",
    "euc_jp": "請求書の宛名を変更していただけますか。",
    "cp1252": "Grüße aus München! Können Sie mir helfen? Das Gerät lässt sich nicht öffnen.",
    "utf-8": "Où est ma commande ? こんにちは Привет",
    "gb18030": "您好，我的订单还没有收到，请帮我查一下。",
}


@pytest.mark.parametrize("charset", SENTENCES)
def test_a_body_without_a_charset_is_read(charset: str) -> None:
    assert parse(mail("Subject: x", body=SENTENCES[charset], charset=charset)).text == SENTENCES[charset]


@pytest.mark.parametrize("charset", SENTENCES)
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_a_body_with_a_charset_is_read(charset: str, encoding: str) -> None:
    message = EmailMessage()
    message.set_content(SENTENCES[charset], charset=charset, cte="base64" if encoding == "8bit" else encoding)
    assert parse(message.as_bytes()).text == SENTENCES[charset]


@pytest.mark.parametrize("charset", ["koi8-r", "cp1251", "shift_jis"])
def test_a_raw_subject_takes_the_charset_of_its_body(charset: str) -> None:
    subject = SENTENCES[charset][:20].rstrip()
    raw = b"From: a@b.example\r\nSubject: " + subject.encode(charset)
    raw += f"\r\nContent-Type: text/plain; charset={charset}\r\n\r\nx".encode()
    assert parse(raw).subject == subject


def test_a_wrong_charset_is_named_and_mended() -> None:
    read = parse(mail("Content-Type: text/plain; charset=us-ascii", body=SENTENCES["cp1251"], charset="cp1251"))
    assert read.text == SENTENCES["cp1251"]
    assert read.defects == ("not valid us-ascii",)


def _tree() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Kim <kim@home.example>"
    message.set_content("plain body\n")
    message.add_alternative("<p>html body</p>", subtype="html")
    message.add_attachment(b"%PDF-x" * 100, maintype="application", subtype="pdf", filename="Rechnung März.pdf")
    message.add_attachment("a,b\n", subtype="csv", filename="a.csv")
    inner = EmailMessage()
    inner["Subject"] = "inside"
    inner.set_content("within")
    message.add_attachment(inner)
    return message


def test_the_leaves_are_those_of_the_standard_library() -> None:
    message = _tree()
    root, defects = parts.read(message.as_bytes())
    ours = [(leaf.type, leaf.payload()[0].rstrip()) for leaf in root.leaves() if leaf.type != "message/rfc822"]
    theirs = [
        (part.get_content_type(), part.get_payload(decode=True).rstrip())
        for part in message.walk()
        if not part.is_multipart() and part.get_content_type() != "message/rfc822"
    ]
    assert [one for one in theirs if one[1] != b"within"] == ours
    assert defects == []


def test_attachments_are_listed_and_decoded_on_request() -> None:
    raw = _tree().as_bytes()
    read = parse(raw)
    assert read.text == "plain body"
    assert [(one.filename, one.content_type, one.size, one.inline) for one in read.attachments] == [
        ("Rechnung März.pdf", "application/pdf", 600, False),
        ("a.csv", "text/csv", 4, False),
        ("inside.eml", "message/rfc822", read.attachments[2].size, False),
    ]
    assert attachment(raw, read.attachments[0].part) == ("Rechnung März.pdf", "application/pdf", b"%PDF-x" * 100)
    with pytest.raises(LookupError):
        attachment(raw, 99)


def test_a_mere_pointer_to_the_html_is_not_taken_for_the_text() -> None:
    message = EmailMessage()
    message.set_content("Please view this mail in HTML.")
    message.add_alternative("<p>" + "The order number is 4711 and it is late. " * 20 + "</p>", subtype="html")
    assert "4711" in parse(message.as_bytes()).text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two", "One\nTwo"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("<a href='https://a.example/x?y=1'>here</a>", "here <https://a.example/x?y=1>"),
        ("<a href='https://a.example/'>a.example</a>", "a.example"),
        ("<a href='mailto:k@h.example'>k@h.example</a>", "k@h.example"),
        ("<a href='javascript:x()'>click</a>", "click <[javascript:x()]>"),
        ("<table><tr><td>A</td><td>B</td></tr><tr><td>C</td></tr></table>", "A\tB\nC"),
        ("<ul><li>One</li><li>Two</li></ul>", "- One\n- Two"),
        ("a<b>b</b> &lt;c&gt; &amp; &nbsp;d", "ab <c> & d"),
        ("<blockquote>old</blockquote>new", "> old\n\nnew"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<div style='display:none'>hidden</div>seen", "seen"),
        ("<title>t</title><style>s</style><script>x</script>seen", "seen"),
        ("<img alt='Logo' src='http://x.example/l'>seen", "[Logo]seen"),
    ],
)
def test_html_as_text(html: str, text: str) -> None:
    assert parse(mail("Content-Type: text/html; charset=utf-8", body=html)).text == text


def test_flowed_lines_are_joined() -> None:
    body = "One \r\nline.\r\n> quoted \r\n> line\r\n-- \r\nKim"
    read = parse(mail("Content-Type: text/plain; format=flowed", body=body))
    assert read.text == "One line.\n> quoted line\n-- \nKim"


def test_the_body_hash_ignores_what_transport_changes() -> None:
    one = b"From: a@b.example\r\nReceived: x\r\n\r\nHello \r\nthere\r\n"
    other = b"From: a@b.example\n\nHello\nthere\n\n"
    assert body_hash(one) == body_hash(other) == parse(one).body_hash
    assert body_hash(one) != body_hash(b"From: a@b.example\n\nHello\nthem\n")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Tue, 3 Mar 2026 10:05:00 +0000", datetime(2026, 3, 3, 10, 5, tzinfo=UTC)),
        ("3 Mar 2026 10:05 GMT", datetime(2026, 3, 3, 10, 5, tzinfo=UTC)),
        ("Tue, 3 Mar 2026 10:05:x", datetime(2026, 3, 3, 10, 5, tzinfo=UTC)),
        ("Tue, 3 Mar 1926 10:05:00 +0000", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates(written: str, read: datetime | None) -> None:
    assert parse(mail(f"Date: {written}")).date == read


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ("<one@home.example> <two@home.example>", ("one@home.example", "two@home.example")),
        ("one@home.example", ("one@home.example",)),
        ('Your message of "Tue, 3 Mar 2026 10:05 +0000" <2026@home.example>', ("2026@home.example",)),
        ("Message from Kim <kim@home.example> of Tue <one1@home.example>", ("one1@home.example",)),
        ("Message from Ana <ana@shop.example> of Tuesday", ()),
        ("", ()),
    ],
)
def test_old_mailers_put_words_and_addresses_into_in_reply_to(written: str, ids: tuple[str, ...]) -> None:
    assert parse(mail(f"In-Reply-To: {written}")).in_reply_to == ids


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Hello, where is my order? I have been waiting for two weeks.", "en"),
        ("Здравствуйте, где мой заказ?", "ru"),
        ("Доброго дня, чому не працює вхід? Дякую за відповідь.", "uk"),
        ("注文した商品がまだ届きません。", "ja"),
        ("您好，我的订单还没有收到。", "zh"),
        ("주문한 상품이 아직 도착하지 않았습니다.", "ko"),
        ("Merhaba, siparişim hala gelmedi, lütfen yardımcı olur musunuz?", "tr"),
        ("Guten Tag, meine Bestellung ist noch nicht angekommen. Können Sie mir bitte helfen?", "de"),
        ("Bonjour, je n'ai pas reçu ma commande, pouvez-vous m'aider ? Merci", "fr"),
        ("Hola, todavía no he recibido mi pedido. ¿Me puede ayudar, por favor?", "es"),
        ("Buongiorno, non ho ancora ricevuto il mio ordine. Grazie", "it"),
        ("Dzień dobry, nie otrzymałem jeszcze paczki, proszę o pomoc.", "pl"),
        ("Kargom hâlâ gelmedi.", "tr"),
        ("Giris yapamiyorum", "tr"),
        ("Sipariş iptal", "tr"),
        ("Para iadesi istiyorum", "tr"),
        ("Tesekkurler", "tr"),
        ("Wo ist mein Paket?", "de"),
        ("Mi paquete no llegó", "es"),
        ("Paczka nie dotarła", "pl"),
        ("Refund please", "en"),
        ("Parcel lost", "en"),
        ("返金希望", None),
        ("我的订单呢", "zh"),
        ("Toner", None),
        ("4711", None),
        ("", None),
    ],
)
def test_the_language_is_guessed(text: str, code: str | None) -> None:
    assert parse(mail("Content-Type: text/plain; charset=utf-8", body=text)).lang == code


def test_the_subject_helps_where_the_text_says_too_little() -> None:
    assert (
        parse(mail("Subject: Siparişim nerede?", "Content-Type: text/plain; charset=utf-8", body="4711")).lang == "tr"
    )
    assert parse(mail("Subject: 4711", "Content-Type: text/plain; charset=utf-8", body="Nerede?")).lang == "tr"


def test_a_broken_base64_body_is_read_as_far_as_it_goes() -> None:
    body = base64.b64encode(b"Hello there").decode()[:-3]
    read = parse(mail("Content-Transfer-Encoding: base64", body=body))
    assert read.text.startswith("Hello the")
    assert "damaged base64" in read.defects


def test_a_mail_without_a_header_is_all_body() -> None:
    read = parse(b"Hello there.\nThis is it.\n")
    assert read.text == "Hello there.\nThis is it."
