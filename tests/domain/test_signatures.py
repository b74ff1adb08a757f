"""Where a signature stands, and that it stands there once."""

from __future__ import annotations

import pytest

from supportterm.domain.signatures import end_of_words, holds, signed

NAMED = "Kai Brandt\nLamps & Light"
BLOCK = f"-- \n{NAMED}"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It ships today.", f"It ships today.\n\n{BLOCK}"),
        ("It ships today.\n\n\n", f"It ships today.\n\n{BLOCK}"),
        (
            "Today.\n\nOn Monday, Mara wrote:\n> When?\n>\n> Mara",
            f"Today.\n\n{BLOCK}\n\nOn Monday, Mara wrote:\n> When?\n>\n> Mara",
        ),
        ("Today.\n\n> When?", f"Today.\n\n{BLOCK}\n\n> When?"),
        ("> When?\n\nToday.\n\n> How?\n\nBy ship.", f"> When?\n\nToday.\n\n> How?\n\nBy ship.\n\n{BLOCK}"),
        (
            "For you.\n\n---------- Forwarded ----------\n\nHello",
            f"For you.\n\n{BLOCK}\n\n---------- Forwarded ----------\n\nHello",
        ),
        (
            "本日お送りします。\n\n田中様のメール：\n> いつですか",
            f"本日お送りします。\n\n{BLOCK}\n\n田中様のメール：\n> いつですか",
        ),
    ],
)
def test_it_stands_below_the_words_and_above_a_quote(text: str, wanted: str) -> None:
    assert signed(text, NAMED) == wanted
    assert signed(wanted, NAMED) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "It ships today.\n\n-- \nKai",
        "Today.\n\n--\nsomebody else",
        "Bye\nKai  Brandt\n\nlamps & light",
        "Bye\n\nKai Brandt\nLamps & Light\nPhone 1",
    ],
)
def test_what_is_signed_is_not_signed_again(text: str) -> None:
    assert holds(text, NAMED)
    assert signed(text, NAMED) == text


def test_the_name_within_a_quote_or_a_sentence_signs_nothing() -> None:
    assert not holds("Kai Brandt wrote it.\n> Kai Brandt\n> Lamps & Light", NAMED)
    assert signed("Today.", "") == "Today."


def test_a_list_of_dashes_at_the_top_and_a_text_of_quotes_alone_end_at_their_end() -> None:
    assert end_of_words("> When?\n> How?\n") == len("> When?\n> How?")
    assert end_of_words("--\nToday.") == len("--\nToday.")
