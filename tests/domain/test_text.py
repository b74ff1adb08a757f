"""Foreign strings are harmless once they are in."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.domain.text import LINE_LIMIT, clean, clean_body

ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
ANY = st.text(st.characters() | st.sampled_from("\x1b\x9b\u202e\u200d\u200b\ud800\U000e0041\u0301\r\n\t👩🏴"))

ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@given(ANY)
def test_a_field_is_one_clean_line(text: str) -> None:
    once = clean(text)
    assert not ACTS.search(once)
    assert not re.search(r"[\r\n\t]", once)
    assert clean(once) == once


@given(ANY)
def test_a_body_keeps_only_its_newlines_and_tabs(text: str) -> None:
    once = clean_body(text)
    assert not ACTS.search(once)
    assert "\r" not in once
    assert clean_body(once) == once


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\x1b[2Jb", "a␛[2Jb"),
        ("a\x9bb\x7f", "a\ufffdb␡"),
        ("one\r\ntwo\tthree", "one two three"),
        ("invoice\u202egpj.exe", "invoice\\u202egpj.exe"),
        ("pay\u200bpal", "pay\\u200bpal"),
        ("x\ud800", "x\ufffd"),
        ("👩\u200d💻 می\u200cخواهم", "👩\u200d💻 می\u200cخواهم"),
        ("a\u200db", "a\\u200db"),
        (ENGLAND, ENGLAND),
        ("hi\U000e0041", "hi\ufffd"),
        ("  plain  ", "plain"),
    ],
)
def test_what_a_field_shows(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_what_a_body_shows() -> None:
    assert clean_body("a\r\nb\rc\u2028d\x0ce\tf") == "a\nb\nc\nd\ne\tf"
    assert clean_body("pre\u200b\u200c\u2060header\u00ad") == "preheader"
    assert clean_body("\u202bשלום\u202c") == "שלום"
    assert clean_body("x\u202ey") == "x\\u202ey"


def test_lengths_are_limited() -> None:
    assert len(clean("x" * 10_000)) == 2_000
    assert clean("x" * 10_000).endswith("…")
    assert max(map(len, clean_body("x" * 100_000).split("\n"))) == LINE_LIMIT
    assert clean_body("x" * 100_000).replace("\n", "") == "x" * 100_000
    assert clean("Z" + "\u0301" * 60) == "Z" + "\u0301" * 8
