"""The closings that are shipped, and how one gives way to the next."""

from __future__ import annotations

import dataclasses
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportterm import paths
from supportterm.desk import closings
from supportterm.domain.closings import Stage, Tone, cycled, order, stage, tone
from supportterm.domain.ticket import Reason, Status, Ticket

DAYS = {"en": "Monday, 30 November", "ru": "понедельник, 30 ноября", "ja": "11月30日（月）", "tr": "30 Kasım Pazartesi"}
NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
TICKET = Ticket(
    "k", "ST-7KQ2F", "Lamp", Status.OPEN, "email", "Mara Lind", "mara@lind.example", NOW, NOW, NOW, lang="en"
)
SHIPPED = [paths.shipped_macros()]


def reason(name: str) -> Reason:
    return Reason(name, 8, name)


@pytest.mark.parametrize("lang", ["en", "ru", "ja", "tr"])
def test_every_stage_has_words_for_everybody_and_for_who_is_upset(lang: str) -> None:
    shelf = closings._shelf(SHIPPED, lang)
    for each in Stage:
        for mood in (Tone.PLAIN, Tone.SORRY):
            assert shelf[each, mood], (lang, each, mood)
    assert not closings.problems(SHIPPED)


@pytest.mark.parametrize("lang", ["en", "ru", "ja", "tr"])
def test_no_hint_has_anything_against_them(lang: str) -> None:
    from supportterm.desk import hint_packs
    from supportterm.domain.hints.checking import hints_on
    from supportterm.domain.hints.reply import Reply
    from supportterm.domain.hints.subject import Subject

    packs = hint_packs.shipped()
    told = []
    for (where, _), texts in closings._shelf(SHIPPED, lang).items():
        for text in texts:
            state = "resolved" if where == Stage.SOLVED else "pending"
            hints = hints_on(Subject(Reply(re.sub(r"\{\{.*?\}\}", DAYS[lang], text), lang, state=state), packs))
            told += [(text, hint.rule) for hint in hints if hint.rule != "promise-made"]
    assert not told


@pytest.mark.parametrize(
    ("after", "text", "replied", "wanted"),
    [
        (Status.SOLVED, "Done.", True, Stage.SOLVED),
        (Status.ON_HOLD, "We wait.", True, Stage.ON_HOLD),
        (Status.OPEN, "We look.", False, Stage.RECEIVED),
        (Status.OPEN, "We look.", True, Stage.IN_PROGRESS),
        (Status.PENDING, "Which browser is it?", False, Stage.ASKED),
        (Status.PENDING, "It is under Settings.", False, Stage.ANSWERED),
        (Status.PENDING, "It is under Settings.\n\nMara wrote:\n> Where?", False, Stage.ANSWERED),
    ],
)
def test_the_stage_is_what_comes_after_the_reply(after: Status, text: str, replied: bool, wanted: Stage) -> None:
    ticket = dataclasses.replace(TICKET, first_replied_at=NOW if replied else None)
    assert stage(ticket, after, text) is wanted


def test_the_tone_is_the_customers_mood_unless_an_agent_denied_it() -> None:
    upset = dataclasses.replace(TICKET, reasons=(reason("upset"), reason("compliment")))
    assert tone(upset) is Tone.SORRY
    assert tone(dataclasses.replace(upset, rejected=frozenset({"upset"}))) is Tone.WARM
    assert tone(TICKET) is Tone.PLAIN


def test_the_tone_that_suits_comes_first_and_praise_is_only_answered_where_there_is_some() -> None:
    shelf = {("solved", "plain"): ["P"], ("solved", "sorry"): ["S"], ("solved", "warm"): ["W"]}
    assert order(shelf, Stage.SOLVED, Tone.SORRY) == ["S", "P"]
    assert order(shelf, Stage.SOLVED, Tone.WARM) == ["W", "P", "S"]


def test_one_gives_way_to_the_next_above_a_quote_and_the_last_to_none() -> None:
    offered = ["Bye one.", "Bye two."]
    text = "It ships today.\n\nMara wrote:\n> When?"
    seen = []
    for _ in range(4):
        change = cycled(text, offered, offered)
        assert change is not None
        text = text[: change[0]] + change[2] + text[change[1] :]
        seen.append(text)
    assert seen[0] == "It ships today.\n\nBye one.\n\nMara wrote:\n> When?"
    assert seen[1] == "It ships today.\n\nBye two.\n\nMara wrote:\n> When?"
    assert seen[2] == "It ships today.\n\nMara wrote:\n> When?"
    assert seen[3] == seen[0]


def test_words_of_the_agents_own_never_give_way() -> None:
    change = cycled("It ships today. Bye one.", ["Bye two."], ["Bye one.", "Bye two."])
    assert change == (24, 24, "\n\nBye two.")
    assert cycled("It ships.\n\nBye one, Mara.", ["Bye two."], ["Bye one."]) == (25, 25, "\n\nBye two.")


def test_one_of_another_stage_is_replaced_too() -> None:
    assert cycled("Hi.\n\nStill on it.", ["Done now."], ["Still on it.", "Done now."]) == (5, 17, "Done now.")


def test_a_folder_of_ones_own_replaces_what_it_names_and_a_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    file = tmp_path / "en" / "closings.toml"
    file.write_text('[solved]\nplain = ["Ahoy, {{agent.name}}."]\n', encoding="utf-8")
    facts: dict[str, object] = {"agent": {"name": "Kai"}}
    found = closings.cycled([*SHIPPED, tmp_path], facts, TICKET, Status.SOLVED, "Done.")
    assert found == (5, 5, "\n\nAhoy, Kai.")
    file.write_text('[solved]\nplain = ["Ahoy {{agnt.name}}"]\n[slved]\nsorry = ["x"]\n', encoding="utf-8")
    first, second = closings.problems([tmp_path])
    assert "line 2: unknown placeholder" in first
    assert "line 3: unknown stage" in second


def test_one_whose_fact_is_missing_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "closings.toml").write_text(
        '[solved]\nplain = ["Until {{reply_by}}.", "Bye."]\n', encoding="utf-8"
    )
    assert closings.cycled([tmp_path], {}, TICKET, Status.SOLVED, "") == (0, 0, "Bye.")


@pytest.mark.parametrize("lang", ["en", "ru", "ja", "tr"])
@pytest.mark.parametrize(("replied", "after"), [(False, Status.OPEN), (True, Status.OPEN), (True, Status.ON_HOLD)])
def test_a_time_the_text_has_said_is_not_said_again_first(lang: str, replied: bool, after: Status) -> None:
    ticket = dataclasses.replace(TICKET, lang=lang, first_replied_at=NOW if replied else None)
    days = dict.fromkeys(("end_of_day", "next_working_day", "in_2_working_days", "end_of_week"), DAYS[lang])
    facts: dict[str, object] = {"reply_by": DAYS[lang], "sla": days}

    def says_when(words: str) -> bool:
        return DAYS[lang] in words

    def first(text: str) -> str:
        change = closings.cycled(SHIPPED, facts, ticket, after, text, says_when)
        assert change is not None
        return change[2]

    assert says_when(first("We look."))
    assert not says_when(first(f"We look: {DAYS[lang]}."))


def test_what_is_no_file_is_never_waited_for(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    os.mkfifo(tmp_path / "en" / "closings.toml")
    (tmp_path / "ru").mkdir()
    (tmp_path / "ru" / "closings.toml").symlink_to("/dev/zero")
    assert [problem.partition(": ")[2] for problem in closings.problems([tmp_path])] == [
        "it is no ordinary file. Write the closings into one."
    ] * 2
    assert closings.cycled([*SHIPPED, tmp_path], {}, TICKET, Status.SOLVED, "") is not None
