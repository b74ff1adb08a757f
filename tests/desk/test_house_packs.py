"""What a house adds to triage: its names, its words, and files that are refused while everything else holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportterm.config import Policy, Triage
from supportterm.desk.house_packs import HousePacks
from supportterm.desk.ranking import Ranking
from supportterm.domain.triage import assess
from supportterm.domain.vips import Vips
from supportterm.store.views import reading
from tests.desk.fakes import World

OURS = """format = 1
lang = "en"
off = ["public-threat"]

[points]
many-affected = 15

[concepts]
service = ["loading bay*"]

[examples.outage]
fires = ["Every loading bay is down."]
silent = ["Where is the loading bay?"]
"""


MANY = "140 nurses cannot log in."


def signals(text: str, packs: HousePacks) -> dict[str, int]:
    return {reason.id: reason.points for reason in assess(text, "en", packs).reasons}


def packs_of(tmp_path: Path, **files: str) -> HousePacks:
    for name, text in files.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return HousePacks(Triage(), tmp_path)


def test_words_in_a_products_name_mean_nothing_and_the_product_may_fail() -> None:
    packs = HousePacks(Triage(products=("Outage Planner", "Urgent")))
    assert set(signals("Where do I install Outage Planner?", packs)) == {"how-to"}
    assert set(signals("Does Urgent print labels?", packs)) == {"how-to"}
    assert "blocked" in signals("Outage Planner does not open.", packs)
    assert "explicit-urgent" in signals("This is urgent.", HousePacks())


def test_a_critical_system_that_stands_still_is_an_outage_for_nobody_else_too() -> None:
    packs = HousePacks(Triage(critical_systems=("payroll",)))
    assert signals("Payroll is down.", packs)["outage"] == 80
    assert "blocked" in signals("Payroll fails with a message.", packs)
    assert "outage" not in signals("Payroll is down.", HousePacks())


def test_a_file_adds_words_sets_points_and_switches_a_signal_off(tmp_path: Path) -> None:
    packs = packs_of(tmp_path, ours=OURS)
    assert packs.problems == ()
    assert "outage" in signals("Every loading bay is down.", packs)
    assert signals("140 nurses cannot log in.", packs)["many-affected"] == 15
    assert "public-threat" not in signals("I will post this everywhere.", packs)
    assert "public-threat" in signals("I will post this everywhere.", HousePacks())


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (("service =", "servise ="), 9, "Did you mean `service`?"),
        (("off =", "of ="), 3, "Did you mean `off`?"),
        (('"public-threat"', '"public-treat"'), 3, "Did you mean `public-threat`?"),
        (("many-affected = 15", "many-affected = 1500"), 6, "from -100 to 100"),
        (("many-affected = 15", "many-afected = 15"), 6, "Did you mean `many-affected`?"),
        (('lang = "en"', 'lang = "fr"'), 2, "must be one of en, ru, ja, tr"),
        (("format = 1", "format = 2"), 1, "Write `format = 1`"),
        (('fires = ["Every loading bay is down."]', 'fires = ["Hello there."]'), 12, "misses “Hello there.”"),
        (("Where is the loading bay?", "The whole site is down."), 13, "wrongly fires"),
        (('service = ["loading bay*"]', 'service = "loading bay"'), 9, "must be a list"),
        (("[concepts]", '[more]\noutage = ["service + + x"]\n[concepts]'), 9, "no concept's name"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_its_line_and_the_others_hold(
    change: tuple[str, str], line: int, says: str, tmp_path: Path
) -> None:
    good = OURS.replace("loading bay", "till")
    packs = packs_of(tmp_path, a_good=good, b_bad=OURS.replace(*change))
    [problem] = packs.problems
    assert says in problem
    assert f"b_bad.toml, line {line}:" in problem
    assert "outage" in signals("Every till is down.", packs)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    [problem] = packs_of(tmp_path, broken="format = ").problems
    assert "broken.toml: this is not valid TOML" in problem or "broken.toml, line 1: this is not" in problem
    [problem] = packs_of(tmp_path, broken='format = 1\nlang = "en"\n[concepts\n').problems
    assert f"{tmp_path}" in problem
    assert "broken.toml, line 3: this is not valid TOML" in problem


def test_important_customers_are_known_by_address_or_domain() -> None:
    vips = Vips.of(["CEO@lind.example", "bigco.example"])
    assert vips.match("ceo@LIND.example") == "ceo@lind.example"
    assert vips.match("ann@mail.bigco.example") == "bigco.example"
    assert vips.match("ann@lind.example") == vips.match("ann@notbigco.example") == vips.match("") == ""


def test_a_file_that_is_written_later_is_seen(tmp_path: Path) -> None:
    packs = packs_of(tmp_path)
    assert not packs.changed()
    (tmp_path / "ours.toml").write_text(OURS, encoding="utf-8")
    assert packs.changed()
    assert "outage" in signals("Every loading bay is down.", packs.of(Triage()))


@pytest.mark.parametrize("wrong", ["format = ", OURS.replace("service =", "servise =")])
def test_a_file_that_becomes_wrong_counts_as_it_last_was(wrong: str, tmp_path: Path) -> None:
    packs = packs_of(tmp_path, ours=OURS)
    assert packs.problems == ()
    (tmp_path / "ours.toml").write_text(wrong, encoding="utf-8")
    packs = packs.again()
    assert "ours.toml" in packs.problems[0]
    assert signals(MANY, packs)["many-affected"] == 15
    (tmp_path / "ours.toml").unlink()
    packs = packs.again()
    assert packs.problems == ()
    assert signals(MANY, packs)["many-affected"] != 15


def test_a_ranking_takes_up_files_that_are_written_while_it_is_used(tmp_path: Path) -> None:
    ranking = Ranking(packs_of(tmp_path), Policy())

    def read() -> int:
        ranking.follow_packs()
        return sum(
            line.points for line in ranking.words("", MANY, "en", first=True).lines if line.id == "many-affected"
        )

    before = read()
    packs_of(tmp_path, ours=OURS)
    assert read() == 15 != before


async def test_the_worker_says_which_file_is_refused_until_it_is_mended(world: World, tmp_path: Path) -> None:
    packs = packs_of(tmp_path, ours=OURS.replace("service =", "servise ="))
    world.desk.ranking._packs = packs
    await world.sync()
    with reading(world.desk.database.path) as views:
        assert "Did you mean `service`?" in views.sync()["config"]
