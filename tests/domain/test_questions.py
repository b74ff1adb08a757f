"""What a customer asks, in the languages the product reads."""

from __future__ import annotations

import pytest

from supportterm.domain.questions import questions


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "It broke. When will it work again? Can you mail me the file?",
            ["When will it work again?", "Can you mail me the file?"],
        ),
        ("Does 2.4.1 fix it? See https://x.example/a?b=1 for the log.", ["Does 2.4.1 fix it?"]),
        ("1. Is it free?\n2) How long does it take?\n- and who pays", ["Is it free?", "How long does it take?"]),
        ("Когда придёт посылка? Спасибо.", ["Когда придёт посылка?"]),
        ("いつ届きますか。よろしくお願いします。", ["いつ届きますか。"]),
        ("二重請求です。返金できますか？", ["返金できますか？"]),
        ("Kargom nerede? Teşekkürler", ["Kargom nerede?"]),
        ("Where is it? Where is it?", ["Where is it?"]),
        ("No question here. ???", []),
        (
            "I would like to know one thing about the order of last week,\nnamely when it will be here? Thanks",
            ["I would like to know one thing about the order of last week, namely when it will be here?"],
        ),
        ("", []),
    ],
)
def test_questions(text: str, asked: list[str]) -> None:
    assert questions(text) == asked


def test_at_most_a_few_and_never_a_wall() -> None:
    assert len(questions("Why? How? Who? When? Where? What? Which? Whose?")) == 6
    assert questions("a" * 100_000 + "?") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is dead. When will\nit work? Can you mail it?", ["When will it work?", "Can you mail it?"]),
        ("ありがとう。いつ届きますか？よろしく。", ["いつ届きますか？"]),
        ("أين طلبي؟ شكرا", ["أين طلبي؟"]),
        ("See https://x.example/?page=2 now. Is v2.4.1 safe?", ["Is v2.4.1 safe?"]),
        ("- is it safe?\n- how much?\n2) when?", ["is it safe?", "how much?", "when?"]),
        ("Really?! \"Is it?\" (Why?)", ["Really?!", "Is it?", "Why?"]),
        ("Why? Why?", ["Why?"]),
        ("", []),
        ("??? ...", []),
    ],
)  # fmt: skip
def test_sentences_that_ask_are_found(text: str, expected: list[str]) -> None:
    assert questions(text) == expected


@pytest.mark.parametrize("text", ["a" * 100_000, "a?b" * 30_000, "? " * 30_000, "'" * 50_000, "1. " * 30_000])
def test_hostile_texts_yield_few_and_short_questions(text: str) -> None:
    assert len(questions(text)) <= 8
    assert all(len(question) <= 300 for question in questions(text))
