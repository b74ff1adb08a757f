"""A search's words are marked where a person would see them, in every script, and the excerpt begins near them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.domain import excerpts, query


def marked(line: str, text: str) -> list[str]:
    return [text[start:end] for start, end in excerpts.places(text, excerpts.wanted(query.parse(line)))]


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        ("ankara", "ANKARA'da, ankara", ["ANKARA", "ankara"]),
        ("izmir", "İZMİR ve ızmir", ["İZMİR", "ızmir"]),
        ("отчёт", "Ваш отчет и ОТЧЁТ, отчётов", ["отчет", "ОТЧЁТ", "отчёт"]),
        ("請求", "二重請求されています", ["請求"]),
        ("ガード", "ガード ｶﾞｰﾄﾞ カード", ["ガード", "ｶﾞｰﾄﾞ"]),
        ("gasse", "Große Gaße", ["Gaße"]),
        ("cafe", "Cafe\u0301 und café", ["Cafe\u0301", "café"]),
        ('"grey box"', "The Grey\n box, grey-box, greyish box", ["Grey\n box", "grey-box"]),
        ("box -lid", "box and lid", ["box"]),
        ("grey box", "boxes grey greyish", ["box", "grey"]),
        ("is:open", "is open", []),
        ("(lid OR box)", "a lid a box", ["lid", "box"]),
        ("phone修理", "phone 修理", ["phone 修理"]),
    ],
)
def test_words_are_found_as_the_search_finds_them(line: str, text: str, expected: list[str]) -> None:
    assert marked(line, text) == expected


def test_the_excerpt_begins_a_little_before_the_first_word() -> None:
    text = "one " * 200 + "needle and more" + " two" * 200
    found = excerpts.excerpt(text, excerpts.wanted(query.parse("needle")), 60)
    (start, end), *_ = found.found
    assert found.text[start:end] == "needle"
    assert found.text.startswith("…one")
    assert start < 30


@given(st.text(max_size=200), st.text(max_size=12))
def test_marks_are_within_the_text_in_order_and_never_overlap(text: str, word: str) -> None:
    words = [query.Words(word, True, 0, len(word))]
    found = excerpts.excerpt(text, words, 40)
    at = 0
    for start, end in found.found:
        assert at <= start <= end <= len(found.text)
        at = end
