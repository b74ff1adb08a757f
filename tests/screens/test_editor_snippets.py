"""The snippet picker: what comes first for what was typed, and what the preview promises."""

from __future__ import annotations

from typing import Any

import pytest

from supportterm.desk.rendering import render
from supportterm.domain.snippets import Macro, parse_macro
from supportterm.screens.snippets import actions_in_words, pick_snippet, previewed, ranked
from tests.desk.fakes import World
from tests.screens.office import office, text_of, until


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
    shown = previewed(later, render(later, facts)).plain
    assert shown.endswith("\n\nHello Mara␛, by ‹1 [day]› or ‹2 {{reply_by}}›.")
    assert "Also sets pending; tags delay; snoozes 3 d; leaves a note." in shown
    assert "NOTE, stays inside: Told {{ticket.requester.name}}." in shown
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
