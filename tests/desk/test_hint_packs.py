"""The hint packs: each behaves as its own examples say, and a broken one is told in a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from supportterm.desk import hint_packs
from supportterm.desk.pack_files import LANGUAGES
from supportterm.domain.errors import ConfigError
from supportterm.domain.hints.catalogue import CATALOGUE

PARTS = [
    (lang, part)
    for part in (hint_packs.WORDING, hint_packs.STRUCTURE)
    for lang in LANGUAGES
    if hint_packs.shipped_file(lang, part).is_file()
]


@pytest.mark.parametrize(("lang", "part"), PARTS)
def test_a_pack_behaves_as_its_own_examples_say(lang: str, part: str) -> None:
    pack = hint_packs.HintPacks(part)[lang]
    assert list(hint_packs.failures(pack, hint_packs.shipped())) == []


WITHOUT_CASE = {"all-caps"}
"""Japanese has no capitals."""
SHOWN_IN_ENGLISH = {"long-reply", "macro-unchanged", "macro-repeat", "humour-when-upset", *WITHOUT_CASE}
"""Rules that do not depend on the language's words."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_of_form_structure_and_facts_has_examples(lang: str) -> None:
    rules = list(CATALOGUE)[list(CATALOGUE).index("all-caps") :]
    shown = {example.rule for example in hint_packs.HintPacks(hint_packs.STRUCTURE)[lang].examples}
    assert set(rules) - shown - (SHOWN_IN_ENGLISH if lang != "en" else set()) == set()


def minimal(**more: Any) -> dict[str, Any]:
    examples = {"fires": ["a b", "a c"], "silent": ["b", "c"]}
    rule = {"id": "blame", "slots": ["you"], **examples}
    return {"format": 1, "lang": "en", "concepts": {"you": ["a"]}, "rule": [rule]} | more


def test_a_pack_of_a_few_lines_is_a_pack() -> None:
    assert list(hint_packs.failures(hint_packs.build("mine.toml", minimal()), hint_packs.shipped())) != []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"patterns": {"broken": "a(b"}}, "the pattern of `broken` is broken"),
        ({"format": 7}, "format 7 is not known"),
        ({"colour": 1}, "unknown key `colour`"),
        ({"concepts": {"other": ["a"]}}, "`you`, which `blame` needs"),
        ({"rule": [{"id": "blame", "slots": ["you"]}]}, "needs at least 2 examples"),
        ({"rule": [{"id": "shouting", "slots": ["you"]}]}, "there is no rule `shouting`"),
        ({"rule": [{"id": "blame", "slots": ["you > /x"]}]}, "whole number"),
        ({"rule": [{"id": "blame", "slots": ["you"], "when": {"weather": "fine"}}]}, "unknown key `weather`"),
        ({"rule": [{"id": "blame", "slots": ["you"], "rewrite": [{"find": "(", "put": ""}]}]}, "is broken"),
        ({"rule": [{"id": "blame", "slots": ["you"], "where": "middle"}]}, "`where` of `blame`"),
    ],
)
def test_a_broken_pack_is_told_in_a_sentence(more: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=r"mine\.toml") as told:
        hint_packs.build("mine.toml", minimal(**more))
    assert said in str(told.value)
