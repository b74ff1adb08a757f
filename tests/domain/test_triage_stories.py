"""Mails told as stories stand in the right order; everyday mails are never an alarm."""

from __future__ import annotations

import tomllib
from itertools import combinations
from pathlib import Path

import pytest

from supportterm.desk.rulepacks import TriagePacks
from supportterm.domain.findings import CRITICAL
from supportterm.domain.leaning import LEANING, MOST_POINTS, Leaning
from supportterm.domain.triage import assess, reasons_in_words

DATA = Path(__file__).parent.parent / "data"
PACKS = TriagePacks()
STORIES = {path.stem: tomllib.loads(path.read_text("utf-8"))["mail"] for path in DATA.glob("triage_stories*.toml")}
EVERYDAY = [
    (lang, text)
    for lang, part in tomllib.loads((DATA / "triage_everyday.toml").read_text("utf-8")).items()
    for text in part["mails"]
]


@pytest.mark.parametrize(("name", "least"), [(name, 0.97 if name == "triage_stories" else 0.88) for name in STORIES])
def test_what_presses_more_stands_higher(name: str, least: float) -> None:
    scored = [(assess(mail["text"], mail["id"][:2], PACKS).score, mail["tier"]) for mail in STORIES[name]]
    pairs = [sorted(pair, key=lambda each: each[1]) for pair in combinations(scored, 2) if pair[0][1] != pair[1][1]]
    right = sum(1.0 if up[0] > down[0] else 0.5 * (up[0] == down[0]) for up, down in pairs)
    assert right / len(pairs) >= least


@pytest.mark.parametrize(("lang", "text"), EVERYDAY)
def test_an_everyday_mail_is_no_alarm(lang: str, text: str) -> None:
    assert not {reason.id for reason in assess(text, lang, PACKS).reasons} & CRITICAL


def test_a_leaning_is_small_and_says_what_it_rests_on() -> None:
    text = "The counter stands still since the morning and every guest looks at me."
    leaning = Leaning(0.0, {"since": 1.0, "everyone": 0.5, "thanks": -2.0})
    line = leaning.line(PACKS["en"].read(text))
    assert line is not None
    assert line.points == MOST_POINTS
    assert line.source == "model"
    assert text[line.start : line.end] == "since"
    assert Leaning(0.0, {"thanks": -2.0}).line(PACKS["en"].read(text)) is None


def test_a_leaning_never_makes_a_ticket_urgent_nor_speaks_in_the_row() -> None:
    for mails in STORIES.values():
        for mail in mails:
            assessment = assess(mail["text"], mail["id"][:2], PACKS)
            leaning = [reason for reason in assessment.reasons if reason.id == LEANING]
            assert all(abs(line.points) <= MOST_POINTS for line in leaning)
            if leaning and assessment.priority == 1:
                assert assessment.score - leaning[0].points >= 70
            assert all(line.words not in reasons_in_words(assessment) for line in leaning)


@pytest.mark.parametrize("text", ["How do I print the list?", "No rush at all, it can wait.", "I can't log in."])
def test_a_calm_leaning_says_nothing_beside_what_is_plain(text: str) -> None:
    assert all(line.points >= 0 for line in assess(text, "en", PACKS).reasons if line.id == LEANING)
