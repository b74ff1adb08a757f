"""The part of the editor that Textual's text area becomes: own text, own rows, steps; blanks are carried along."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.document._document import EditResult, Selection
from textual.document._edit import Edit
from textual.geometry import Region
from textual.message import Message
from textual.reactive import Reactive, reactive
from textual.strip import Strip
from textual.widgets import TextArea

from supportterm.domain.filling import Change
from supportterm.domain.text import clean_body
from supportterm.screens.widgets import rows
from supportterm.screens.widgets.blank_places import Places, places
from supportterm.screens.widgets.editor_state import EditorState
from supportterm.screens.widgets.steps import Standing
from supportterm.screens.widgets.written_text import BREAKS_AND_CONTROLS, WrittenText


class Pad(TextArea, inherit_bindings=False):
    """A text area over a `WrittenText`, drawn row by row where something changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "editor--blank", "editor--blank-here", "editor--sign", "editor--hint", "editor--warn", "editor--confirm",
        "editor--spelling",
    }  # fmt: skip

    selection: Reactive[Selection] = reactive(Selection(), init=False, always_update=True, repaint=False)
    """Where selecting began and where the cursor is; only the rows this changes are drawn again."""

    class Written(Message):
        """Text, cursor or blanks have changed: look again at `state`."""

        def __init__(self, editor: Pad) -> None:
            super().__init__()
            self.editor = editor

        @property
        def control(self) -> Pad:
            """The editor."""
            return self.editor

        def can_replace(self, message: Message) -> bool:
            """One look is enough for many keys."""
            return isinstance(message, Pad.Written)

    def __init__(
        self,
        text: str,
        say: Callable[[str], object],
        *,
        ascii_signs: bool,
        id: str | None,  # noqa: A002 Textual's own name for it
        classes: str | None,
    ) -> None:
        self._written = WrittenText(text)
        self._say = say
        self._ascii_signs = ascii_signs
        self._places = Places()
        self._busy = False
        self._rows = rows.Rows()
        self._underlined: list[tuple[int, int, int]] = []
        super().__init__(text, id=id, classes=classes, highlight_cursor_line=False)
        self.cursor_blink = False

    @property
    def state(self) -> EditorState:
        """The text, the cursor and the blanks, for drafts and for sending."""
        anchor, cursor = (self._written.offset(place) for place in self.selection)
        return EditorState(self._written.text, cursor, (anchor, cursor), self._written.blanks)

    def restore(self, state: EditorState) -> None:
        """Put a state back; what was written before it cannot be undone any more."""
        self._written = WrittenText(state.text, state.blanks)
        self._set_document(state.text, None)
        self._select(*state.selection)
        self._written.steps.clear()
        self.post_message(self.Written(self))

    @property
    def text(self) -> str:
        """The whole text, without the signs of blanks."""
        return self._written.text

    @text.setter
    def text(self, value: str) -> None:
        self.restore(EditorState(value))

    def load_text(self, text: str) -> None:
        """Begin with another text."""
        self.restore(EditorState(text))

    def undo(self) -> None:
        """Take the last step back, its blanks too."""
        if not self.read_only:
            self._stand(self._written.undo(), "Nothing to take back.")

    def redo(self) -> None:
        """Do again what was taken back last."""
        if not self.read_only:
            self._stand(self._written.redo(), "Nothing to do again.")

    def edit(self, edit: Edit) -> EditResult:
        """Carry out an edit of Textual's, blanks and mirrors included."""
        start, end = self._written.offset(edit.top), self._written.offset(edit.bottom)
        replaced = self._written.text[start:end]
        text = edit.text.translate(BREAKS_AND_CONTROLS)
        if text or replaced:
            self._change(Change(start, end, text), alone=len(text) > 1 or len(replaced) > 4 or "\n" in text + replaced)
        return EditResult(self.cursor_location, replaced)

    def action_text_start(self) -> None:
        """Go to the beginning."""
        self.move_cursor((0, 0))

    def action_text_end(self) -> None:
        """Go to the end."""
        self.move_cursor(self.document.end)

    def underline(self, spans: list[tuple[int, int, int]]) -> None:
        """Underline words, each by how much it matters: first code point, end, and 0 to 2."""
        if spans != self._underlined:
            self._underlined = spans
            self._redraw()

    def go_to(self, place: int) -> None:
        """Put the cursor there."""
        self._end_step()
        self._show(place, place)

    def put_line(self, line: str) -> None:
        """Put a line of its own in after the one the cursor is in, and go below it, as one step."""
        text, cursor = self._written.text, self.state.cursor
        end = text.find("\n", cursor)
        end = len(text) if end < 0 else end
        lead = "" if not text[:end].strip() else "\n" if text[:end].endswith("\n") else "\n\n"
        self._end_step()
        self._change(Change(end, end, f"{lead}{clean_body(line)}\n".translate(BREAKS_AND_CONTROLS)), alone=True)

    def replace_words(self, start: int, end: int, words: str) -> None:
        """Put other words in place of some, as one step; where none are left, a space beside them goes too."""
        text = self._written.text
        if not words and text[end : end + 1] == " " and (start == 0 or text[start - 1].isspace()):
            end += 1
        self._end_step()
        self._change(Change(start, end, clean_body(words).translate(BREAKS_AND_CONTROLS)), alone=True)

    @property
    def cursor_row(self) -> int:
        """The row the cursor is in, from the text's first."""
        return self._cursor_offset[1]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw some rows."""
        self._rows.prepare(self)
        return super(TextArea, self).render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        row = self._rows.drawn[y] = self._row(y + self.scroll_offset.y)
        return self._rows.draw(row)

    def _set_document(self, text: str, language: str | None) -> None:
        self.document = self._written.document
        self.wrapped_document = self._written.layout
        self.navigator = self._written.navigator
        self._places = places(self._written, ascii_signs=self._ascii_signs)
        self._written.mark(self._places.marks)
        self._rewrap_and_refresh_virtual_size()
        self.selection = Selection.cursor((0, 0))

    def _rewrap_and_refresh_virtual_size(self) -> None:
        super()._rewrap_and_refresh_virtual_size()
        self._rows.drawn.clear()
        x, y = self._written.layout.location_to_offset(self.cursor_location)
        self._cursor_offset = (x, y)
        if self.is_mounted:
            self.call_after_refresh(self.scroll_cursor_visible)

    def _watch_selection(self, previous_selection: Selection, selection: Selection) -> None:
        if not self.is_mounted:
            return
        self.app.clear_selection()
        if not self._busy:
            if previous_selection != selection:
                self._written.steps.end()
            if self._written.leave(self._written.offset(selection.end)):
                self._mark()
                self._refresh_size()
        self.scroll_cursor_visible()
        self.app.cursor_position = self.cursor_screen_offset
        if self._busy:
            return
        self._redraw()
        if previous_selection != selection:
            self.post_message(self.Written(self))

    @property
    def _standing(self) -> Standing:
        anchor, cursor = self.state.selection
        return Standing(anchor, cursor, self._written.blanks, self._written.active)

    def _change(self, change: Change, *, alone: bool = False) -> None:
        cursor = self._written.edit(change, self._standing, alone=alone)
        self._show(cursor, cursor)

    def _show(self, anchor: int, cursor: int) -> None:
        """Draw what has changed and put the cursor there."""
        self._written.leave(cursor)
        self._mark()
        self._refresh_size()
        self._select(anchor, cursor)
        self._redraw()
        self.post_message(self.Written(self))

    def _select(self, anchor: int, cursor: int) -> None:
        self._busy = True
        self.selection = Selection(self._written.location(anchor), self._written.location(cursor))
        self._busy = False
        self.record_cursor_width()

    def _mark(self) -> None:
        self._places = places(self._written, ascii_signs=self._ascii_signs)
        self._written.mark(self._places.marks)

    def _row(self, y: int) -> rows.Row | None:
        whole = (active := self._written.blank(self._written.active)) and self.state.selection == active.spans[0]
        cursor = self.cursor_row if self.has_focus and not whole else -1
        return rows.read(self._written, self._places, self.selection, cursor, y, self._underlined)

    def _redraw(self) -> None:
        """Draw those rows again that changed."""
        top, drawn = self.scroll_offset.y, self._rows.drawn
        for y in range(self.size.height):
            if y not in drawn or drawn[y] != self._row(y + top):
                self.refresh_lines(y + top)

    def _stand(self, standing: Standing | None, words: str) -> None:
        if standing is None:
            self._say(words)
        else:
            self._show(standing.anchor, standing.cursor)

    def _end_step(self) -> None:
        self._written.steps.end()
