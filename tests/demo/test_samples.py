"""The sample mailbox: some forty conversations as a real mailbox would hold them."""

import email
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from typing import cast

import pytest

from supportterm.demo.conversation import age, conversations
from supportterm.demo.samples import Sample, load
from supportterm.demo.server import DemoServer

NOW = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)
OURS = "help@tiny.example"
SAMPLES = load(NOW, OURS)
EACH = pytest.mark.parametrize(
    "sample", SAMPLES, ids=lambda sample: f"{sample.conversation}-{sample.received_at:%d%H%M}"
)


def read(sample: Sample) -> EmailMessage:
    return cast(EmailMessage, email.message_from_bytes(sample.raw, policy=default))


def ids(message: EmailMessage, name: str) -> list[str]:
    return re.findall(r"<([^>]+)>", str(message.get(name, "")))


def parts(message: EmailMessage) -> list[EmailMessage]:
    return [cast(EmailMessage, part) for part in message.walk()]


def test_there_are_about_forty_conversations_in_four_languages() -> None:
    assert 38 <= len(conversations()) <= 48
    spoken = Counter(conversation.customer.lang for conversation in conversations())
    assert set(spoken) == {"en", "ru", "ja", "tr"}
    assert min(spoken.values()) >= 5
    assert {sample.conversation for sample in SAMPLES} == {conversation.name for conversation in conversations()}


@EACH
def test_each_mail_is_well_formed(sample: Sample) -> None:
    message = read(sample)
    assert [defect for part in parts(message) for defect in part.defects] == []
    assert re.findall(rb"(?<!\r)\n|\r(?!\n)", sample.raw) == []
    assert max(len(line) for line in sample.raw.split(b"\r\n")) <= 998
    for part in parts(message):
        if part.get_content_type() in ("text/plain", "text/html") and "Content-Type" in part:
            text = part.get_content()
            assert text.strip()
            assert "\ufffd" not in text
            assert not re.search(r"\{(address|domain|quote)\}", text)
    subject = str(message["Subject"])
    assert subject == subject.strip() != ""


@EACH
def test_each_mail_is_dated_before_now(sample: Sample) -> None:
    written = read(sample)["Date"].datetime
    assert timedelta(0) <= sample.received_at - written < timedelta(minutes=1)
    assert sample.received_at < NOW


@EACH
def test_each_mail_goes_between_the_customer_and_the_shared_mailbox(sample: Sample) -> None:
    message = read(sample)
    ours, theirs = ("From", "To") if sample.folder == "Sent" else ("To", "From")
    assert message[ours].addresses[0].addr_spec == OURS
    assert message[theirs].addresses[0].addr_spec != OURS
    assert ("\\Seen" in sample.flags) >= (sample.folder == "Sent")


def test_message_ids_are_unique_and_threads_point_back_within_their_conversation() -> None:
    seen: dict[str, str] = {}
    for sample in SAMPLES:
        message = read(sample)
        (message_id,) = ids(message, "Message-ID")
        assert message_id not in seen
        references = ids(message, "References")
        assert [seen.get(reference) for reference in references] == [sample.conversation] * len(references)
        assert ids(message, "In-Reply-To") == references[-1:]
        seen[message_id] = sample.conversation
    assert [sample.received_at for sample in SAMPLES] == sorted(sample.received_at for sample in SAMPLES)


def test_some_mail_is_older_than_the_history_that_counts() -> None:
    old = [sample for sample in SAMPLES if NOW - sample.received_at > timedelta(days=14)]
    last_words = {sample.conversation: sample.folder for sample in old}
    assert set(last_words.values()) == {"INBOX", "Sent"}
    assert len(old) < len(SAMPLES) / 4


def test_the_mailbox_holds_what_real_ones_do() -> None:
    messages = [read(sample) for sample in SAMPLES]
    leaves = [part for message in messages for part in parts(message)]
    assert {"koi8-r", "iso-2022-jp", "windows-1254", "utf-8"} <= {part.get_content_charset() for part in leaves}
    assert {"8bit", "7bit", "base64", "quoted-printable"} <= {
        str(part.get("Content-Transfer-Encoding", "7bit")) for part in leaves
    }
    assert any("List-Unsubscribe" in message and message["Precedence"] == "bulk" for message in messages)
    assert any(message["Auto-Submitted"] == "auto-replied" and "In-Reply-To" in message for message in messages)
    assert any(message.get_content_type() == "text/html" and "<table" in message.get_content() for message in messages)
    assert any("gmail_quote" in part.get_content() for part in leaves if part.get_content_type() == "text/html")
    assert any(str(message["From"]).startswith("Acme contact form <noreply@") for message in messages)
    assert any(message["Reply-To"] and message["Reply-To"] != message["From"] for message in messages)
    assert any(
        message["From"].addresses[0].domain == "tiny.example"
        for message in messages
        if message["To"] == OURS or "Fwd:" in message["Subject"]
    )


def test_the_bounce_returns_a_mail_we_sent() -> None:
    (bounce,) = [read(sample) for sample in SAMPLES if read(sample).get_content_type() == "multipart/report"]
    _, report, returned = bounce.iter_parts()
    about = [cast(EmailMessage, part) for part in cast(EmailMessage, report).iter_parts()]
    status = {name: value for part in about for name, value in part.items()}
    assert status["Action"] == "failed"
    assert status["Status"].startswith("5.")
    sent = {ids(read(sample), "Message-ID")[0]: read(sample) for sample in SAMPLES if sample.folder == "Sent"}
    (original,) = re.findall(r"(?m)^Message-ID: <(.+)>", cast(EmailMessage, returned).get_content())
    assert sent[original]["To"].addresses[0].addr_spec == status["Final-Recipient"].removeprefix("rfc822; ")
    assert bounce["Return-Path"] == "<>"


def test_attachments_are_what_they_say() -> None:
    magic = {"image/png": b"\x89PNG\r\n\x1a\n", "application/pdf": b"%PDF-", "text/csv": b""}
    files = [part for sample in SAMPLES for part in read(sample).iter_attachments()]
    found = [cast(EmailMessage, part) for part in files if part.get_content_disposition() == "attachment"]
    assert {part.get_content_type() for part in found} == set(magic)
    for part in found:
        assert part.get_filename()
        assert cast(bytes, part.get_payload(decode=True)).startswith(magic[part.get_content_type()])


def test_one_customer_wrote_three_times_in_one_thread_and_once_in_another() -> None:
    written = Counter(
        (str(read(sample)["From"].addresses[0].addr_spec), sample.conversation)
        for sample in SAMPLES
        if sample.folder == "INBOX"
    )
    by_address: dict[str, list[int]] = {}
    for (address, _), count in written.items():
        by_address.setdefault(address, []).append(count)
    assert [1, 3] in [sorted(counts) for counts in by_address.values()]


def test_the_same_moment_gives_the_same_bytes() -> None:
    assert load(NOW, OURS) == SAMPLES
    assert load(NOW, "else@where.example") != SAMPLES


async def test_the_server_holds_the_whole_sample_mailbox() -> None:
    server = DemoServer(OURS)
    await server.start()
    try:
        for sample in SAMPLES:
            await server.deliver(sample.raw, sample.folder, sample.received_at, sample.flags)
        for folder in ("INBOX", "Sent"):
            held = await server.mails(folder)
            meant = [sample for sample in SAMPLES if sample.folder == folder]
            assert [mail.message_id for mail in held] == [ids(read(sample), "Message-ID")[0] for sample in meant]
            assert [(mail.received_at, mail.flags) for mail in held] == [
                (sample.received_at, set(sample.flags)) for sample in meant
            ]
    finally:
        await server.stop()


@pytest.mark.parametrize(("text", "meant"), [("35m", timedelta(minutes=35)), ("3d4h", timedelta(days=3, hours=4))])
def test_ages_are_read(text: str, meant: timedelta) -> None:
    assert age(text) == meant


@pytest.mark.parametrize("text", ["", "3", "h", "3w", "2h ago"])
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an age"):
        age(text)
