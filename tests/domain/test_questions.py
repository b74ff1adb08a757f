"""The questions in a text."""

from __future__ import annotations

import pytest

from supportterm.domain.questions import asked


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
    assert asked(text) == expected


@pytest.mark.parametrize("text", ["a" * 100_000, "a?b" * 30_000, "? " * 30_000, "'" * 50_000, "1. " * 30_000])
def test_hostile_texts_yield_few_and_short_questions(text: str) -> None:
    assert len(asked(text)) <= 8
    assert all(len(question) <= 300 for question in asked(text))
