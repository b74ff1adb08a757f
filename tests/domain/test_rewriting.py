"""How much of a snippet stayed as it was."""

from supportterm.domain.blanks import Blank, Expansion
from supportterm.domain.rewriting import Habit, Inserted, Use, inserted, kept, measured, remembered

EXPANSION = Expansion("Hello Mara, it is ready by [day], I promise.", (Blank(1, ((27, 32),), "[day]"),))


def test_blanks_are_no_words_of_the_snippet() -> None:
    one = inserted("late", "en", EXPANSION)
    assert kept(one.text, "Hello Mara, it is ready by Friday the third, I promise.") == 1.0
    assert kept(one.text, "Hello Mara, nothing is ready.") == 4 / 8
    assert kept(one.text, "Sorry.") == 0.0
    assert kept("", "x") == 1.0


def test_signs_of_scripts_without_blanks_count_one_by_one() -> None:
    assert kept("ご連絡ありがとう", "ご連絡どうもありがとう。") == 1.0
    assert kept("ご連絡ありがとう", "ご連絡です") == 3 / 8


def test_what_was_taken_out_again_is_no_use() -> None:
    sent = "Hello Mara, it is ready by Monday, I promise."
    assert measured([inserted("late", "en", EXPANSION), Inserted("gone", "en", "Wholly other words")], sent) == [
        Use("late", "en", 1.0)
    ]


def test_of_one_snippet_the_last_insertion_counts() -> None:
    first, again = Inserted("a", "en", "one"), Inserted("a", "en", "two")
    assert remembered((first, Inserted("b", "en", "x")), again) == (Inserted("b", "en", "x"), again)


def test_a_few_uses_say_nothing_yet() -> None:
    assert not Habit(4, 4).wants_work
    assert Habit(6, 3).wants_work
    assert not Habit(6, 2).wants_work
    assert Habit().share == 0.0
