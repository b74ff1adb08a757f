"""Questions to the agent: they fit every screen, keep still, show foreign text as text, and work by mouse."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from supportterm.screens.asking import Choice, Confirm, Pick, Prompt
from supportterm.screens.likeness import ranked
from supportterm.screens.widgets.row_list import RowList
from tests.desk.fakes import World
from tests.screens.office import SIZES, office, text_of, until

FOREIGN = "\x1b]0;x\x07[/red] [@click=app.quit]二重請求されています" + "é" * 500


@pytest.mark.parametrize("size", [*SIZES, (20, 5)])
async def test_each_question_fits_and_keeps_foreign_text_quiet(world: World, size: tuple[int, int]) -> None:
    choices = [Choice(FOREIGN, number, FOREIGN, "^K", FOREIGN if number % 2 else "") for number in range(60)]
    questions = (
        Pick(FOREIGN, choices, lambda _: FOREIGN * 50),
        Confirm(FOREIGN, FOREIGN * 20, {"y": FOREIGN}),
        Prompt(FOREIGN, FOREIGN, lambda *_: [FOREIGN] * 20, lambda _: FOREIGN),
    )
    async with office(world, size) as (app, pilot):
        for question in questions:
            app.push_screen(question)
            await until(pilot, lambda question=question: app.screen is question)
            await pilot.press("enter", "down", "up", "pagedown")
            await pilot.pause()
            if app.screen is question:
                shown = text_of(app)
                assert "\x1b" not in shown
                assert len(shown.splitlines()) == size[1]
                await pilot.press("escape")
            await until(pilot, lambda question=question: app.screen is not question)


async def test_a_picker_keeps_its_place_while_it_narrows_and_answers_what_is_marked(world: World) -> None:
    answers: list[str | None] = []
    words = ["status open", "status pending", "assign", "snooze", "tag"]
    async with office(world) as (app, pilot):
        app.push_screen(Pick("Do", [Choice(one, one) for one in words]), answers.append)
        await until(pilot, lambda: "snooze" in text_of(app))
        before = app.screen.query_one(RowList).region
        await pilot.press(*"pend")
        await until(pilot, lambda: "snooze" not in text_of(app))
        assert app.screen.query_one(RowList).region == before
        await pilot.press("enter")
        await until(pilot, lambda: bool(answers))
    assert answers == ["status pending"]


async def test_what_cannot_be_chosen_says_why_and_is_not_answered(world: World) -> None:
    answers: list[str | None] = []
    async with office(world) as (app, pilot):
        app.push_screen(Pick("Do", [Choice("send", "send", why_not="It has left already.")]), answers.append)
        await until(pilot, lambda: "It has left already." in text_of(app))
        await pilot.press("enter")
        await pilot.pause()
        assert answers == []
        await pilot.click(RowList, offset=(3, 0))
        await pilot.pause()
        assert answers == []
        await pilot.press("escape")
    assert answers == [None]


async def test_a_click_chooses_and_a_click_beside_leaves(world: World) -> None:
    answers: list[str | None] = []
    async with office(world) as (app, pilot):
        for where in ("in", "beside"):
            app.push_screen(Pick("Do", [Choice("a", "a"), Choice("b", "b")]), answers.append)
            await until(pilot, lambda: isinstance(app.screen, Pick))
            await pilot.pause()
            if where == "in":
                await pilot.click(RowList, offset=(3, 1))
            else:
                await pilot.click(offset=(0, 0))
            await until(pilot, lambda: not isinstance(app.screen, Pick))
        app.push_screen(Confirm("Sure?", "", {"y": "yes", "n": "no"}), answers.append)
        await until(pilot, lambda: "y    yes" in text_of(app))
        await pilot.click(".answer")
        await until(pilot, lambda: not isinstance(app.screen, Confirm))
    assert answers == ["b", None, "y"]


async def test_a_prompt_completes_by_tab_by_arrow_and_by_mouse_and_says_what_is_wrong(world: World) -> None:
    answers: list[str | None] = []
    known = ["billing", "bug", "urgent"]

    def complete(text: str, cursor: int) -> list[str]:
        return [one for one in known if one.startswith(text[:cursor].split(" ")[-1])]

    async with office(world, (80, 24)) as (app, pilot):
        prompt = Prompt("tags:", complete=complete, check=lambda text: "Not urgent." if "urgent" in text else "")
        app.push_screen(prompt, answers.append)
        await until(pilot, lambda: "billing" in text_of(app))
        await until(pilot, lambda: "tags:" in text_of(app).splitlines()[-1])
        line = app.screen.query_one(Input)
        await pilot.press("b", "tab")
        assert line.value == "billing "
        await pilot.press("u", "down", "enter")
        assert line.value == "billing urgent "
        await pilot.press("enter")
        await until(pilot, lambda: "Not urgent." in text_of(app))
        assert answers == []
        for _ in "urgent ":
            await pilot.press("backspace")
        await pilot.press("b", "u")
        await pilot.pause()
        await pilot.click("OptionList", offset=(2, 0))
        assert line.value == "billing bug "
        await pilot.press("enter")
    assert answers == ["billing bug "]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("sta", "Status"),
        ("sync", "Sync now"),
        ("problems", "Sync problems"),
        ("rta", "Reply to all"),
        ("outbx", "Outbox"),
        ("İADE", "iade"),
        ("put away", "Snooze"),
    ],
)
def test_the_likeliest_name_stands_first(typed: str, first: str) -> None:
    names = ["Reply to all", "Status", "Sync problems", "Sync now", "Outbox", "Snooze", "iade"]
    remarks = ["", "", "", "", "", "Put it away until a time", ""]
    assert names[ranked(typed, names, remarks)[0]] == first


@pytest.mark.parametrize(
    ("typed", "answer"), [("monday 9:00", "typed"), ("monday", "Monday morning"), ("mon 9", "typed")]
)
async def test_a_time_that_was_typed_out_comes_before_what_resembles_it(world: World, typed: str, answer: str) -> None:
    answers: list[str | None] = []
    async with office(world) as (app, pilot):
        choices = [Choice(one, one, "leaves Mon 09:00") for one in ("in 1 hour", "Monday morning")]
        pick = Pick("Leave at", choices, other=lambda text: Choice(text, "typed"), other_first=True)
        app.push_screen(pick, answers.append)
        await until(pilot, lambda: app.screen is pick)
        pick.query_one(Input).value = typed
        await until(pilot, lambda: typed in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: answers == [answer])
