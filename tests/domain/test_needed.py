"""What a text must hold for a pattern to match: leaving a search out never loses a match."""

from __future__ import annotations

import re

import pytest

from supportterm.desk import hint_packs
from supportterm.domain.lexicon import calmed, fold
from supportterm.domain.needed import may_match, needed


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\bkindly [a-z]+", {"kindly "}),
        (r"(?:red|green) (?:cat|dog)s?", {"red", "green"}),
        (r"\w+@\w+", {"@"}),
        (r"(?:\d+ )?year|month", {"year", "month"}),
        (r"(?:word)?", set()),
        (r"\w+|word", set()),
        (r"(?i)word", set()),
        (r"(?i:word)s", {"s"}),
        (r"(?!not)a+", {"a"}),
        (r"[^x]yz(?<=z)", {"yz"}),
        (r"(?:ab){0,3}cd", {"cd"}),
    ],
)
def test_the_words_one_of_which_every_match_holds(pattern: str, words: set[str]) -> None:
    assert needed(re.compile(pattern)) == words


def test_no_pattern_of_the_shipped_packs_loses_a_match_of_their_examples() -> None:
    packs = hint_packs.shipped()
    matched = 0
    for pack in (*packs.structure.values(), *packs.wording.values()):
        for example in pack.examples:
            folded = calmed(fold(example.reply, pack.lang))
            for _, pattern, _ in pack.lexicon._patterns:
                if pattern.search(folded):
                    matched += 1
                    assert may_match(pattern, folded), (pattern.pattern, folded)
    assert matched > 100
