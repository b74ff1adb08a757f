"""The editor: what the keys do to text, blanks and cursor, and what is drawn of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from supportterm.domain.snippets import Expansion, expand
from supportterm.screens.theme import DARK
from supportterm.screens.widgets.editor import NOTE_LABEL, PASTE_LIMIT, Editor
from supportterm.screens.widgets.editor_state import EditorState
from tests.screens.office import text_of, until

SNIPPETS = {
    ";receipt": "Hello ${1:[name]},\n\nyou hear by ${2:noon} with ${3|an answer,the results|}. $0",
    ";bye": "Bye, $1 and $1.",
}


class Desk(App[None]):
    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self.editor = editor
        self.register_theme(DARK)
        self.theme = DARK.name
        self.refused: list[str] = []
        self.written = 0

    def compose(self) -> ComposeResult:
        yield self.editor

    def on_editor_paste_refused(self, event: Editor.PasteRefused) -> None:
        self.refused.append(event.sentence)

    def on_editor_written(self) -> None:
        self.written += 1


def opened(body: str) -> Expansion:
    return expand(body, lambda source: None)


@asynccontextmanager
async def editing(
    text: str = "", size: tuple[int, int] = (60, 12)
) -> AsyncIterator[tuple[Editor, Pilot[None], list[str]]]:
    told: list[str] = []
    editor = Editor(
        text,
        find_snippet=lambda word: opened(SNIPPETS[word]) if word in SNIPPETS else None,
        known_triggers=lambda: SNIPPETS,
        say=told.append,
    )
    app = Desk(editor)
    async with app.run_test(size=size) as pilot:
        editor.focus()
        await pilot.pause()
        yield editor, pilot, told


async def test_a_trigger_becomes_its_text_and_tab_goes_through_its_blanks() -> None:
    async with editing() as (editor, pilot, _):
        await pilot.press(*";receipt", "tab")
        assert editor.text == "Hello [name],\n\nyou hear by noon with an answer. "
        assert editor.selected_text == "[name]"
        shown = text_of(pilot.app)
        assert "‹1 [name]›" in shown
        assert "‹2 noon›" in shown
        assert "‹3 an answer 1/2›" in shown
        await pilot.press(*"Mara", "tab")
        assert editor.selected_text == "noon"
        assert [blank.number for blank in editor.unfilled] == [2, 3]
        await pilot.press("tab", "down", "tab")
        assert editor.text == "Hello Mara,\n\nyou hear by noon with the results. "
        assert editor.unfilled == ()
        assert editor.state.cursor == len(editor.text)
        desk = pilot.app
        assert isinstance(desk, Desk)
        assert desk.written
        assert "‹" not in text_of(pilot.app)


async def test_every_place_of_a_number_is_filled_by_typing_once_and_undone_at_once() -> None:
    async with editing() as (editor, pilot, _):
        await pilot.press(*";bye", "tab", *"Kai")
        assert editor.text == "Bye, Kai and Kai."
        await pilot.press("ctrl+z")
        assert editor.text == "Bye, […] and […]."
        assert [blank.number for blank in editor.unfilled] == [1]
        await pilot.press("ctrl+z")
        assert editor.text == ";bye"
        assert editor.unfilled == ()
        await pilot.press("ctrl+underscore", "ctrl+underscore")
        assert editor.text == "Bye, Kai and Kai."
        assert editor.unfilled == ()
        await pilot.press("backspace", "backspace", *"ira")
        assert editor.text == "Bye, Kira and Kira."


async def test_undo_goes_back_word_by_word() -> None:
    async with editing() as (editor, pilot, told):
        await pilot.press(*"one", "space", *"two")
        await pilot.press("ctrl+z")
        assert editor.text == "one "
        await pilot.press("ctrl+z")
        assert editor.text == ""
        await pilot.press("ctrl+z")
        assert told == ["Nothing to take back."]
        await pilot.press("ctrl+underscore", "ctrl+underscore")
        assert editor.text == "one two"


async def test_accepting_a_default_is_a_step_and_a_question_is_never_accepted() -> None:
    async with editing() as (editor, pilot, _):
        editor.insert_expansion(opened("by ${1:noon}, ${2:[what]}"))
        await pilot.press("tab")
        assert [blank.number for blank in editor.unfilled] == [2]
        await pilot.press("tab", "tab")
        assert [blank.number for blank in editor.unfilled] == [2]
        assert editor.selected_text == "[what]"
        await pilot.press("shift+tab")
        assert editor.selected_text == "noon"
        await pilot.press("ctrl+z")
        assert [blank.number for blank in editor.unfilled] == [1, 2]


async def test_tab_on_the_last_blank_accepts_it_says_so_and_goes_behind_it() -> None:
    async with editing() as (editor, pilot, told):
        editor.insert_expansion(opened("with ${1|an answer,the results|} soon"))
        await pilot.pause()
        await until(pilot, lambda: "‹1 an answer 1/2›" in text_of(pilot.app))
        await pilot.press("tab", "!")
        assert editor.text == "with an answer! soon"
        assert editor.unfilled == ()
        assert "‹" not in text_of(pilot.app)
        assert told == ["Every blank is filled."]


@pytest.mark.parametrize(
    ("moves", "typed", "deletion"),
    [
        (("home", "right", "right"), "x", "backspace"),
        (("home", "right", "right"), "x", "delete"),
        (("home",), "x[what]", "delete"),
        (("end",), "[what]x", "backspace"),
    ],
)
async def test_an_open_question_is_one_piece_for_whoever_types_into_or_deletes_it(
    moves: tuple[str, ...], typed: str, deletion: str
) -> None:
    async with editing() as (editor, pilot, _):
        editor.insert_expansion(opened("${1:[what]}"))
        await pilot.press(*moves, "x")
        assert editor.text == typed
        assert len(editor.unfilled) == (typed != "x")
        await pilot.press("ctrl+z", *moves, deletion)
        assert editor.selected_text == "[what]"
        await pilot.press("backspace")
        assert (editor.text, editor.unfilled) == ("", ())


async def test_tab_never_leaves_the_editor_and_says_why_nothing_happens() -> None:
    async with editing("Hello") as (editor, pilot, told):
        await pilot.press("end", "tab", "shift+tab")
        assert editor.has_focus
        assert editor.text == "Hello"
        assert len(told) == 2
        await pilot.press("space", *";recipt", "tab")
        assert "`;receipt`" in told[2]
        assert editor.text == "Hello ;recipt"


@pytest.mark.parametrize(
    ("before", "expands"),
    [
        ("", True),
        ("Hi ", True),
        ("(", True),
        ("遅れます。", True),
        ("こんにちは", True),
        ("word", False),
        ("http://x", False),
    ],
)
async def test_a_trigger_begins_a_word(before: str, expands: bool) -> None:
    async with editing(before) as (editor, pilot, _):
        await pilot.press("ctrl+end", *";bye", "tab")
        assert (editor.text == f"{before}Bye, […] and […].") is expands


async def test_what_is_not_a_blank_yet_is_never_in_the_text_to_send() -> None:
    async with editing() as (editor, pilot, _):
        await pilot.press(*";receipt", "tab", "escape")
        await until(pilot, lambda: "‹" in text_of(pilot.app))
        assert "‹" not in editor.state.text
        assert editor.has_focus


async def test_a_state_comes_back_as_it_was_through_a_draft() -> None:
    async with editing() as (editor, pilot, _):
        await pilot.press(*";receipt", "tab", *"Мара", "tab")
        kept = editor.state
        again = EditorState.from_json(kept.as_json())
        assert again == kept
        editor.restore(EditorState("other"))
        assert editor.unfilled == ()
        editor.restore(again)
        await pilot.pause()
        assert editor.state == kept
        assert editor.selected_text == "noon"
        await until(pilot, lambda: "‹2 noon›" in text_of(pilot.app))
        await pilot.press("tab", "tab")
        assert editor.unfilled == ()


@pytest.mark.parametrize(
    "kept",
    [
        "{",
        "no json",
        "[1, 2]",
        '{"text": "Hi", "cursor": 99, "selection": [5, -1], "blanks": [{"number": 1, "spans": [[0, 9]]}]}',
        '{"text": "Hi", "cursor": "x", "blanks": 7, "selection": null}',
        '{"text": "Hi", "blanks": [{"number": 1, "spans": [[2, 0]]}, {"spans": [[0, 1]]}, 4]}',
    ],
)
def test_a_damaged_draft_keeps_its_words(kept: str) -> None:
    state = EditorState.from_json(kept)
    assert state.text in (kept, "Hi")
    assert 0 <= state.cursor <= len(state.text)
    assert state.blanks == ()


async def test_a_paste_is_cleaned_and_one_step() -> None:
    async with editing("ab") as (editor, pilot, _):
        await pilot.press("right")
        pilot.app.post_message(events.Paste("x\r\ny\x1b[2J\u202e\u200b\tz\u2028q"))
        await pilot.pause()
        assert editor.text == "ax\ny␛[2J\\u202e" + editor.text[editor.text.index("202e") + 4 :]
        assert editor.text.endswith("z\nqb")
        assert "\u200b" not in editor.text
        assert "\x1b" not in editor.text
        await pilot.press("ctrl+z")
        assert editor.text == "ab"


async def test_a_huge_paste_is_refused_with_a_way_out_and_kept() -> None:
    async with editing("ab") as (editor, pilot, _):
        pilot.app.post_message(events.Paste("x" * (PASTE_LIMIT + 1)))
        await pilot.pause()
        assert editor.text == "ab"
        desk = pilot.app
        assert isinstance(desk, Desk)
        assert ["Attach" in sentence for sentence in desk.refused] == [True]


async def test_long_lines_and_many_lines_are_written_in_and_shown() -> None:
    for text in ("word and more " * 7_200, "x" * 100_000, "字" * 100_000, "line\n" * 30_000):
        async with editing() as (editor, pilot, _):
            editor.restore(EditorState(text, len(text), (len(text), len(text))))
            await pilot.press("Z")
            assert editor.text == text + "Z"
            await pilot.pause()
            await until(pilot, lambda: "Z" in text_of(pilot.app))
            await pilot.press("up", "Y", "ctrl+home", "X", "ctrl+z", "ctrl+z", "ctrl+z")
            assert editor.text == text


async def test_letters_people_see_as_one_move_and_go_as_one() -> None:
    family, flag, e, ka = "👩\u200d👩\u200d👧", "🇩🇪", "e\u0301", "字"
    async with editing(f"{family}{flag}{e}{ka}") as (editor, pilot, _):
        stops = []
        for _ in range(4):
            await pilot.press("right")
            stops.append(editor.state.cursor)
        assert stops == [5, 7, 9, 10]
        await pilot.press("left", "backspace", "backspace")
        assert editor.text == family + ka
        await pilot.press("backspace")
        assert editor.text == ka
        await pilot.press("end", "ideographic_space", "x")
        assert editor.text.startswith(ka)


async def test_blanks_and_joiners_python_calls_unprintable_can_be_typed() -> None:
    async with editing() as (editor, pilot, _):
        for character in "字\u3000字\u00a0!👩\u200d👧":
            pilot.app.post_message(events.Key(f"key_{ord(character):x}", character))
        await pilot.pause()
        assert editor.text == "字\u3000字\u00a0!👩\u200d👧"


async def test_a_note_cannot_be_taken_for_a_reply() -> None:
    async with editing("Hello") as (editor, pilot, _):
        editor.label = "REPLY  to [red]oleg@lad.example"
        await pilot.pause()
        await until(pilot, lambda: "REPLY  to [red]oleg@lad.example" in text_of(pilot.app))
        quiet = editor.styles.background
        editor.note = True
        await pilot.pause()
        await until(pilot, lambda: NOTE_LABEL in text_of(pilot.app))
        assert "REPLY" not in text_of(pilot.app)
        assert editor.styles.background != quiet
        await until(pilot, lambda: "█" in text_of(pilot.app).splitlines()[1])


async def test_quoted_words_stand_on_their_own_lines_none_too_long() -> None:
    from datetime import UTC, datetime

    async with editing("Hello") as (editor, pilot, _):
        await pilot.press("ctrl+end")
        editor.quote(
            "One\r\n> older " + "word " * 30 + "\n\x1b[2J", "Олег\nКим", datetime(2026, 11, 22, 8, 12, tzinfo=UTC)
        )
        lines = editor.text.split("\n")
        assert lines[:2] == ["Hello", ""]
        assert "08:12, Олег Ким wrote:" in lines[2]
        assert lines[3] == "> One"
        deeper = [line for line in lines if line.startswith(">> ")]
        assert len(deeper) > 1
        assert all(line.startswith(">") for line in lines[3:-2])
        assert max(map(len, lines)) <= 78
        assert "\x1b" not in editor.text
        await pilot.press("ctrl+z")
        assert editor.text == "Hello"


async def test_a_text_changed_elsewhere_keeps_its_open_blanks_and_can_be_undone() -> None:
    async with editing() as (editor, pilot, _):
        await pilot.press(*";receipt", "tab")
        editor.rewrite("Dear [name],\n\nat last: you hear by Friday with an answer. ")
        assert [(blank.number, editor.text[slice(*blank.spans[0])]) for blank in editor.unfilled] == [
            (1, "[name]"),
            (3, "an answer"),
        ]
        await pilot.press("ctrl+z")
        assert len(editor.unfilled) == 3


async def test_a_click_on_an_open_blank_goes_to_it() -> None:
    async with editing() as (editor, pilot, _):
        await pilot.press(*";receipt", "tab")
        shown = text_of(pilot.app).splitlines()
        row = next(y for y, line in enumerate(shown) if "‹2" in line)
        await pilot.click(Editor, offset=(shown[row].index("noon") + 1, row))
        await pilot.pause()
        assert editor.selected_text == "noon"


async def test_resizing_keeps_the_cursor_in_sight_and_in_its_place() -> None:
    async with editing("word " * 200) as (editor, pilot, _):
        await pilot.press("ctrl+end", "Z")
        await pilot.resize_terminal(24, 8)
        await pilot.pause()
        await until(pilot, lambda: "Z" in text_of(pilot.app))
        await pilot.press("Y")
        await pilot.pause()
        await until(pilot, lambda: "ZY" in text_of(pilot.app))
        await pilot.resize_terminal(90, 30)
        await pilot.pause()
        await until(pilot, lambda: "ZY" in text_of(pilot.app))
        assert editor.cursor_row == editor.wrapped_document.height - 1


async def test_while_it_is_handed_over_nothing_can_be_written() -> None:
    async with editing() as (editor, pilot, _):
        await pilot.press(*";receipt", "tab")
        before = editor.state
        editor.read_only = True
        pilot.app.post_message(events.Paste("x"))
        await pilot.press("a", "backspace", "ctrl+z", "ctrl+underscore", "tab", "down", "ctrl+v", "enter")
        assert editor.text == before.text
        assert len(editor.unfilled) == 3


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
async def test_whatever_is_pressed_the_rows_show_the_text(data: st.DataObject) -> None:
    keys = "a 字 space enter backspace delete left right up down home end tab shift+tab shift+left shift+down"
    keys += " ctrl+w ctrl+k ctrl+u ctrl+z ctrl+underscore ctrl+x ctrl+v"
    async with editing(size=(24, 8)) as (editor, pilot, _):
        editor.insert_expansion(opened("Hi ${1:[who]},\n${2|yes,no|} ${3:by ${4:noon}} $1\n字é $0"))
        for key in data.draw(st.lists(st.sampled_from(keys.split()), max_size=14)):
            await pilot.press(key)
        state = editor.state
        assert editor.document.text == state.text
        assert 0 <= state.cursor <= len(state.text)
        for blank in editor.unfilled:
            assert {state.text[a:b] for a, b in blank.spans} == {blank.shown}
        layout = editor.wrapped_document
        pieces = [[layout.get_sections(line)] for line in range(editor.document.line_count)]
        assert "\n".join("".join(rows) for [rows] in pieces) == state.text
        fresh = [list(layout.get_offsets(line)) for line in range(editor.document.line_count)]
        layout.wrap(editor.wrap_width)
        assert [list(layout.get_offsets(line)) for line in range(editor.document.line_count)] == fresh
        await pilot.pause()
        shown = text_of(pilot.app)
        editor.refresh()
        await pilot.pause()
        assert text_of(pilot.app) == shown, "a row was not drawn again"
