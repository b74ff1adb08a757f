"""The snippet picker: what comes first for what was typed, and what the preview promises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from supportterm.desk.macros import MacroWatch
from supportterm.desk.rendering import render
from supportterm.domain.drafts import Kind
from supportterm.domain.rewriting import Habit
from supportterm.domain.snippets import Macro, parse_macro
from supportterm.screens.snippets import Finder, actions_in_words, in_reach, pick_snippet, previewed, ranked
from supportterm.store.views import reading
from tests.desk.fakes import World
from tests.screens.office import office, text_of, told, until
from tests.screens.test_reply import arrive, writing


def macro(name: str, title: str, body: str, **settings: str) -> Macro:
    lines = "".join(f'{key} = "{value}"\n' for key, value in settings.items())
    return parse_macro(f'+++\ntitle = "{title}"\n{lines}+++\n{body}', f"x/{name}.md")


MACROS = [
    macro("late", "It comes later", "I am sorry: the parcel waits at the customs office.", trigger=";late", lang="en"),
    macro("late", "Gecikme", "Üzgünüm, paketiniz gümrükte.", trigger=";late", lang="tr"),
    macro("receipt", "We have it", "Thank you for the receipt.", trigger=";receipt", lang="en"),
    macro("refund", "Money back, later or now", "The refund is on its way.", trigger=";refund", lang="en"),
    macro("any", "Signature", "Bye ${1:[name]}", trigger=";sig"),
    macro("delay", "遅れのお知らせ", "税関で止まっています。", trigger=";delay", lang="ja"),
]


@pytest.mark.parametrize(
    ("typed", "lang", "first"),
    [
        (";late", "en", ("late", "en")),
        ("late", "tr", ("late", "tr")),
        (";rec", "en", ("receipt", "en")),
        ("it comes", "en", ("late", "en")),
        ("customs", "en", ("late", "en")),
        ("gumruk", "en", ("late", "tr")),
        ("recipt", "en", ("receipt", "en")),
        ("税関", "en", ("delay", "ja")),
        ("money now", "en", ("refund", "en")),
        ("signa", "ja", ("any", "")),
        ("", "ja", ("delay", "ja")),
        ("", "tr", ("late", "tr")),
    ],
)
def test_what_was_meant_comes_first(typed: str, lang: str, first: tuple[str, str]) -> None:
    found = ranked(MACROS, typed, lang)
    assert (found[0].id, found[0].lang) == first


def test_every_language_stays_within_reach_and_nonsense_finds_nothing() -> None:
    assert {found.lang for found in ranked(MACROS, "late", "en")} >= {"en", "tr"}
    assert len(ranked(MACROS, "", "ru")) == len(MACROS)
    assert ranked(MACROS, "qqqzzzxx", "en") == []


def test_the_preview_shows_facts_blanks_and_deeds() -> None:
    file = """+++
title = "Later"
[actions]
status = "pending"
tags_add = ["delay"]
snooze = "3d"
note = "Told {{ticket.requester.name}}."
+++
Hello {{ticket.requester.first_name}}, by ${1:[day]} or {{reply_by}}."""
    facts = {"ticket": {"requester": {"first_name": "Mara\x1b", "name": "Mara Lind"}}}
    later = parse_macro(file, "x/later.md")
    shown = previewed(later, render(later, facts), note="Told Mara Lind.").plain
    assert shown.endswith("\n\nHello Mara␛, by ‹1 [day]› or ‹2 {{reply_by}}›.")
    assert "Also sets pending; tags delay; snoozes 3 d; leaves a note." in shown
    assert "NOTE, stays inside: Told Mara Lind." in shown
    assert actions_in_words(MACROS[0].actions) == ""


async def test_the_picker_answers_with_what_is_marked(world: World) -> None:
    async with office(world) as (app, pilot):
        chosen: list[Any] = []

        async def pick() -> None:
            chosen.append(await pick_snippet(screen, app.support.macros, "tr"))

        screen: Any = app.screen
        screen.in_background(pick())
        await until(pilot, lambda: "Snippet" in text_of(app))
        await pilot.press(*";receipt")
        await until(pilot, lambda: "‹1" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: chosen)
        assert (chosen[0].trigger, chosen[0].lang) == (";receipt", "tr")
        screen.in_background(pick())
        await until(pilot, lambda: "Snippet" in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: len(chosen) == 2)
        assert chosen[1] is None


def test_what_is_most_used_here_comes_first_and_what_is_rewritten_says_so() -> None:
    habits = {("refund", "en"): Habit(9, 6), ("receipt", "en"): Habit(2, 2)}
    finder = Finder(MACROS, "en", habits)
    assert [macro.id for macro in finder.ranked("")][:3] == ["refund", "receipt", "late"]
    remarks = {choice.value.id: choice.key for choice in finder.find("") if choice.value.lang == "en"}
    assert remarks == {"refund": "rewritten 67%", "receipt": "", "late": ""}
    shown = previewed(MACROS[3], render(MACROS[3], {}), habits["refund", "en"]).plain
    assert shown.startswith("Used 9 times here, rewritten in 6: improve it.")


def test_variants_in_languages_nobody_asked_for_stay_away() -> None:
    assert [(m.id, m.lang) for m in in_reach(MACROS, "tr") if m.id == "late"] == [("late", "en"), ("late", "tr")]
    assert [m.lang for m in in_reach(MACROS, "en") if m.id == "late"] == ["en"]
    only = [macro("x", "X", "x", lang="ru"), macro("x", "X", "x", lang="ja")]
    assert in_reach(only, "tr") == only


def test_every_action_is_named_before_it_is_chosen() -> None:
    actions = parse_macro(
        '+++\n[actions]\ntags_remove = ["wait"]\npolicy = "vip"\nattach = ["a.pdf"]\n'
        'article = "Help <https://example.org/h>"\n+++\nx',
        "x/m.md",
    ).actions
    assert actions_in_words(actions) == "takes off wait; policy vip; attaches a.pdf; links Help"


def test_a_link_stands_under_the_text_unless_the_text_names_it() -> None:
    front = '+++\n[actions]\narticle = "Help <https://example.org/h>"\n+++\n'
    assert render(parse_macro(front + "Look:", "x/m.md"), {}).text == "Look:\n\nHelp: https://example.org/h"
    named = parse_macro(front + "See {{article.url}}.", "x/m.md")
    assert render(named, {}).text == "See https://example.org/h."


async def test_a_macro_is_offered_where_it_suits_and_its_files_go_along(world: World, tmp_path: Path) -> None:
    await arrive(world)
    (tmp_path / "prices.txt").write_text("ten", encoding="utf-8")
    for name, front in (
        ("chat", 'trigger = ";chat"\nwhen = "channel:chat"'),
        ("elsewhere", 'trigger = ";elsewhere"\nwhen = "rhubarb"'),
        ("words", 'trigger = ";words"\nwhen = "\\"mail me the file\\" -has:note"'),
        ("mail", 'trigger = ";mail"\nwhen = "channel:email lang:en"\n[actions]\nattach = ["prices.txt"]\n'
                 'tags_remove = ["x"]\npolicy = "vip"'),
    ):  # fmt: skip
        (tmp_path / f"{name}.md").write_text(f"+++\n{front}\n+++\nWords of {name}.", encoding="utf-8")
    async with writing(world) as (app, pilot, screen):
        app.support._macros = MacroWatch(lambda: [tmp_path])
        await pilot.press("ctrl+o")
        await until(pilot, lambda: "Snippet" in text_of(app))
        assert ";words" in text_of(app)
        assert ";chat" not in text_of(app)
        assert ";elsewhere" not in text_of(app)
        await pilot.press("enter")
        await until(pilot, lambda: "prices.txt" in text_of(app))
        assert screen.editor.text == "Words of mail."
        assert (screen.draft.also.remove_tags, screen.draft.also.policy) == (("x",), "vip")
        assert [one.macro for one in screen.draft.snippets] == ["mail"]
        with reading(world.desk.database.path) as views:
            await until(pilot, lambda: views.draft(screen.key, "ada", Kind.REPLY))


async def test_a_macro_saved_meanwhile_counts_and_a_broken_one_is_told(world: World, tmp_path: Path) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        app.support._macros = MacroWatch(lambda: [tmp_path])
        assert app.support.macros.triggers == set()
        app.support.macro_files.news()
        (tmp_path / "new.md").write_text('+++\ntrigger = ";new"\n+++\nFresh words.', encoding="utf-8")
        (tmp_path / "bad.md").write_text("+++\n+++\n{{tiket.ref}}", encoding="utf-8")
        await until(pilot, lambda: "unknown placeholder" in told(app))
        await pilot.press(*";new", "tab")
        await until(pilot, lambda: screen.editor.text == "Fresh words.")
