"""Text broken into rows of a width, counted in terminal cells, fast enough for a million characters."""

from __future__ import annotations

from array import array
from bisect import bisect_right

from rich.cells import cell_len, get_character_cell_size

_WIDE = 2
_NEVER_FIRST = "、。，．！？）」』】〕》ー…"
"""Signs that do not begin a row of Chinese or Japanese, which is broken anywhere else."""
_LEAST = 8
"""Cells of the narrowest row."""


class Rows:
    """The rows of a text: each a span of it, and whether it goes on the line of the row before."""

    def __init__(self, text: str, width: int) -> None:
        """Break `text` at its newlines, and its long lines between words where there is one."""
        self.text = text
        self._starts, self._ends = array("q"), array("q")
        width = max(width, _LEAST)
        start = 0
        for line in text.split("\n"):
            if len(line) <= width and (line.isascii() or cell_len(line) <= width):
                self._starts.append(start)
                self._ends.append(start + len(line))
            else:
                self._break(line, start, width)
            start += len(line) + 1

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, row: int) -> str:
        return self.text[self._starts[row] : self._ends[row]]

    def span(self, row: int) -> tuple[int, int]:
        """Return where the row begins and ends in the text."""
        return self._starts[row], self._ends[row]

    def row_at(self, place: int) -> int:
        """Return the row that holds a place of the text."""
        return max(bisect_right(self._starts, place) - 1, 0)

    def between(self, row: int, column: int, last: int, end: int) -> str:
        """Return the text from a column of one row to a column of another, broken only where it was broken."""
        if row > last:
            return ""
        first, stop = self._starts[row] + column, self._starts[last] + end
        return self.text[min(first, self._ends[row]) : min(stop, self._ends[last])]

    def _break(self, line: str, start: int, width: int) -> None:
        place, length, plain = 0, len(line), line.isascii()
        while True:
            end = min(place + width, length) if plain else _reach(line, place, width)
            if end < length and not plain and _cells(line[end]) == _cells(line[end - 1]) == _WIDE:
                while line[end] in _NEVER_FIRST and end > place + 1:
                    end -= 1
            elif end < length and line[end] != " ":
                space = line.rfind(" ", place, end)
                if space > place and line[place:space].strip():
                    end = space
            self._starts.append(start + place)
            self._ends.append(start + end)
            if end < length and line[end] == " ":
                end += 1
            if end >= length:
                return
            place = end


def _reach(line: str, place: int, width: int) -> int:
    """Return how far into a line so many cells go; at least one character, marks stay with their letter."""
    end = min(place + width, len(line))
    if cell_len(line[place:end]) != end - place:
        room, end = width, place
        while end < len(line) and (room := room - _cells(line[end])) >= 0:
            end += 1
        end = max(end, place + 1)
    while end < len(line) and not _cells(line[end]):
        end += 1
    return end


def _cells(character: str) -> int:
    """Return the cells of a character; the selector that makes an emoji of a sign widens it."""
    return 1 if character == "\ufe0f" else get_character_cell_size(character)
