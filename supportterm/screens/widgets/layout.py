"""A document as its rows stand on the screen: soft wrap, with the signs of blanks drawn between the letters.

Stands in for Textual's own wrapping, which measures whole lines anew for
every key; here one key costs the rows it changes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

from textual.document._document import DocumentBase, Location
from textual.document._document_navigator import DocumentNavigator
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Offset

from supportterm.screens.widgets import cells

_SHORT = 1_000
"""Code points up to which a line is simply wrapped anew."""


@dataclass(slots=True)
class Marks:
    """What is drawn in a line besides its text: before a column, and behind the letter in front of one."""

    opening: dict[int, str] = field(default_factory=dict)
    closing: dict[int, str] = field(default_factory=dict)

    def extra(self) -> list[tuple[int, int]]:
        """Return the columns that become wider, in order, and by how many cells."""
        wider = [(column, len(sign)) for column, sign in self.opening.items()]
        wider += [(max(column - 1, 0), len(sign)) for column, sign in self.closing.items()]
        return sorted(wider)


_NONE = Marks()


class Layout(WrappedDocument):
    """The rows of a document at a width. `marks` tells what is drawn between the letters, by line."""

    def __init__(self, document: DocumentBase, width: int = 0) -> None:
        self.marks: dict[int, Marks] = {}
        self._tops: list[int] | None = None
        super().__init__(document, width, cells.TAB_CELLS)

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        """Lay every line out anew."""
        self._width = width
        self._wrap_offsets = [self._wrapped(line) for line in range(self.document.line_count)]
        self._tops = None

    def wrap_lines(self, lines: set[int]) -> None:
        """Lay a few lines out anew."""
        for line in lines:
            if line < len(self._wrap_offsets):
                self._set(line, self._wrapped(line))

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        """Lay out anew what an edit has changed; call it after the edit."""
        top, last, now = start[0], old_end[0], new_end[0]
        if top == last == now:
            self._set(top, self._wrapped_on(top, start[1], old_end[1], new_end[1]))
            return
        self._wrap_offsets[top : last + 1] = [self._wrapped(line) for line in range(top, now + 1)]
        self._tops = None

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self._top(len(self._wrap_offsets))

    def row(self, y: int) -> tuple[int, int, int] | None:
        """Return line, first column and end column of a row; None below the last."""
        if not 0 <= y < self.height:
            return None
        line = bisect_right(self._starts(), y) - 1
        starts = [0, *self._wrap_offsets[line]]
        section = y - self._top(line)
        end = starts[section + 1] if section + 1 < len(starts) else len(self.document.get_line(line))
        return line, starts[section], end

    def location_to_offset(self, location: Location) -> Offset:
        """Return the cell of a location, from the document's first."""
        line, column = location
        line = max(0, min(line, len(self._wrap_offsets) - 1))
        section = bisect_right(self._wrap_offsets[line], column)
        start = self._wrap_offsets[line][section - 1] if section else 0
        text, marks = self.document.get_line(line), self.marks.get(line, _NONE)
        x = sum(cells.widths(text[start:column])) + len(marks.opening.get(column, ""))
        x += sum(len(sign) for at, sign in marks.opening.items() if start <= at < column)
        x += sum(len(sign) for at, sign in marks.closing.items() if start < at <= column)
        return Offset(x, self._top(line) + section)

    def offset_to_location(self, offset: Offset) -> Location:
        """Return the location nearest to a cell."""
        x, y = max(offset[0], 0), max(0, min(offset[1], self.height - 1))
        line, start, end = self.row(y) or (0, 0, 0)
        text, marks = self.document.get_line(line), self.marks.get(line, _NONE)
        column, left = start, 0
        while column < end:
            left += len(marks.opening.get(column, ""))
            after = cells.next_letter(text, column)
            width = sum(cells.widths(text[column:after]))
            if left + width > x:
                break
            left += width + len(marks.closing.get(after, ""))
            column = after
        if column >= end and end < len(text):
            column = cells.letter_before(text, end)
        return line, column

    def get_sections(self, line_index: int) -> list[str]:
        """Return a line's rows as texts."""
        line, offsets = self.document.get_line(line_index), self._wrap_offsets[line_index]
        return [line[a:b] for a, b in zip([0, *offsets], [*offsets, len(line)], strict=True)]

    def _wrapped(self, line: int) -> list[int]:
        if not self._width:
            return []
        return list(cells.breaks(self.document.get_line(line), self._width, self._extra(line)))

    def _wrapped_on(self, line: int, start: int, old_end: int, new_end: int) -> list[int]:
        """Wrap a line again from a little before an edit until its rows fall in with the old ones."""
        text, old = self.document.get_line(line), self._wrap_offsets[line]
        if len(text) < _SHORT or not self._width:
            return self._wrapped(line)
        kept = old[: max(bisect_right(old, start) - 3, 0)]
        growth = new_end - old_end
        for column in cells.breaks(text, self._width, self._extra(line), kept[-1] if kept else 0):
            if column > new_end:
                place = bisect_left(old, column - growth)
                if place < len(old) and old[place] == column - growth:
                    return kept + [each + growth for each in old[place:]]
            kept.append(column)
        return kept

    def _extra(self, line: int) -> list[tuple[int, int]]:
        return self.marks[line].extra() if line in self.marks else []

    def _set(self, line: int, offsets: list[int]) -> None:
        if len(offsets) != len(self._wrap_offsets[line]):
            self._tops = None
        self._wrap_offsets[line] = offsets

    def _starts(self) -> list[int]:
        if self._tops is None:
            self._tops = [0, *accumulate(len(offsets) + 1 for offsets in self._wrap_offsets)]
        return self._tops

    def _top(self, line: int) -> int:
        return self._starts()[line]


class Navigator(DocumentNavigator):
    """Where the cursor goes: letter by letter as people see them, row by row as they stand."""

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout)
        self._layout = layout

    def get_location_left(self, location: Location) -> Location:
        """Return the beginning of the letter before, or the end of the line above."""
        row, column = location
        if column:
            return row, cells.letter_before(self._document.get_line(row), column)
        return (row - 1, len(self._document.get_line(row - 1))) if row else (0, 0)

    def get_location_right(self, location: Location) -> Location:
        """Return the end of the letter here, or the beginning of the line below."""
        row, column = location
        line = self._document.get_line(row)
        if column < len(line):
            return row, cells.next_letter(line, column)
        return (row + 1, 0) if row + 1 < self._document.line_count else location

    def get_location_above(self, location: Location) -> Location:
        """Return the place a row above; from the first row the beginning."""
        y = self._layout.location_to_offset(location).y
        return self._layout.offset_to_location(Offset(self.last_x_offset, y - 1)) if y else (0, 0)

    def get_location_below(self, location: Location) -> Location:
        """Return the place a row below; from the last row the end."""
        y = self._layout.location_to_offset(location).y
        if y + 1 >= self._layout.height:
            return location[0], len(self._document.get_line(location[0]))
        return self._layout.offset_to_location(Offset(self.last_x_offset, y + 1))

    def get_location_end(self, location: Location) -> Location:
        """Return the end of the row."""
        row, column = location
        offsets, line = self._layout.get_offsets(row), self._document.get_line(row)
        section = bisect_right(offsets, column)
        return (row, len(line)) if section == len(offsets) else (row, cells.letter_before(line, offsets[section]))
