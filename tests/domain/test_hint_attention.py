"""Which hints deserve the eye while one writes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.domain.hints import attention
from supportterm.domain.hints.hint import Hint, Level


def on(text: str, words: str, level: Level = Level.HINT) -> Hint:
    start = text.index(words)
    return Hint("blame", level, start, start + len(words), f"about {words}")


TEXT = "We write soon.\nYou must pay, and soon."


def test_typing_before_a_hint_moves_it_and_typing_within_it_ends_it() -> None:
    hint = on(TEXT, "must pay")
    (there,) = attention.moved([hint], TEXT, "Hello! " + TEXT)
    assert ("Hello! " + TEXT)[there.start : there.end] == "must pay"
    assert attention.moved([hint], TEXT, TEXT + " Bye") == (hint,)
    assert attention.moved([hint], TEXT, TEXT.replace("must pay", "must p")) == ()


@given(st.text("ab \n", max_size=30), st.integers(0, 30), st.integers(0, 30), st.text("abc", max_size=6))
def test_a_hint_that_stays_is_on_the_same_words(text: str, one: int, other: int, put: str) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    new = text[:start] + put + text[end:]
    hints = [Hint("blame", Level.HINT, a, a + 3, "") for a in range(len(text) - 2)]
    for hint in attention.moved(hints, text, new):
        assert hint.start is not None
        came_from = {hint.start, hint.start - len(new) + len(text)}
        assert new[hint.start : hint.end] in {text[h.start : h.end] for h in hints if h.start in came_from}


@pytest.mark.parametrize(("cursor", "shown"), [(13, 0), (14, 1), (4, 1)])
def test_the_word_that_is_being_typed_is_left_alone(cursor: int, shown: int) -> None:
    assert len(attention.settled([on(TEXT, "soon")], TEXT, cursor)) == shown


def test_the_hint_in_words_is_the_nearest_of_the_paragraph() -> None:
    hints = [on(TEXT, "soon"), on(TEXT, "must pay", Level.WARN)]
    assert attention.here(hints, TEXT, 0) == hints[0]
    assert attention.here(hints, TEXT, len(TEXT)) == hints[1]
    assert attention.here(hints[:1], TEXT, len(TEXT)) is None


def test_the_next_hint_comes_round_again() -> None:
    hints = [on(TEXT, "must pay"), on(TEXT, "soon")]
    first = attention.after(hints, 0)
    assert first == hints[1]
    assert attention.after(hints, first.start or 0) == hints[0]
    assert attention.after(hints, len(TEXT)) == hints[1]
    assert attention.after((), 0) is None


def test_nothing_is_said_of_the_whole_before_it_has_some_words() -> None:
    whole = Hint("missing-greeting", Level.HINT, None, None, "No greeting.")
    assert attention.about_all([whole], "Settings, then Billing.") == ()
    assert attention.about_all([whole], "word " * 25) == (whole,)
    japanese = "設定を開いてから請求の画面に進み、最後に保存を押していただくと、すぐに反映される仕組みになっています。"
    assert attention.about_all([whole], japanese) == (whole,)


def test_before_sending_all_that_asks_and_two_warnings_are_told_once_a_cause() -> None:
    asks = [on("a b", "a", Level.CONFIRM), on("a b", "b", Level.CONFIRM)]
    warns = [Hint(rule, Level.WARN, None, None, rule) for rule in ("vague-timing", "brush-off", "sarcasm")]
    quiet = [Hint("jargon", Level.HINT, None, None, "")]
    told = attention.before_sending([*asks, *warns, *quiet])
    assert [hint.rule for hint in told] == ["blame", "vague-timing", "brush-off"]
    assert told[0] == asks[0]
    assert attention.before_sending(quiet) == ()
