"""Whether a reply answers what the customer asks: a receipt, thanks, a promise to come back and a closing do not."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from supportterm.desk import hint_packs
from supportterm.domain.hints.reply import Reply
from supportterm.domain.hints.structure import answers, unanswered
from supportterm.domain.hints.subject import Subject

PACKS = hint_packs.shipped()
CASES = tomllib.loads((Path(__file__).parent.parent / "data" / "coverage.toml").read_text(encoding="utf-8"))["case"]


def subject(case: dict[str, Any]) -> Subject:
    return Subject(Reply(case["reply"], case["lang"], customer=case["asked"]), PACKS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['lang']}: {case['reply'][:40]}")
def test_what_is_said_of_the_matter_answers_and_courtesies_do_not(case: dict[str, Any]) -> None:
    assert [answered for _, answered in answers(subject(case))] == case["answered"]


def test_every_language_has_cases_of_both_kinds() -> None:
    for lang in ("en", "ru", "ja", "tr"):
        for kind in (True, False):
            assert sum(case["lang"] == lang and case["answered"] == [kind] for case in CASES) >= 10


def test_a_receipt_leaves_a_question_open_in_the_list_and_warns_of_nothing() -> None:
    receipt = {
        "lang": "en",
        "asked": "Where is my parcel? Can I change the address of the parcel?",
        "reply": "Thank you for asking about the parcel. We will write to you about the address by tomorrow at noon.",
    }
    assert [answered for _, answered in answers(subject(receipt))] == [False, False]
    assert not list(unanswered(subject(receipt)))


def test_where_a_language_has_no_words_for_courtesies_any_touch_counts() -> None:
    assert answers(Subject(Reply("Danke.", "de", customer="Wo ist das Paket?"), PACKS)) == ()
