"""Draws the editor's rows: text, blanks with their signs, selection and cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from supportterm.screens.widgets import cells
from supportterm.screens.widgets.layout import Marks

if TYPE_CHECKING:
    from textual.document._document import Selection

    from supportterm.screens.widgets.blank_places import Places
    from supportterm.screens.widgets.text_pad import Pad
    from supportterm.screens.widgets.written_text import WrittenText

LOOK = """
Editor, Editor:focus {
    background: $background; color: $foreground; padding: 0 1; scrollbar-size-vertical: 1;
    border: none; border-top: solid $panel; border-title-color: $quiet; border-title-background: $background;
}
Editor:focus { border-title-color: $foreground; }
Editor.-note, Editor.-note:focus {
    background: $note; border: none; border-top: solid $warning; border-left: thick $warning;
    border-title-color: $warning; border-title-background: $note; border-title-style: bold;
}
Editor .editor--blank { text-style: underline; color: $warning; }
Editor .editor--blank-here { text-style: underline; }
Editor .editor--hint { text-style: underline; }
Editor .editor--spelling { text-style: underline; color: $quiet; }
Editor .editor--warn { text-style: underline; color: $warning; }
Editor .editor--confirm { text-style: bold underline; color: $error; }
Editor .editor--sign { text-style: bold; color: $warning; }
"""

SPELLING = 3
_NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class Row:
    """All that is drawn in one row. Columns count in `text`; -1 where there is none.

    `ends` says that the line ends here, so that cursor and selection may stand
    behind the last letter. `blanks` are first and end column, and whether the
    cursor is in that blank.
    """

    text: str
    ends: bool = True
    opening: tuple[tuple[int, str], ...] = ()
    closing: tuple[tuple[int, str], ...] = ()
    blanks: tuple[tuple[int, int, bool], ...] = ()
    selected: tuple[int, int] = (-1, -1)
    cursor: int = -1
    underlined: tuple[tuple[int, int, int], ...] = ()
    """First and end column, and how much it matters, 0 to 2; `SPELLING` for a word of no dictionary."""


class Rows:
    """The looks of one editor, read once a drawing, and the rows as they were drawn last."""

    def __init__(self) -> None:
        self.drawn: dict[int, Row | None] = {}
        """The rows on the screen, by their height in the widget."""
        self._width = 0
        self._base = self._cursor = self._selected = Style()
        self._blank = self._here = self._sign = Style()
        self._lines: list[Style] = []

    def prepare(self, editor: Pad) -> None:
        """Read width and looks."""
        self._width = editor.scrollable_content_region.width
        self._base = editor.rich_style
        look = editor.get_component_rich_style
        self._cursor, self._selected = look("text-area--cursor"), look("text-area--selection")
        self._blank, self._here = look("editor--blank"), look("editor--blank-here")
        self._sign = look("editor--sign")
        self._lines = [look(f"editor--{name}") for name in ("hint", "warn", "confirm", "spelling")]

    def draw(self, row: Row | None) -> Strip:
        """Draw a row."""
        if row is None:
            return Strip.blank(self._width, self._base)
        sign, end = self._base + self._sign, len(row.text)
        opening, closing = dict(row.opening), dict(row.closing)
        cursor_ends = cells.next_letter(row.text, row.cursor) if row.cursor >= 0 else -1
        cuts = {0, end, row.cursor, cursor_ends, *row.selected, *opening, *closing}
        cuts.update(edge for a, b, _ in (*row.blanks, *row.underlined) for edge in (a, b))
        segments = [Segment(closing[0], sign)] if 0 in closing else []
        for a, b in pairwise(sorted(cut for cut in cuts if 0 <= cut <= end)):
            if a in opening:
                segments.append(Segment(opening[a], sign))
            segments.append(Segment(row.text[a:b].replace("\t", " " * cells.TAB_CELLS), self._style(row, a)))
            if b in closing:
                segments.append(Segment(closing[b], sign))
        if end in opening:
            segments.append(Segment(opening[end], sign))
        if row.ends and (row.cursor == end or row.selected[0] <= end < row.selected[1]):
            segments.append(Segment(" ", self._base + (self._cursor if row.cursor == end else self._selected)))
        return Strip(segments).extend_cell_length(self._width, self._base)

    def _style(self, row: Row, column: int) -> Style:
        style = self._base
        for first, end, level in row.underlined:
            if first <= column < end:
                style += self._lines[level]
        for first, end, here in row.blanks:
            if first <= column < end:
                style += self._here if here else self._blank
        if row.selected[0] <= column < row.selected[1]:
            style += self._selected
        return style + self._cursor if column == row.cursor else style


def read(
    written: WrittenText,
    places: Places,
    selection: Selection,
    cursor_y: int,
    y: int,
    underlined: Sequence[tuple[int, int, int]] = (),
) -> Row | None:
    """Return what stands in a row of the text; None below its end. `cursor_y` is the cursor's row, -1 without focus."""
    found = written.layout.row(y)
    if found is None:
        return None
    line, start, end = found
    text = written.document.get_line(line)
    ends = end == len(text)
    (top, left), (bottom, right) = sorted(selection)
    selected = (-1, -1)
    if top <= line <= bottom and (top, left) != (bottom, right):
        first, last = (left if line == top else 0), (right if line == bottom else len(text) + 1)
        if first < end + ends and last > start:
            selected = max(first - start, 0), min(last, end + ends) - start
    marks, stretches = places.marks.get(line, _NO_MARKS), places.stretches.get(line, ())
    opening = ((c - start, sign) for c, sign in marks.opening.items() if start <= c < end or (ends and c == end))
    closing = ((c - start, sign) for c, sign in marks.closing.items() if start < c <= end or c == start == 0)
    blanks = ((max(a - start, 0), min(b, end) - start, here) for a, b, here in stretches if a < end and b > start)
    cursor = selection.end[1] - start if y == cursor_y else -1
    first = written.offset((line, start)) if underlined else 0
    last = first + end - start
    lines = ((max(a, first) - first, min(b, last) - first, n) for a, b, n in underlined if a < last and b > first)
    return Row(text[start:end], ends, tuple(opening), tuple(closing), tuple(blanks), selected, cursor, tuple(lines))
