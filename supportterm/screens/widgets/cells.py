"""Cells and letters of a line as it is edited: what people see as one letter moves and breaks as one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from rich.cells import cell_len, get_character_cell_size

if TYPE_CHECKING:
    from regex import Pattern  # type: ignore[import-untyped] # regex brings no types

TAB_CELLS = 4
_COMPOSED = re.compile("[\u200c\u200d\ufe0e\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_NOT_FIRST = frozenset("、。，．,.!?！？:：;；)）]］}｝」』】〉》〕’”…ー・々ぁぃぅぇぉっゃゅょァィゥェォッャュョ")
_NOT_LAST = frozenset("(（[［{｛「『【〈《〔‘“")
_REACH = 64
"""How many code points back a letter's beginning is looked for."""


class _Widths(dict[str, int]):
    def __missing__(self, character: str) -> int:
        width = self[character] = TAB_CELLS if character == "\t" else get_character_cell_size(character)
        return width


_WIDTHS = _Widths()


@cache
def _letter() -> Pattern[str]:
    import regex

    return regex.compile(r"\X")


def widths(text: str) -> list[int]:
    """Return the cells of every code point; those that belong to the letter before them have none."""
    found = list(map(_WIDTHS.__getitem__, text))
    if not text.isascii() and _COMPOSED.search(text):
        for match in _letter().finditer(text):
            start, end = match.span()
            if end - start > 1:
                found[start:end] = [cell_len(match[0]), *[0] * (end - start - 1)]
    return found


def next_letter(line: str, column: int) -> int:
    """Return where the letter at a column ends."""
    if line.isascii():
        return min(column + 1, len(line))
    match = _letter().match(line, column)
    return match.end() if match and match.end() > column else min(column + 1, len(line))


def letter_before(line: str, column: int) -> int:
    """Return where the letter before a column begins."""
    if line.isascii():
        return max(column - 1, 0)
    start = max(column - _REACH, 0)
    begins = [match.start() for match in _letter().finditer(line, start, column)]
    return begins[-1] if begins else max(column - 1, 0)


def breaks(line: str, width: int, extra: Sequence[tuple[int, int]] = (), start: int = 0) -> Iterator[int]:
    """Give the columns at which a line goes on in the next row, from a row's beginning on.

    Rows break behind blanks and between ideographs, elsewhere only where a
    word is longer than a row. One blank may hang over a row's end. `extra`
    are columns and the cells of what is drawn before them, in order.
    """
    plain = line.isascii() and "\t" not in line and not extra
    length = len(line)
    while start < length:
        if plain:
            if length - start <= width:
                return
            full = start + width
        else:
            filled = _filled(line, start, width, extra)
            if filled is None:
                return
            full = filled
        at = full + 1 if line[full] == " " else _opportunity(line, start, full)
        if at >= length:
            return
        start = max(at, start + 1)
        yield start


def _filled(line: str, start: int, width: int, extra: Sequence[tuple[int, int]]) -> int | None:
    """Return the first column that does not fit into the row any more; None where all do."""
    reach = width + 1
    while True:
        cells = widths(line[start : start + reach])
        for column, more in extra:
            if start <= column < start + len(cells):
                cells[column - start] += more
        fitting = list(accumulate(cells))
        if fitting[-1] > width:
            return start + next(place for place, total in enumerate(fitting) if total > width)
        if start + reach >= len(line):
            return None
        reach *= 2


def _opportunity(line: str, start: int, full: int) -> int:
    """Return the last column, up to the first that does not fit, at which a row may begin."""
    blank = line.rfind(" ", start, full) + 1
    if not line.isascii():
        for at in range(full, max(blank, start), -1):
            if _apart(line[at - 1], line[at]):
                return at
    return blank if blank > start else max(full, start + 1)


def _apart(before: str, after: str) -> bool:
    """Whether a row may break between two ideographs, or an ideograph and a word."""
    wide = (_WIDTHS[before] == 2 or _WIDTHS[after] == 2) and _WIDTHS[after] > 0
    return (
        wide
        and after not in _NOT_FIRST
        and before not in _NOT_LAST
        and not _COMPOSED.match(after)
        and not _COMPOSED.match(before)
    )
