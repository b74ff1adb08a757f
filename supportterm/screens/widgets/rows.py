"""Draws the editor's rows: text, blanks with their signs, selection and cursor."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from supportterm.screens.widgets import cells
from supportterm.screens.widgets.layout import Marks

if TYPE_CHECKING:
    from supportterm.screens.widgets.blank_places import Places
    from supportterm.screens.widgets.editor import Editor
    from supportterm.screens.widgets.written_text import WrittenText

LOOK = """
Editor {
    background: $background; color: $foreground; padding: 0 1; border: none; scrollbar-size-vertical: 1;
    border-top: solid $panel; border-title-color: $quiet; border-title-background: $background;
}
Editor:focus { border-top: solid $panel; border-title-color: $foreground; }
Editor.-note, Editor.-note:focus {
    background: $note; border-top: solid $warning; border-left: thick $warning;
    border-title-color: $warning; border-title-background: $note; border-title-style: bold;
}
Editor .editor--blank { text-style: underline; color: $warning; }
Editor .editor--blank-here { text-style: underline; }
Editor .editor--sign { text-style: bold; color: $warning; }
"""

_NO_MARKS = Marks()


class Rows:
    """The looks of one editor, read once a drawing, and the rows drawn with them."""

    def __init__(self) -> None:
        self._width = 0
        self._base = self._cursor = self._selected = Style()
        self._blank = self._here = self._sign = Style()

    def prepare(self, editor: Editor) -> None:
        """Read width and looks."""
        self._width = editor.scrollable_content_region.width
        self._base = editor.rich_style
        look = editor.get_component_rich_style
        self._cursor, self._selected = look("text-area--cursor"), look("text-area--selection")
        self._blank, self._here = look("editor--blank"), look("editor--blank-here")
        self._sign = look("editor--sign")

    def strip(self, editor: Editor, written: WrittenText, places: Places, y: int) -> Strip:
        """Draw the row at a height of the widget."""
        y += editor.scroll_offset.y
        row = written.layout.row(y)
        if row is None:
            return Strip.blank(self._width, self._base)
        line, start, end = row
        text = written.document.get_line(line)
        marks = places.marks.get(line, _NO_MARKS)
        blanks = places.stretches.get(line, ())
        (top, left), (bottom, right) = sorted(editor.selection)
        first = (left if line == top else 0) if top <= line <= bottom and (top, left) != (bottom, right) else -1
        last = (right if line == bottom else len(text) + 1) if first >= 0 else -1
        cursor = editor.cursor_location[1] if editor.has_focus and y == editor.cursor_row else -1
        after_cursor = cells.next_letter(text, cursor) if cursor >= 0 else -1
        cuts = {start, end, first, last, cursor, after_cursor, *marks.opening, *marks.closing}
        cuts |= {edge for a, b, _ in blanks for edge in (a, b)}
        segments: list[Segment] = []
        if start == 0 and 0 in marks.closing:
            segments.append(Segment(marks.closing[0], self._base + self._sign))
        for a, b in pairwise(sorted(cut for cut in cuts if start <= cut <= end)):
            if a in marks.opening:
                segments.append(Segment(marks.opening[a], self._base + self._sign))
            style = self._base
            for from_, to, here in blanks:
                if from_ <= a < to:
                    style += self._here if here else self._blank
            if first <= a < last:
                style += self._selected
            if a == cursor:
                style += self._cursor
            segments.append(Segment(text[a:b].replace("\t", " " * cells.TAB_CELLS), style))
            if b in marks.closing:
                segments.append(Segment(marks.closing[b], self._base + self._sign))
        if end == len(text):
            if end in marks.opening and start == end:
                segments.append(Segment(marks.opening[end], self._base + self._sign))
            if cursor == end or first <= end < last:
                segments.append(Segment(" ", self._base + (self._cursor if cursor == end else self._selected)))
        return Strip(segments).extend_cell_length(self._width, self._base)
