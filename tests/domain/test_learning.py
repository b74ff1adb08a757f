"""What is learned from corrections: real where there is something to learn, nothing where there is not."""

from __future__ import annotations

import pytest

from supportterm.desk.training import train
from supportterm.domain.learning import LEAST, learn, line
from supportterm.domain.ticket import Priority, Reason
from supportterm.domain.triage import Facts, Words, score
from tests.domain.lessons import lessons


def test_a_team_that_knows_more_than_the_rules_is_learned_from() -> None:
    made = train(lessons(teaches=True))
    assert made is not None
    assert (made.lessons, made.gain.tickets) == (600, 120)
    assert made.gain.is_real
    assert made.gain.before < 0.6
    assert made.gain.after > 0.95


@pytest.mark.parametrize("seed", range(5))
def test_coins_teach_nothing(seed: int) -> None:
    made = train(lessons(teaches=False, seed=seed))
    assert made is not None
    assert not made.gain.is_real


def test_too_few_and_one_sided_corrections_teach_nothing() -> None:
    assert train(lessons(teaches=True)[: LEAST - 1]) is None
    same_way = [each for each in lessons(teaches=True, count=1200) if each.wanted is Priority.P5]
    made = train(same_way)
    assert made is not None
    assert made.weights == {}
    assert not made.gain.is_real


@pytest.mark.parametrize(
    ("pressing", "calm", "word"),
    [
        ("The LOADING RAMP again.", "About the intranet page.", "ramp"),
        ("Снова пристани плохо", "Это о витрине", "пристани"),
        ("また搬入口です", "掲示板です", "搬入"),
        ("İskelemizden yazıyorum", "vitrinimizden yazıyorum", "iskelemizden"),
    ],
)
def test_the_line_names_the_words_as_they_stand_there(pressing: str, calm: str, word: str) -> None:
    weights = learn(lessons(teaches=True))
    up, down = line(pressing, weights), line(calm, weights)
    assert up is not None
    assert down is not None
    assert 0 < up.points <= 5
    assert -5 <= down.points < 0
    assert up.evidence in pressing
    assert word.casefold() in (up.evidence + up.words).replace("İ", "i").casefold()
    assert line("Nothing of the kind", weights) is None


@pytest.mark.parametrize("points", [5, -5])
@pytest.mark.parametrize("others", [48, 62, 68, 72, 85])
def test_it_neither_makes_nor_unmakes_an_urgent_ticket_and_adds_up(points: int, others: int) -> None:
    rules = (Reason("data-loss", 50, "gone"), Reason("blocked", others - 50, "stuck"))
    before = score(Words(rules))
    after = score(Words((*rules, Reason("learned", points, "x", source="model"))), Facts(waiting_hours=2))
    assert after.score == others + points
    assert (after.priority is Priority.P1) is (before.priority is Priority.P1)
