"""Hostile mail: whatever the bytes, there is a value, and nothing in it acts on a terminal or leaves its folder."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.domain.mail import ParsedMail
from supportterm.mail import parse as module
from supportterm.mail.parse import attachment, parse
from tests.mail.hostile import HOSTILE, NAMES, attached

ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, tuple):
        for one in value:
            yield from texts(one, name)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name), field.name)


def check(mail: ParsedMail) -> None:
    for name, text in texts(mail):
        assert not ACTS.search(text), name
        if name not in ("text", "reply_text"):
            assert "\n" not in text, name
            assert "\t" not in text, name
    assert len(mail.to) + len(mail.cc) + len(mail.reply_to) <= 600
    assert len(mail.attachments) <= 1000
    assert all(len(line) <= 4000 for line in mail.text.split("\n"))
    assert not [defect for defect in mail.defects if defect.startswith("reading failed")]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_gives_a_clean_value(name: str) -> None:
    check(parse(HOSTILE[name]))


@given(st.binary(max_size=600))
def test_any_bytes_give_a_clean_value(raw: bytes) -> None:
    check(parse(raw))


PIECES = [
    *[b"From: ", b"<", b'"', b"=?utf-8?q?", b"?=", b"\r\n", b"--zz", b"\n\n", b"(", b")", b":", b";", b"\xff", b"x"],
    *[b"Content-Type: multipart/mixed; boundary=zz\n", b"Content-Type: text/html\n\n", b"<a href=", b"a@b.example"],
    *[
        b"> ",
        b"On 3 Mar 2026 wrote:",
        b"Message-ID: ",
        b"\x1b[2J",
        b"Content-Transfer-Encoding: base64\n",
        b"Subject: ",
    ],
]


@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_any_pieces_of_mail_give_a_clean_value(pieces: list[bytes]) -> None:
    check(parse(b"".join(pieces)))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_stays_in_its_folder(name: bytes) -> None:
    raw = attached(name)
    (one,) = parse(raw).attachments
    assert one.filename
    assert not re.search(r"[/\\\x00:]", one.filename)
    assert one.filename[0] not in ".-~ "
    assert len(one.filename.encode()) <= 200
    assert attachment(raw, one.part) == (one.filename, "application/octet-stream", b"x")


def test_what_is_hidden_is_shown() -> None:
    mail = parse(HOSTILE["subject, hidden"])
    assert "\\u200b" in mail.subject
    assert "pay" in mail.subject
    assert parse(HOSTILE["subject, marks"]).subject.count("\u0301") <= 8


def test_a_line_end_in_a_decoded_field_starts_no_field() -> None:
    assert parse(HOSTILE["line end in a decoded subject"]).subject == "one Bcc: all@evil.example"
    assert parse(HOSTILE["line end in a message id"]).message_id == "a@bBcc:x@y"


def test_what_is_capped_is_said() -> None:
    assert "parts nested deeper than 50" in parse(HOSTILE["depth, five thousand"]).defects
    assert "more than 1000 parts" in parse(HOSTILE["parts, a hundred thousand"]).defects
    assert "more than 200 addresses in a field" in parse(HOSTILE["to, ten thousand"]).defects
    assert len(parse(HOSTILE["to, ten thousand"]).cc) == 200
    assert "more than 2000 header fields" in parse(HOSTILE["fields, two hundred thousand"]).defects


def test_two_from_fields_are_named() -> None:
    assert "more than one From field" in parse(HOSTILE["from, two fields"]).defects


def test_an_ambiguous_author_is_shown_raw() -> None:
    sender = parse(HOSTILE["from, two addresses"]).sender
    assert sender.address == ""
    assert "alice@a.example" in sender.name


def test_empty_ids_are_none() -> None:
    assert parse(HOSTILE["message id, empty"]).message_id is None
    assert parse(HOSTILE["message id, open"]).message_id is None
    assert parse(HOSTILE["message id, spaces"]).message_id == "one@home.example"


def test_utf7_is_never_decoded() -> None:
    assert "<script>" not in parse(HOSTILE["charset, utf-7"]).text


def test_remote_content_leaves_no_trace() -> None:
    mail = parse(HOSTILE["html, tracking"])
    assert mail.text == "Hello"


def test_encrypted_and_html_parts_are_never_joined() -> None:
    mail = parse(HOSTILE["html, encrypted beside it"])
    assert "secret" not in mail.text
    assert "smime.p7m" in [one.filename for one in mail.attachments]


def test_a_mistake_of_ours_still_shows_the_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str) -> str:
        raise RecursionError(text)

    monkeypatch.setattr(module.quotes, "reply_text", broken)
    mail = parse(b"From: Kim <kim@home.example>\nSubject: Hi\nMessage-ID: <one@home.example>\n\nHello")
    assert (mail.subject, mail.sender.address, mail.message_id) == ("Hi", "kim@home.example", "one@home.example")
    assert mail.text == "This mail could not be read; its source is kept."
    assert mail.defects == ("reading failed (RecursionError)",)
