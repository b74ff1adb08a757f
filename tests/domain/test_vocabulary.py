"""Which words a dictionary is asked about, and which never."""

import pytest

from supportterm.domain.vocabulary import Fine, unknown, words


def asked(text: str, lang: str = "en", blanks: tuple[tuple[int, int], ...] = ()) -> list[str]:
    return [one.word for one in words(text, lang, blanks)]


def test_the_words_of_a_sentence_are_asked_about_with_their_places() -> None:
    text = "We don’t ship on Sundays, sorry."
    assert asked(text) == ["We", "don't", "ship", "on", "sorry"]
    assert [text[one.start : one.end] for one in words(text, "en")][1] == "don’t"


@pytest.mark.parametrize(
    "text",
    [
        "> qwrtz asked this",
        "https://example.com/qwrtz",
        "www.qwrtz.example",
        "mara@qwrtz.example",
        "`qwrtz`",
        "```\nqwrtz\n```",
        "qwrtz_id",
        "qwrtz7",
        "QWRTZ",
        "qwRtz",
        "we met Qwrtz",
        "C:\\qwrtz",
        "/etc/qwrtz",
        "qwrtz.conf",
        "#qwrtz",
        "--qwrtz",
        "{{qwrtz}}",
        "the “qwrtz” button",
        "\n-- \nqwrtz",
        "q",
        "qwrtz" * 20,
    ],
)
def test_quotes_links_addresses_codes_and_names_are_nobodys_typing_errors(text: str) -> None:
    assert not [word for word in asked(f"So it is.\n{text}") if "qwrtz" in word.lower()]


def test_what_stands_in_a_blank_is_not_asked_about() -> None:
    assert asked("we shpi on qwrtz", blanks=((11, 16),)) == ["we", "shpi", "on"]


def test_a_capital_begins_a_sentence_or_a_name() -> None:
    assert asked("Recieved.\nRecieved Zyxel? - Recieved") == ["Recieved", "Recieved", "Recieved"]


def test_only_letters_of_the_language_are_asked_about_and_japanese_has_no_spelling() -> None:
    assert asked("мы послали invoice вчера", "ru") == ["мы", "послали", "вчера"]
    assert asked("we sent заказ", "en") == ["we", "sent"]
    assert asked("ご連絡ありがとうございます", "ja") == []


def test_words_of_the_house_the_ticket_and_the_customer_are_right_whatever_a_dictionary_says() -> None:
    fine = Fine.of(["my shipmnet is late"], ["Zyxel Мария", "Deniz"])
    found = words("the shipmnet of zyxel's lampp", "en")
    said = {one.word: "" for one in found} | {"the": None, "of": None}
    assert [one.word for one in unknown(found, said, fine, "en")] == ["lampp"]
    assert fine.holds("Марии", "ru")
    assert fine.holds("denizden", "tr")
    assert not fine.holds("denizden", "en")


def test_a_word_that_was_not_answered_is_not_marked() -> None:
    assert unknown(words("qwrtz", "en"), {}, Fine(), "en") == []
