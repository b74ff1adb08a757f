"""The editor: what the keys do to text, blanks and cursor, and what is drawn of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from supportterm.domain.snippets import Expansion, expand
from supportterm.screens.theme import DARK
from supportterm.screens.widgets.editor import Editor
from supportterm.screens.widgets.editor_state import EditorState
from tests.screens.office import text_of

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
        assert "‹" not in text_of(pilot.app)
