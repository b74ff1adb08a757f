"""Outlook's thread fields: carried on where they are right, left out where they are not."""

from __future__ import annotations

import base64
import email
import email.policy
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.mail import outlook
from tests.mail.test_compose import is_fit_for_the_wire, mail

BEGAN = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
TICKS = (BEGAN - datetime(1601, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 10
HEAD = TICKS.to_bytes(8, "big")[:6] + bytes(range(16))
INDEX = base64.b64encode(HEAD).decode()


def head(*lines: str) -> bytes:
    return "\r\n".join(["From: a@b.example", *lines, "", "body"]).encode()


@pytest.mark.parametrize("answers", [0, 1, 7])
def test_an_answer_adds_one_block_of_five_bytes(answers: int) -> None:
    parent = HEAD + bytes(5 * answers)
    index, topic = outlook.carried_on(
        head(f"Thread-Index: {base64.b64encode(parent).decode()}", "Thread-Topic: Blender"),
        BEGAN + timedelta(hours=3),
        9,
    )
    made = base64.b64decode(index)
    assert made[: len(parent)] == parent
    assert len(made) == len(parent) + 5
    assert topic == "Blender"
    block = int.from_bytes(made[-5:-1], "big")
    assert block >> 31 == 0
    assert abs((block << 18) - 3 * 3600 * 10_000_000) < 1 << 19
    assert made[-1] == 0x90


def test_after_two_years_the_coarser_scale_counts_and_before_the_beginning_none() -> None:
    late = base64.b64decode(outlook.child(INDEX, BEGAN + timedelta(days=800), 0))
    block = int.from_bytes(late[-5:-1], "big")
    assert block >> 31 == 1
    assert abs(((block & 0x7FFFFFFF) << 23) - 800 * 86_400 * 10_000_000) < 1 << 24
    assert base64.b64decode(outlook.child(INDEX, BEGAN - timedelta(days=8), 0))[-5:-1] == bytes(4)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "not base64!",
        "AQ==",
        INDEX[:-4],
        base64.b64encode(HEAD + b"abc").decode(),
        base64.b64encode(b"\x02" + HEAD[1:]).decode(),
        base64.b64encode(HEAD + bytes(5 * 5000)).decode(),
        "A" * 100_000,
        INDEX + "\r\nBcc: spy@example.net",
        INDEX + "=\x00",
        "=?utf-8?q?" + "=0D=0ABcc:_x@y.example?=",
    ],
)
def test_an_index_that_is_none_is_left_out(value: str) -> None:
    assert outlook.child(value, BEGAN, 1) == ""


def test_a_mail_without_one_gets_none_and_of_two_none_is_right() -> None:
    assert outlook.carried_on(head("Thread-Topic: x"), BEGAN, 1) == ("", "")
    assert outlook.carried_on(head(f"Thread-Index: {INDEX}", f"Thread-Index: {INDEX}"), BEGAN, 1) == ("", "")
    folded = f"Thread-Index: {INDEX[:10]}\r\n {INDEX[10:]}"
    assert outlook.carried_on(head(folded), BEGAN, 1)[0].startswith(INDEX[:28])


@given(st.text(max_size=60))
def test_no_index_and_no_topic_adds_a_header_or_breaks_the_wire(text: str) -> None:
    for changes in ({"thread_index": text, "thread_topic": "x"}, {"thread_index": INDEX, "thread_topic": text}):
        raw = mail(**changes)
        assert is_fit_for_the_wire(raw)
        added = set(email.message_from_bytes(raw).keys()) - set(email.message_from_bytes(mail()).keys())
        assert added <= {"Thread-Index", "Thread-Topic"}


def test_a_long_conversation_keeps_its_index_whole_through_folding() -> None:
    long = outlook.child(base64.b64encode(HEAD + bytes(5 * 90)).decode(), BEGAN, 1)
    raw = mail(thread_index=long, thread_topic="Тема")
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert "".join(str(message["Thread-Index"]).split()) == long
    assert message["Thread-Topic"] == "Тема"
    assert max(map(len, raw.split(b"\r\n"))) < 100
