"""Readings of what an IMAP server says: total, and in linear time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.config import Server
from supportterm.mail.errors import CertificateError, ProtocolError
from supportterm.mail.faults import check_in_clear, clean_text
from supportterm.mail.gateway import FolderRole
from supportterm.mail.imap.folders import encode_name, read_list
from supportterm.mail.imap.responses import date_time, internal_date, parse_fetch, parse_list, uid_set
from supportterm.mail.imap.session import portions


def reading(read: Callable[[bytes, list[bytes]], object], text: bytes, literals: list[bytes]) -> object:
    """Return what was read, or the refusal."""
    try:
        return read(text, literals)
    except ProtocolError as refusal:
        return refusal


@given(st.binary(max_size=200), st.lists(st.binary(max_size=5), max_size=3))
def test_any_line_is_read_or_refused(text: bytes, literals: list[bytes]) -> None:
    assert isinstance(reading(parse_list, text, literals), list | ProtocolError)
    assert isinstance(reading(parse_fetch, text, literals), dict | ProtocolError)


@given(st.text(alphabet='"\\() {}[]<>19aN', max_size=60))
def test_any_arrangement_of_marks_is_read_or_refused(text: str) -> None:
    assert isinstance(reading(parse_list, text.encode(), []), list | ProtocolError)


@pytest.mark.parametrize("unit", [b'"\\', b'"', b"\\", b"(", b"[", b"{", b'"a" ', b"{1}", b"<0>", b"a[b", b'\\"'])
def test_a_long_line_of_anything_is_read_at_once(unit: bytes) -> None:
    # A reader that looks back would need hours for this.
    assert isinstance(reading(parse_list, unit * (1_000_000 // len(unit)), []), list | ProtocolError)


def test_items_are_found_by_name_however_they_are_written() -> None:
    text = b'(uid 7 FLAGS (\\Seen $Desk) BODY[HEADER.FIELDS (MESSAGE-ID)]<0> {2} INTERNALDATE "x" X NIL)'
    assert parse_fetch(text, [b"ab"]) == {
        b"UID": b"7",
        b"FLAGS": [b"\\Seen", b"$Desk"],
        b"BODY[HEADER.FIELDS (MESSAGE-ID)]": b"ab",
        b"INTERNALDATE": b"x",
        b"X": None,
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"17-Jul-1996 02:44:25 -0700", datetime(1996, 7, 17, 9, 44, 25, tzinfo=UTC)),
        (b" 1-jan-2026 00:00:00 +0000", datetime(2026, 1, 1, tzinfo=UTC)),
        (b"31-Dec-2016 23:59:60 +0000", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        *((value, datetime(1970, 1, 1, tzinfo=UTC)) for value in (
            b"", b"NIL", None, [b"x"], b"32-Jan-2026 00:00:00 +0000", b"01-Foo-2026 00:00:00 +0000",
            b"01-Jan-0001 00:00:00 +2300", b"01-Jan-2026 00:00:00 +9999", b"01-Jan-2026 25:00:00 +0000",
        )),
    ],
)  # fmt: skip
def test_dates_are_utc_and_absurd_ones_are_told_apart(value: bytes | None, expected: datetime) -> None:
    assert internal_date(value) == expected


@given(st.datetimes(datetime(1980, 1, 1), datetime(2090, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001 - made aware below
def test_a_date_written_is_the_date_read(when: datetime, hours: int) -> None:
    there = when.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    assert internal_date(date_time(there).strip(b'"')) == there


def read_set(text: bytes) -> list[int]:
    spans = [part.split(b":") for part in text.split(b",")] if text else []
    return [uid for span in spans for uid in range(int(span[0]), int(span[-1]) + 1)]


@given(st.lists(st.integers(1, 60)))
def test_a_set_names_what_was_given_and_nothing_else(uids: list[int]) -> None:
    assert read_set(uid_set(uids)) == sorted(set(uids))


@given(st.lists(st.integers(1, 2**32 - 1), unique=True), st.integers(1, 50))
def test_portions_keep_the_order_and_fit_a_command(uids: list[int], most: int) -> None:
    parts = list(portions(uids, most))
    assert [uid for part in parts for uid in part] == uids
    assert all(len(part) <= most and len(uid_set(part)) <= 7_100 for part in parts)


def test_portions_of_many_scattered_uids_fit_a_command() -> None:
    parts = list(portions(range(4_000_000_000, 4_000_009_000, 3), 5_000))
    assert all(len(uid_set(part)) <= 7_100 for part in parts)


@pytest.mark.parametrize("name", ["Отправленные", "送信済み", "GÖNDERİLMİŞ", "Sent Items", "gesendet", "보낸편지함"])
@pytest.mark.parametrize("path", ["{}", "INBOX/{}", "Account/Mail/{}"])
def test_sent_mail_is_known_by_name_in_many_languages(name: str, path: str) -> None:
    full = path.format(name)
    folders = read_list([(b'() "/" ' + encode_name(full), []), (b'() "/" "Sentinel"', []), (b'() "/" "Absent"', [])])
    assert [folder.name for folder in folders if folder.role is FolderRole.SENT] == [full]


def test_the_servers_mark_counts_more_than_the_name() -> None:
    folders = read_list([(b'() "/" "Sent"', []), (b'(\\HasNoChildren \\SENT) "/" "Outbox"', [])])
    assert {folder.name: folder.role for folder in folders} == {
        "Sent": FolderRole.OTHER,
        "Outbox": FolderRole.SENT,
        "INBOX": FolderRole.INBOX,
    }


@given(st.text())
def test_a_servers_words_are_fit_for_one_line(text: str) -> None:
    shown = clean_text(text)
    assert all(char.isprintable() for char in shown)
    assert len(shown) <= 300


def test_a_secret_is_blotted_out_wherever_it_stands() -> None:
    assert "hunter" not in clean_text("no: hunter2 and hunter2", secret="hunter2")


@pytest.mark.parametrize("peer", ["10.0.0.1", "192.168.1.7", "2001:db8::1", "not an address"])
def test_clear_text_leads_to_this_machine_only(peer: str) -> None:
    clear = Server("localhost", 143, "plaintext-on-loopback")
    for here in ("127.0.0.1", "::1"):
        check_in_clear(clear, here)
    with pytest.raises(CertificateError):
        check_in_clear(clear, peer)


def test_naming_the_doors_loads_no_library() -> None:
    code = (
        "import sys, supportterm.mail.imap, supportterm.mail.smtp; print({'imapclient', 'aiosmtplib'} & {*sys.modules})"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
