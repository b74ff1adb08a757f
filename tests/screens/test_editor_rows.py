"""Soft wrap: rows hold all of a line, none is too wide, and wrapping after an edit equals wrapping anew."""

from __future__ import annotations

from itertools import pairwise
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.document._document import Document
from textual.geometry import Offset

from supportterm.screens.widgets import cells
from supportterm.screens.widgets.layout import Layout, Marks

LETTERS = st.text(st.sampled_from("ab  字。「é\u0301🇩🇪👩\u200d💻한.-"), max_size=60)


def rows_of(line: str, width: int, extra: list[tuple[int, int]] | None = None) -> list[str]:
    edges = [0, *cells.breaks(line, width, extra or []), len(line)]
    return [line[a:b] for a, b in pairwise(edges)]


@pytest.mark.parametrize(
    ("line", "width", "rows"),
    [
        ("one two three", 8, ["one two ", "three"]),
        ("one two", 7, ["one two"]),
        ("one two ", 7, ["one two "]),
        ("onetwothree", 4, ["onet", "woth", "ree"]),
        ("字字字字", 5, ["字字", "字字"]),
        ("字字。字", 4, ["字", "字。", "字"]),
        ("ab 字字字 cd", 6, ["ab 字", "字字 ", "cd"]),
        ("e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]),
        ("👩\u200d💻👩\u200d💻", 2, ["👩\u200d💻", "👩\u200d💻"]),
        ("", 5, [""]),
    ],
)
def test_rows_break_where_people_would_break_them(line: str, width: int, rows: list[str]) -> None:
    assert rows_of(line, width) == rows


def test_the_signs_of_a_blank_take_their_cells() -> None:
    assert rows_of("to who now", 9) == ["to who ", "now"]
    assert rows_of("to who now", 9, Marks({3: "‹1 "}, {6: "›"}).extra()) == ["to ", "who ", "now"]


@settings(max_examples=200, deadline=None)
@given(LETTERS, st.integers(2, 12))
def test_no_row_is_too_wide_and_none_loses_a_letter(line: str, width: int) -> None:
    rows = rows_of(line, width)
    assert "".join(rows) == line
    for row in rows:
        assert (
            cell_len(row) <= width + 1 or len(row) == 1 or cell_len(row[: cells.next_letter(row, 0)]) == cell_len(row)
        )
        assert cell_len(row.rstrip(" ")) <= width or cells.next_letter(row, 0) == len(row)


@settings(max_examples=200, deadline=None)
@given(LETTERS, st.integers(2, 9), st.integers(0, 60), st.integers(0, 9), LETTERS)
def test_an_edit_wraps_as_if_anew(line: str, width: int, at: int, length: int, new: str) -> None:
    start = min(at, len(line))
    end = min(start + length, len(line))
    document = Document(line)
    wrapped = Layout(document, width)
    with mock.patch("supportterm.screens.widgets.layout._SHORT", 0):
        after = document.replace_range((0, start), (0, end), new).end_location
        wrapped.wrap_range((0, start), (0, end), after)
    assert wrapped.get_offsets(0) == list(Layout(document, width).get_offsets(0))


@settings(max_examples=100, deadline=None)
@given(st.lists(LETTERS, min_size=1, max_size=4), st.integers(3, 12))
def test_every_place_has_a_cell_that_leads_back_to_it(lines: list[str], width: int) -> None:
    layout = Layout(Document("\n".join(f"a{line}" for line in lines)), width)
    for line, text in enumerate(layout.document.lines):
        column = 0
        while column <= len(text):
            offset = layout.location_to_offset((line, column))
            if layout.row(offset.y) and not (text and column == len(text)):
                assert layout.offset_to_location(Offset(offset.x, offset.y)) == (line, column)
            if column == len(text):
                break
            column = cells.next_letter(text, column)


def test_letters_are_what_people_see() -> None:
    line = "a👩\u200d💻e\u0301🇩🇪"
    stops = [0]
    while stops[-1] < len(line):
        stops.append(cells.next_letter(line, stops[-1]))
    assert stops == [0, 1, 4, 6, 8]
    back = [len(line)]
    while back[-1]:
        back.append(cells.letter_before(line, back[-1]))
    assert back[::-1] == stops
